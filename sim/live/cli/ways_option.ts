/**
 * The option `--ways`: further ways in for clients, besides plain TCP.
 *
 * @module
 */
import { type FurtherVia, VIAS } from "../../../herd/core/wire/via.ts";
import { oneOf, UsageError } from "./usage_error.ts";

const WAYS = VIAS.filter((via): via is FurtherVia => via !== "tcp");

/** The section of `--help`. */
export const WAYS_HELP = `\
  --ways LIST         ways in for clients beside plain TCP, with commas between:
                      ${WAYS.join(", ")} (WebSocket, datagrams); the ports are
                      the topology's, else free ones`;

/**
 * The ways in that a text lists.
 *
 * @throws {UsageError} If it lists others, or if there is no folder for the
 * certificate that TLS clients have to trust.
 */
export function waysOf(
  text: string | undefined,
  { hasLog }: { readonly hasLog: boolean },
): { readonly ways?: readonly FurtherVia[] } {
  if (text === undefined) return {};
  const ways = text.split(",").map((word) => oneOf("ways", word.trim(), WAYS));
  if (ways.includes("tls") && !hasLog) {
    throw new UsageError(
      "--ways tls: whom its clients are to trust is told in the folder of the " +
        "logs, so not with --no-log",
    );
  }
  return { ways: [...new Set(ways)] };
}
