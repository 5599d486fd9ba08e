/**
 * What makes a server a gateway to a hub.
 *
 * @module
 */
import type { Outbox } from "../../core/hub/outbox.ts";
import { linkLineBytesMax } from "../../core/limits.ts";
import type { HubOptions } from "./hub.ts";
import { HubLink } from "./hub_link.ts";
import type { ServerParts } from "../server_parts.ts";
import type { ServerOptions } from "../server_options.ts";

/**
 * The link to the hub, not yet connected.
 *
 * @throws {TypeError} If the server can't be a gateway.
 */
export function gatewayTo(
  hub: HubOptions,
  { name, mode }: ServerOptions,
  parts: ServerParts,
  outbox: Outbox,
): HubLink {
  if (parts.platform.openHub === undefined) {
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
    ...parts,
    name,
    outbox,
    fixBytesMax: linkLineBytesMax(parts.limits) - endBytes,
  });
  outbox.onWaiting = () => link.wake();
  return link;
}
