/**
 * What a greedy client sends: one line again and again, as fast as a server
 * takes it.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";
import type { Range } from "../numbers.ts";

/** What greedy clients may send; see docs/scenarios.md. */
export const GREEDY_LINES = ["iamats", "garbage", "ids", "numbers"] as const;

/** A kind of line that a greedy client repeats. */
export type GreedyLines = typeof GREEDY_LINES[number];

/** Connections to each server, by default. */
export const GREEDY_CLIENTS = 1;

/** Ranges of the numbers of such a flood. */
export const GREEDY_RANGES = {
  clients: { min: 1, max: 100, isWhole: true },
} satisfies Record<string, Range>;

const LONG_BYTES = 60_000;
const NUMBER_BYTES = 30_000;
const POSITION = "+34.068930-118.445127";

/** What is sent to a server, without line ends. */
export interface GreedyTalk {
  /** Sent once at the beginning; absent for garbage. */
  readonly first?: ByteString;
  readonly again: ByteString;
  /** How each reply begins. */
  readonly reply: ByteString;
}

/**
 * What a greedy client sends to a server.
 *
 * All servers would have to record an IAMAT that is newer than the held one. So
 * it repeats an old position, which costs as much to read and to acknowledge,
 * and is not stored.
 */
export function greedyTalk(sends: GreedyLines, server: string): GreedyTalk {
  const iamat = (seconds: number) =>
    `IAMAT greedy-${server} ${POSITION} ${seconds}`;
  const refused = (again: ByteString) => ({ again, reply: "? " });
  switch (sends) {
    case "iamats":
      return { first: iamat(2), again: iamat(1), reply: "AT " };
    case "garbage":
      return refused("x".repeat(LONG_BYTES));
    case "ids":
      return refused(`IAMAT ${"y".repeat(LONG_BYTES)} ${POSITION} 1`);
    case "numbers":
      return refused(`WHATSAT greedy ${"1".repeat(NUMBER_BYTES)} 5`);
  }
}
