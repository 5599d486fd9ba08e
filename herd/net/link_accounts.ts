/**
 * Counters of each link, over all its connections.
 *
 * @module
 */
import type { LinkCounts } from "../core/link/link_watcher.ts";
import type { LinkStats } from "./account.ts";
import { type Bytes, sumOfBytes } from "./bytes_carried.ts";

/** A link that is up: the counters of its node and its connection. */
export type LiveLink = LinkCounts & Bytes;

const NONE: LiveLink = {
  linesIn: 0,
  linesOut: 0,
  queued: 0,
  waitedS: 0,
  bytesIn: 0,
  bytesOut: 0,
};

interface Account {
  ups: number;
  syncs: number;
  repairs: number;
  lastSyncMs: number | null;
  /** Sums of the connections that have ended. */
  past: Pick<LiveLink, "linesIn" | "linesOut" | "bytesIn" | "bytesOut">;
}

export class LinkAccounts {
  readonly #byPeer: ReadonlyMap<string, Account>;

  constructor(peers: Iterable<string>) {
    const opened = (peer: string) =>
      [
        peer,
        { ups: 0, syncs: 0, repairs: 0, lastSyncMs: null, past: NONE },
      ] as const;
    this.#byPeer = new Map([...peers].map(opened));
  }

  #of(peer: string): Account {
    return this.#byPeer.get(peer)!;
  }

  up(peer: string): void {
    this.#of(peer).ups++;
  }

  /** A connection of a link has ended, with these counters. */
  over(peer: string, live: LiveLink): void {
    const account = this.#of(peer);
    account.past = sum(account.past, live);
  }

  synced(peer: string, atMs: number): void {
    const account = this.#of(peer);
    account.syncs++;
    account.lastSyncMs = atMs;
  }

  /** A fix was found lost, and is sent again. */
  repaired(peer: string): void {
    this.#of(peer).repairs++;
  }

  /** All counters; `liveOf` provides those of links that are up. */
  stats(liveOf: (peer: string) => LiveLink | undefined): LinkStats[] {
    return [...this.#byPeer].map(([peer, { past, ...counts }]) => {
      const live = liveOf(peer);
      const { queued, waitedS } = live ?? NONE;
      const isUp = live !== undefined;
      const sums = sum(past, live ?? NONE);
      return { peer, isUp, ...sums, queued, waitedS, ...counts };
    });
  }
}

function sum(a: Account["past"], b: Account["past"]): Account["past"] {
  return {
    linesIn: a.linesIn + b.linesIn,
    linesOut: a.linesOut + b.linesOut,
    ...sumOfBytes([a, b]),
  };
}
