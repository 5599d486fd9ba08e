/**
 * Formats the status of a herd.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import { table } from "../../model/command/table.ts";
import type { ServerState } from "../../model/lifecycle.ts";
import type { CommandResult } from "../commands/result.ts";
import type { GatewayStatus } from "../commands/gateways.ts";
import type { ServerStatus } from "../servers/status.ts";
import { agoText, BOLD, headedTable, type Paint } from "./tables.ts";

const STATE_COLORS: Readonly<Record<ServerState, number>> = {
  up: 32,
  starting: 33,
  stopping: 33,
  paused: 36,
  stopped: 31,
  crashed: 31,
  wedged: 35,
};

/** The neighbours with a link that is up, and those without. */
function linkTexts({ linked, neighbours }: ServerStatus): string[] {
  const others = neighbours.filter((name) => !linked.includes(name));
  return [linked.join(", "), others.join(", ")];
}

function forText(ms: number): string {
  return `${Math.max(0, ms / 1_000).toFixed(1)} s`;
}

/** The status of each server, and of each gateway. */
export function statusText(
  { servers, gateways = [], mode, atMs }: Extract<
    CommandResult,
    { event: "status" }
  >,
  paint: Paint,
): string {
  // No column for links where they can't be observed.
  const seesLinks = servers.some((it) => it.seesLinks);
  const rows = servers.map((one) => [
    one.name,
    `${one.hostname}:${one.port}`,
    one.state,
    forText(atMs - one.sinceMs),
    String(one.restarts),
    ...seesLinks ? linkTexts(one) : [],
  ]);
  const head = [
    "server",
    "address",
    "state",
    "for",
    "restarts",
    ...seesLinks ? ["linked to", "not linked to"] : [],
  ];
  const shown = table([head, ...rows], (cell, row, column) => {
    if (row === 0) return paint(cell, BOLD);
    const { state } = servers[row - 1]!;
    return head[column] === "state" ? paint(cell, STATE_COLORS[state]) : cell;
  });
  return [
    shown,
    ...gateways.length > 0 ? [gatewaysText(gateways, atMs, paint)] : [],
    ...mode !== undefined ? [`mode ${mode}`] : [],
  ].join("\n");
}

function gatewaysText(
  gateways: readonly GatewayStatus[],
  atMs: number,
  paint: Paint,
): string {
  const rows = gateways.map(({ server, hub, why = "" }) => {
    if (hub === undefined) {
      return [server, "unknown", "", "", "", "", "", visible(why)];
    }
    const { isUp, sinceMs, lastError } = hub;
    return [
      server,
      isUp ? "connected" : "not connected",
      forText(atMs - sinceMs),
      ...[hub.waiting, hub.published, hub.merged, hub.putBack].map(String),
      lastError === undefined
        ? "none"
        : visible(`${agoText(atMs - lastError.atMs)}: ${lastError.why}`),
    ];
  });
  return headedTable(
    [
      "gateway",
      "hub",
      "for",
      "waiting",
      "published",
      "merged",
      "put back",
      "last error",
    ],
    rows,
    paint,
  );
}
