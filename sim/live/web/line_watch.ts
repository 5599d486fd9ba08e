/**
 * Hears of the lines between servers for those who watch a herd, as long as they
 * are few enough: to tell of each costs servers and this thread something.
 *
 * @module
 */
import type { HerdEvent } from "../../model/events.ts";
import type { Hop, SeenFix } from "../../model/web/batch.ts";
import { FixBook } from "../../model/web/fix_book.ts";
import { clientOf } from "../../model/line_events.ts";
import { HopWatch } from "../../model/web/hop_watch.ts";
import type { Herd } from "../herd/herd.ts";

/** Above so many lines a second they are heard of no more; below, again. */
const LINES_PER_SECOND = { off: 15_000, on: 10_000 };
/** Likewise of updates, each of which is a client on the map. */
const UPDATES_PER_SECOND = { off: 3_000, on: 2_000 };
/** Fixes of one batch, and of a first one. */
const FIXES_MAX = 200;
const FIRST_FIXES_MAX = 1_000;
/** What servers hold is asked for only if it is no more than that. */
const RECORDS_MAX = 5_000;

/** What is heard of lines between two batches. */
export interface Heard {
  /** Updates of followed clients, link by link. */
  readonly hops: readonly Hop[];
  /** Newest fixes that changed. */
  readonly fixes: readonly SeenFix[];
  /** Clients that changed and are not among them. */
  readonly fixesLeftOut: number;
}

const NOTHING: Heard = { hops: [], fixes: [], fixesLeftOut: 0 };

/** Lines between servers, while somebody watches and they are few enough. */
export class LineWatch {
  readonly #herd: Herd;
  #heard: Disposable | undefined;
  #hops = new HopWatch();
  #book: FixBook;
  #leftOut = 0;
  #followed: ReadonlySet<string> = new Set();

  /** Nobody listens. */
  constructor(herd: Herd) {
    this.#herd = herd;
    this.#book = this.#newBook();
  }

  /** Whether lines are heard of. */
  get isOn(): boolean {
    return this.#heard !== undefined;
  }

  /** The clients whose updates are told link by link, from now on. */
  follow(clients: ReadonlySet<string>): void {
    this.#followed = clients;
  }

  /** Whether updates can be seen on their way at all. */
  get #isSeeing(): boolean {
    return this.#herd.world.sees.has("deliveries");
  }

  /** Listens or does not, by how much there was in the last second. */
  adapt(linesPerSecond: number, updatesPerSecond: number): void {
    if (!this.#isSeeing) return;
    const limit = this.isOn ? "off" : "on";
    const isTooMuch = linesPerSecond > LINES_PER_SECOND[limit] ||
      updatesPerSecond > UPDATES_PER_SECOND[limit];
    if (isTooMuch) this.stop();
    else if (!this.isOn) this.#begin();
  }

  #begin(): void {
    this.#hops = new HopWatch();
    this.#book = this.#newBook();
    this.#heard = this.#herd.subscribe((event) => this.#hear(event), {
      lines: true,
    });
    void this.#askAll();
  }

  /** What servers hold by now, unless it is much. */
  async #askAll(): Promise<void> {
    const book = this.#book;
    const up = this.#herd.status().filter(({ state }) => state === "up");
    try {
      const all = await Promise.all(up.map(async ({ name }) => {
        const { records } = await this.#herd.stats(name);
        return { name, records };
      }));
      const total = all.reduce((sum, { records }) => sum + records, 0);
      if (total > RECORDS_MAX) return;
      for (const { name } of all) {
        const its = await this.#herd.records(name);
        book.holds(name, its.map(({ line }) => line));
      }
    } catch {
      // One has ended meanwhile: what comes from now on is heard of.
    }
  }

  #newBook(): FixBook {
    return new FixBook(this.#herd.mode === "ondemand");
  }

  #hear(event: HerdEvent): void {
    switch (event.kind) {
      case "delivery":
        this.#book.delivered(event, event.atMs);
        if (!this.#isFollowed(event.line)) return;
        return this.#hops.delivered(event, event.atMs);
      case "sent":
        if (!this.#isFollowed(event.line)) return;
        return this.#hops.sent(event, event.atMs);
      case "connection":
        if (event.isOpen) return;
        return this.#hops.ended(event.connection, event.atMs);
      case "lines-left-out":
        this.#leftOut += event.lines;
    }
  }

  #isFollowed(line: string): boolean {
    return this.#followed.size > 0 && this.#followed.has(clientOf(line));
  }

  /** A server has ended, and what it held with it. */
  lost(server: string): void {
    this.#book.lost(server);
  }

  /** What was heard since this was asked last. */
  take(up: readonly string[], nowMs: number): Heard {
    if (!this.isOn) return NOTHING;
    const { fixes, leftOut } = this.#book.takeChanged(up, FIXES_MAX);
    return { hops: this.#hops.take(nowMs), fixes, fixesLeftOut: leftOut };
  }

  /** How long updates took that came to all servers since this was asked. */
  takePropagatedMs(): number[] {
    return this.#book.takePropagatedMs();
  }

  /** The newest fixes that are known. */
  newest(up: readonly string[]): SeenFix[] {
    return this.isOn ? this.#book.newest(up, FIRST_FIXES_MAX) : [];
  }

  /** Why updates are not seen one by one; `undefined`: they are. */
  takeUnseen(): string | undefined {
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    if (!this.#isSeeing) {
      return "What these servers say to each other can't be seen from outside.";
    }
    if (!this.isOn) {
      return "Too many updates to see each. Flows and figures go on.";
    }
    return leftOut === 0
      ? undefined
      : `${leftOut} lines came too fast to be seen.`;
  }

  /** Hears of no more lines. */
  stop(): void {
    this.#heard?.[Symbol.dispose]();
    this.#heard = undefined;
  }
}
