/**
 * Reports each line between servers to listeners, soon after it passed.
 *
 * Servers record lines into memory that this thread reads from time to time: a
 * message for each would cost more than the line. While nobody listens, nothing
 * is recorded.
 *
 * @module
 */
import type { Timer } from "../../../herd/net/platform.ts";
import { every } from "../../../herd/net/timing.ts";
import type { EventHub, Listener } from "../../model/event_hub.ts";
import type { HerdEvent, HerdIncident } from "../../model/events.ts";
import {
  type TraceMemory,
  traceMemory,
  TraceReader,
} from "../../model/trace.ts";
import type { HerdProxies } from "../proxies/herd_proxies.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import { tracedPeers } from "../../worlds/world.ts";
import { recordedBy } from "./traces.ts";

const LOOK_MS = 50;
/** A server gets new memory once it has filled this much. */
const MEMORY_BYTES = 4_194_304;
/**
 * The memory's size: it may be filled up to here in the meantime; lines without
 * room are counted.
 */
const MEMORY_BYTES_MAX = 67_108_864;

/** What servers record as well as lines, but report at once. */
const TOLD_AT_ONCE: ReadonlySet<HerdIncident["kind"]> = new Set(
  [
    "link-up",
    "link-down",
    "link-refused",
    "dial-failed",
    "synced",
    "sync-repair",
    "line-unfinished",
    "time-ahead",
  ] as const,
);

export interface LineSources {
  readonly supervisor: Supervisor;
  readonly events: EventHub<HerdEvent>;
  /** They record if everything is recorded, for the end of a drill. */
  readonly proxies: HerdProxies;
}

export class LineFeed {
  readonly #sources: LineSources;
  readonly #lines: EventHub<HerdEvent>;
  #listeners = 0;
  /** By the memory that each reads. */
  readonly #readers = new Map<TraceMemory, TraceReader>();
  /** The memory into which each server records for this feed. */
  readonly #memories = new Map<string, SharedArrayBuffer>();
  /** How many lines without room were reported for each. */
  readonly #leftOut = new WeakMap<TraceReader, number>();
  /** Ends of connections that were reported to be open. */
  readonly #open = new Set<string>();
  #timer: Timer | undefined;
  #states: Disposable | undefined;

  /** Starts without listeners; events go to `lines`. */
  constructor(sources: LineSources, lines: EventHub<HerdEvent>) {
    this.#sources = sources;
    this.#lines = lines;
  }

  /**
   * Calls a listener with lines from now on, until the result is disposed of.
   */
  subscribe(listener: Listener<HerdEvent>): Disposable {
    const own = this.#lines.subscribe(listener);
    if (this.#listeners++ === 0) this.#begin();
    let isOn = true;
    return {
      [Symbol.dispose]: () => {
        own[Symbol.dispose]();
        if (!isOn) return;
        isOn = false;
        if (--this.#listeners === 0) this.#end();
      },
    };
  }

  #begin(): void {
    const { supervisor, events, proxies } = this.#sources;
    this.#timer = every(supervisor.platform.clock, LOOK_MS, () => this.#look());
    if (proxies.isTraced) {
      // Earlier lines are skipped, but not which connections they belong to.
      this.#findRecorded();
      for (const reader of this.#readers.values()) {
        for (const _ of reader.read());
      }
      return;
    }
    this.#states = events.subscribe((event) => {
      if (event.kind !== "state" || event.state !== "up") return;
      void this.#record(event.server);
    });
    for (const server of supervisor.up()) void this.#record(server);
  }

  #end(): void {
    this.#readers.clear();
    this.#open.clear();
    for (const server of this.#memories.keys()) {
      void this.#ask(server, undefined);
    }
    this.#memories.clear();
    this.stop();
  }

  /** Reports what has passed by now, and no more: the herd ends. */
  stop(): void {
    if (this.#listeners > 0) this.#look();
    this.#timer?.cancel();
    this.#states?.[Symbol.dispose]();
  }

  #findRecorded(): void {
    const { supervisor, proxies } = this.#sources;
    for (const it of recordedBy(supervisor, proxies.trace)) {
      const { server, neighbours, memory } = it;
      if (this.#readers.has(memory)) continue;
      this.#readers.set(memory, new TraceReader(server, neighbours, memory));
    }
  }

  /**
   * Makes a server record into new memory; if it does not obey, nothing is
   * lost.
   */
  async #record(server: string): Promise<void> {
    const names = tracedPeers(this.#sources.supervisor.child(server).start);
    const memory = traceMemory(MEMORY_BYTES_MAX);
    const before = this.#memories.get(server);
    this.#memories.set(server, memory);
    await this.#ask(server, memory);
    // It no longer writes to the old memory: the rest of that is reported
    // first.
    const reader = before && this.#readers.get(before);
    if (before !== undefined && reader !== undefined) {
      this.#tell(reader);
      this.#readers.delete(before);
    }
    if (this.#memories.get(server) !== memory) return;
    this.#readers.set(memory, new TraceReader(server, names, memory));
  }

  async #ask(
    server: string,
    memory: SharedArrayBuffer | undefined,
  ): Promise<void> {
    try {
      await this.#sources.supervisor.ask(server, { ask: "trace", memory });
    } catch {
      // It is down or paused, and is asked again once it is up.
    }
  }

  #look(): void {
    if (this.#sources.proxies.isTraced) this.#findRecorded();
    for (const reader of this.#readers.values()) this.#tell(reader);
    for (const [server, memory] of this.#memories) {
      const { bytes = 0 } = this.#readers.get(memory) ?? {};
      if (bytes > MEMORY_BYTES) void this.#record(server);
    }
  }

  #tell(reader: TraceReader): void {
    for (const event of reader.read()) {
      if (this.#isNews(event)) this.#lines.tell(event);
    }
    const { leftOut } = reader;
    const lines = leftOut - (this.#leftOut.get(reader) ?? 0);
    if (lines === 0) return;
    this.#leftOut.set(reader, leftOut);
    const { server } = reader;
    const atMs = this.#sources.supervisor.platform.clock.nowMs();
    this.#lines.tell({ atMs, kind: "lines-left-out", server, lines });
  }

  #isNews(event: HerdEvent): boolean {
    if (event.kind !== "connection") return !TOLD_AT_ONCE.has(event.kind);
    const key = `${event.server} ${event.connection}`;
    // Open connections are written again into new memory.
    if (!event.isOpen) return this.#open.delete(key);
    const isNew = !this.#open.has(key);
    this.#open.add(key);
    return isNew;
  }
}
