/**
 * The transport of a step's clients.
 *
 * @module
 */
import * as z from "zod";
import {
  type FurtherVia,
  type Via,
  VIAS,
} from "../../../herd/core/wire/via.ts";

export const via = z.enum(VIAS).exactOptional().meta({
  description:
    "What carries the lines: tcp (default), tls, ws (WebSocket) or udp.",
});

/** The transport in words, if it is not plain TCP. */
export function byWay({ via }: { readonly via?: Via }): string {
  return via === undefined ? "" : ` by ${via}`;
}

/** The ways in that a step's clients need beside plain TCP. */
export function furtherWay(step: object): FurtherVia[] {
  const { via } = step as { readonly via?: Via };
  return via === undefined || via === "tcp" ? [] : [via];
}
