/**
 * What makes a server a gateway to a hub.
 *
 * @module
 */
import { HUB, type Outbox } from "../../core/hub/outbox.ts";
import { type Limits, linkLineBytesMax } from "../../core/limits.ts";
import type { FixSpan } from "../../core/wire/fix.ts";
import { type HubHost, HubLink } from "./hub_link.ts";
import type { ServerOptions } from "../server_options.ts";

/** What a gateway needs from its server. */
export interface GatewayHost extends
  Pick<
    HubHost,
    "platform" | "log" | "limitLog" | "tasks" | "flush" | "onEvent"
  > {
  readonly limits: Pick<Limits, "lineBytesMax">;
  /** As for links; see `PeersOptions`. */
  readonly onConnection: (
    peer: string,
    connection: string,
    isOpen: boolean,
  ) => void;
  /** See `Effects.sent`. */
  readonly onSent: (fix: FixSpan, to: string, number: number) => void;
}

/**
 * The link to the hub, not yet connected; `undefined` if the server has no hub.
 *
 * @throws {TypeError} If the server can't be a gateway.
 */
export function gatewayTo(
  { hub, name, mode }: ServerOptions,
  host: GatewayHost,
  outbox: Outbox | undefined,
): HubLink | undefined {
  if (hub === undefined || outbox === undefined) return undefined;
  if (host.platform.openHub === undefined) {
    throw new TypeError("Cannot be a gateway: this machine knows no hub");
  }
  if (mode === "ondemand") {
    throw new TypeError(
      "Cannot be a gateway in mode ondemand: there updates stay where they " +
        "were made",
    );
  }
  const names = [name, ...hub.herd].map(({ length }) => length);
  // On a link it is followed by a space, the sender's name and a line feed.
  const endBytes = Math.max(...names) + 2;
  const link = new HubLink(hub, {
    ...host,
    name,
    outbox,
    fixBytesMax: linkLineBytesMax(host.limits) - endBytes,
    onConnection: (connection, isOpen) =>
      host.onConnection(HUB, connection, isOpen),
    onSent: (fix) => host.onSent(fix, HUB, 0),
  });
  outbox.onWaiting = () => link.wake();
  return link;
}
