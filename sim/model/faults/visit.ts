/**
 * Connections of hostile clients that each have one purpose, such as to be kept.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";
import type { Via } from "../../../herd/core/wire/via.ts";
import type { Random } from "../random.ts";

/** What is sent over a connection of its own. */
export interface Visit {
  readonly bytes: ByteString;
  /** What comes back begins with one of these; if empty, nothing may. */
  readonly answers: readonly ByteString[];
  /** Whether it is kept, in silence, until the server closes it. */
  readonly isKept?: true;
  /** Whether it is sent again and again, and nothing that comes is read. */
  readonly isDeaf?: true;
}

/** The ways in by which there are connections that can be kept. */
export const KEPT_BY: readonly Via[] = ["tcp", "ws"];

const NONCE_BYTES = 16;
/** One in so many asks and never listens. */
const DEAF_EVERY = 64;
const DEAF_LINES = 10_000;
/** Bytes of halves of lines that are held: more than lines that are right. */
const HALF_BYTES_MIN = 300;
const HALF_BYTES_MAX = 900;
/** So much of one that is too long for a server it repeats at least. */
const HEAD_BYTES = 250;

/** A connection that is kept, and for which a server needs room. */
export function keptVisit(
  random: Random,
  server: string,
  neighbours: readonly string[],
): Visit {
  const isKept = true;
  if (random.below(DEAF_EVERY) === 0) {
    const bytes = "HELLO\n".repeat(DEAF_LINES);
    return { bytes, answers: [], isKept, isDeaf: true };
  }
  switch (random.below(8)) {
    case 0:
      return { bytes: "HELLO\n", answers: ["? HELLO\n"], isKept };
    case 1:
    case 2:
      return { bytes: "", answers: [], isKept };
    case 3:
    case 4: {
      const nonce = bytesFrom(random, NONCE_BYTES).toHex();
      const from = random.pick([...neighbours, "Mallory"]);
      const line = `PEER 1 ${from} ${server} ${nonce}\n`;
      return { bytes: line, answers: ["CHAL ", `? ${line}`], isKept };
    }
    default: {
      // The end of input would end the line, and this is none.
      const bytes = HALF_BYTES_MIN +
        random.below(HALF_BYTES_MAX - HALF_BYTES_MIN);
      const half = "WHATSAT ".padEnd(bytes, "x");
      return {
        bytes: half,
        answers: [`? ${half.slice(0, HEAD_BYTES)}`],
        isKept,
      };
    }
  }
}

/** Drawn bytes. */
export function bytesFrom(random: Random, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => random.below(256));
}
