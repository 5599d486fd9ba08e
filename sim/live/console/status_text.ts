/**
 * Formats the status of a herd.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import type { ServerState } from "../../model/lifecycle.ts";
import type { CommandResult } from "../commands/result.ts";
import type { GatewayStatus } from "../commands/gateways.ts";
import type { ServerStatus } from "../servers/status.ts";
import { agoText, type Columns, headedTable, type Paint } from "./tables.ts";

const STATE_COLORS: Readonly<Record<ServerState, number>> = {
  up: 32,
  starting: 33,
  stopping: 33,
  paused: 36,
  stopped: 31,
  crashed: 31,
  wedged: 35,
};

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
  const columns: Columns<ServerStatus> = {
    server: ({ name }) => name,
    address: ({ hostname, port }) => `${hostname}:${port}`,
    state: ({ state }) => state,
    for: ({ sinceMs }) => forText(atMs - sinceMs),
    restarts: ({ restarts }) => String(restarts),
    // No column for links where they can't be observed.
    ...servers.some((it) => it.seesLinks) && {
      "linked to": ({ linked }) => linked.join(", "),
      "not linked to": ({ linked, neighbours }) =>
        neighbours.filter((name) => !linked.includes(name)).join(", "),
    },
  };
  const shown = headedTable(
    servers,
    columns,
    paint,
    ({ state }, head) => head === "state" ? STATE_COLORS[state] : undefined,
  );
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
  const columns: Columns<GatewayStatus> = {
    gateway: ({ server }) => server,
    hub: ({ hub }) =>
      hub === undefined ? "unknown" : hub.isUp ? "connected" : "not connected",
    for: ({ hub }) => hub === undefined ? "" : forText(atMs - hub.sinceMs),
    waiting: ({ hub }) => `${hub?.waiting ?? ""}`,
    published: ({ hub }) => `${hub?.published ?? ""}`,
    merged: ({ hub }) => `${hub?.merged ?? ""}`,
    "put back": ({ hub }) => `${hub?.putBack ?? ""}`,
    "last error": ({ hub, why = "" }) =>
      hub === undefined
        ? visible(why)
        : hub.lastError === undefined
        ? "none"
        : visible(
          `${agoText(atMs - hub.lastError.atMs)}: ${hub.lastError.why}`,
        ),
  };
  return headedTable(gateways, columns, paint);
}
