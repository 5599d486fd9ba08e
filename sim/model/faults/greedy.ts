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

/** One of them. */
export type GreedyLines = typeof GREEDY_LINES[number];

/** Connections to each server, by default. */
export const GREEDY_CLIENTS = 1;

/** From what to what the numbers of such a flood may be. */
export const GREEDY_RANGES = {
  clients: { min: 1, max: 100, isWhole: true },
} satisfies Record<string, Range>;

const LONG_BYTES = 60_000;
const NUMBER_BYTES = 30_000;
const POSITION = "+34.068930-118.445127";

/** What is told a server, without the lines' ends. */
export interface GreedyTalk {
  /** At first, once; nothing where all is garbage. */
  readonly first?: ByteString;
  readonly again: ByteString;
  /** What each reply to it begins with. */
  readonly reply: ByteString;
}

/**
 * What a greedy client tells a server.
 *
 * An IAMAT that is newer than what is held would have to be recorded by all
 * servers. So it tells where it was before, which costs as much to read and to
 * acknowledge, and is stored nowhere.
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
