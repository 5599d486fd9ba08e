/**
 * Observes the lines between servers for the watchers of a herd, while they are
 * few enough: reporting each line costs the servers and this thread time.
 *
 * @module
 */
import type { HerdEvent } from "../../model/events.ts";
import type { Hop, SeenFix } from "../../model/web/batch.ts";
import { FixBook } from "../../model/web/fix_book.ts";
import { clientOf } from "../../model/line_events.ts";
import { HopWatch } from "../../model/web/hop_watch.ts";
import type { Herd } from "../herd/herd.ts";
import { upIn } from "./herd_views.ts";

/** Above `off` lines a second observation stops; below `on` it resumes. */
const LINES_PER_SECOND = { off: 15_000, on: 10_000 };
/** The same for updates, each of which moves a client on the map. */
const UPDATES_PER_SECOND = { off: 3_000, on: 2_000 };
/** The most fixes in a batch, and in a first one. */
const FIXES_MAX = 200;
const FIRST_FIXES_MAX = 1_000;
/** Records are requested from servers only up to this number. */
const RECORDS_MAX = 5_000;

/** What was observed between two batches. */
export interface Heard {
  /** The hops of followed clients' updates. */
  readonly hops: readonly Hop[];
  /** The newest fixes that changed. */
  readonly fixes: readonly SeenFix[];
  /** How many more clients changed. */
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

  constructor(herd: Herd) {
    this.#herd = herd;
    this.#book = this.#newBook();
  }

  /** Whether lines are observed. */
  get isOn(): boolean {
    return this.#heard !== undefined;
  }

  /** Sets the clients whose updates are reported link by link. */
  follow(clients: ReadonlySet<string>): void {
    this.#followed = clients;
  }

  /** Whether the world can observe updates at all. */
  get #isSeeing(): boolean {
    return this.#herd.world.sees.has("deliveries");
  }

  /** Starts or stops observing, by the rates of the last second. */
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
    void this.#ask(upIn(this.#herd.status()));
  }

  /** Requests servers' records, if they are few enough. */
  async #ask(servers: readonly string[]): Promise<void> {
    const book = this.#book;
    try {
      const all = await Promise.all(servers.map(async (name) => {
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
      // A server has ended in the meantime: from now on its lines are observed.
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

  /** A server has ended, and lost its records. */
  lost(server: string): void {
    this.#book.lost(server);
  }

  /** A server is up again, with what it has from its disk, if it has one. */
  returned(server: string): void {
    if (this.isOn && this.#herd.keeping.hasDisks) void this.#ask([server]);
  }

  /** What was observed since the last call. */
  take(up: readonly string[], nowMs: number): Heard {
    if (!this.isOn) return NOTHING;
    const { fixes, leftOut } = this.#book.takeChanged(up, FIXES_MAX);
    return { hops: this.#hops.take(nowMs), fixes, fixesLeftOut: leftOut };
  }

  /** How long updates took that reached all servers since the last call. */
  takePropagatedMs(): number[] {
    return this.#book.takePropagatedMs();
  }

  /** The newest fixes known. */
  newest(up: readonly string[]): SeenFix[] {
    return this.isOn ? this.#book.newest(up, FIRST_FIXES_MAX) : [];
  }

  /** Why updates are not shown one by one; `undefined` if they are. */
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

  stop(): void {
    this.#heard?.[Symbol.dispose]();
    this.#heard = undefined;
  }
}
