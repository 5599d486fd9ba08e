/**
 * One direction of one connection through a link's proxy: bytes are read from
 * one socket and written to the other when the active faults allow it.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import { type ByteString, joined } from "../../../herd/core/bytes/bytes.ts";
import type { LinkSocket } from "../../worlds/host.ts";
import { DURATION_MS_MAX } from "../../model/duration.ts";
import { type Outcome, Renumbering } from "../../model/link/altered.ts";
import { LineStream } from "../../model/faults/line_stream.ts";
import {
  type DirectionFaults,
  dueWithout,
} from "../../model/link/direction_faults.ts";
import type { Due, Parcel, Passing } from "../../model/steps/link_fault.ts";

/** A timer may fire a millisecond late; what is due by then is sent with it. */
const TIMER_MS = 1;
/** When so many bytes are held, reading from the sender pauses. */
const HELD_BYTES_MAX = 1_048_576;

/** What has passed in one direction of a link. */
export interface Traffic {
  /** Bytes read from the sender. */
  bytesIn: number;
  /** The chunks in which these were read. */
  chunks: number;
  /** Bytes sent on. */
  bytesOut: number;
  /** Connections that the sender has opened. */
  connections: number;
}

export const NO_TRAFFIC: Readonly<Traffic> = {
  bytesIn: 0,
  chunks: 0,
  bytesOut: 0,
  connections: 0,
};

/** One direction of a link, with its faults, over all its connections. */
export interface Direction {
  readonly clock: Clock;
  /** Such as `Alford>Parker`. */
  readonly name: string;
  /** The active faults. */
  readonly faults: DirectionFaults;
  readonly flows: Set<Flow>;
  readonly traffic: Traffic;
  /** Called with what happened to a line that a fault acted on. */
  readonly onAltered: (connection: string, outcome: Outcome) => void;
}

type End = "end" | "reset";

/** Gets the events of a flow. */
export interface FlowWatcher {
  /** When its connection was dialled. */
  readonly connectedMs: number;
  /** Called when nothing more will be sent. */
  onDone(): void;
  /** Called with the first line of the stream. */
  onFirstLine(line: ByteString): void;
  /**
   * Called with what happened to a line that a fault acted on, before it is
   * sent.
   */
  onAltered(outcome: Outcome): void;
}

export class Flow {
  readonly #clock: Clock;
  readonly #direction: Direction;
  readonly #source: LinkSocket;
  readonly #watcher: FlowWatcher;
  readonly #numbers = new Renumbering();
  #sink: LinkSocket | undefined;
  readonly #stream: LineStream;
  #queue: Parcel[] = [];
  #queuedBytes = 0;
  #end: Due & { readonly how: End } | undefined;
  #isWriting = false;
  #isDone = false;
  #timer: Timer | undefined;

  /** Starts to read from `source`. */
  constructor(direction: Direction, source: LinkSocket, watcher: FlowWatcher) {
    this.#clock = direction.clock;
    this.#direction = direction;
    this.#source = source;
    this.#watcher = watcher;
    this.#stream = new LineStream((line) => watcher.onFirstLine(line));
    direction.flows.add(this);
    source.on("data", (chunk: Uint8Array) => this.#onData(chunk));
    source.on("end", () => this.#onEnd("end"));
    source.on("close", () => this.#onEnd("reset"));
  }

  /** Whether everything was sent, or there is nowhere to send it. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Starts to write to `sink`. */
  open(sink: LinkSocket): void {
    this.#sink = sink;
    sink.on("close", () => this.#finish());
    this.pump();
  }

  #onData(chunk: Uint8Array): void {
    if (this.#isDone) return;
    const { faults, traffic } = this.#direction;
    traffic.bytesIn += chunk.length;
    traffic.chunks++;
    const atMs = this.#clock.nowMs();
    faults.touchHolding(this.#watcher.connectedMs);
    for (const piece of this.#stream.feed(chunk, faults.anyOfLines)) {
      for (const one of faults.pass(piece, this)) this.#take(one, atMs);
    }
    this.pump();
    if (this.#queuedBytes > HELD_BYTES_MAX) this.#source.pause();
  }

  #take(passing: Passing, atMs: number): void {
    const outcome = this.#numbers.take(passing);
    if (outcome !== undefined) this.#watcher.onAltered(outcome);
    if (!passing.isDropped) this.#queueUp(passing.bytes, atMs);
  }

  #queueUp(bytes: Uint8Array, atMs: number): void {
    const { faults } = this.#direction;
    for (const parcel of faults.schedule(bytes, atMs, this)) {
      // Queued bytes are copied: the buffer that they were read into is reused.
      this.#queue.push({ ...parcel, bytes: parcel.bytes.slice() });
      this.#queuedBytes += parcel.bytes.length;
    }
  }

  /**
   * A fault has ended: sends the line that it held, if any, and lifts its
   * delays.
   */
  release(id: string, held: Passing | undefined): void {
    const atMs = this.#clock.nowMs();
    if (held !== undefined) this.#take(held, atMs);
    if (!this.#direction.faults.anyOfLines) this.#flush(atMs);
    this.#queue = this.#queue.map((parcel) => dueWithout(parcel, id));
    if (this.#end !== undefined) this.#end = dueWithout(this.#end, id);
  }

  /** Passes on an incomplete line. */
  #flush(atMs: number): void {
    for (const piece of this.#stream.flush()) {
      this.#take({ ...piece, by: [], isDropped: false }, atMs);
    }
  }

  #onEnd(how: End): void {
    if (this.#end !== undefined || this.#isDone) return;
    const { faults } = this.#direction;
    const atMs = this.#clock.nowMs();
    for (const line of faults.releaseHeld(this)) this.#take(line, atMs);
    this.#flush(atMs);
    faults.touchHolding(this.#watcher.connectedMs);
    this.#end = { how, ...faults.scheduleEnd(atMs) };
    this.pump();
    // A dial that the neighbour never saw can end here. But what was sent before
    // an orderly end is still delivered when possible, although the sender has
    // gone.
    const isEmpty = how === "reset" || this.#queue.length === 0;
    if (this.#sink === undefined && isEmpty) this.#finish();
  }

  /** Sends what is due, unless it is held, and schedules the rest. */
  pump(): void {
    this.#timer?.cancel();
    const sink = this.#sink;
    if (this.#isDone || this.#isWriting || sink === undefined) return;
    if (this.#direction.faults.isHeld(this.#watcher.connectedMs)) return;
    const byMs = this.#clock.nowMs() + TIMER_MS / 2;
    const parcels = this.#dueBy(byMs);
    if (parcels.length > 0) this.#write(sink, parcels);
    else if (this.#queue.length > 0) this.#sleepUntil(this.#queue[0]!.dueMs);
    else if (this.#end !== undefined) {
      if (this.#end.dueMs > byMs) this.#sleepUntil(this.#end.dueMs);
      else this.#pass(sink, this.#end.how);
    }
  }

  /**
   * Removes what is due from the queue: a slice alone, anything else together.
   */
  #dueBy(byMs: number): Parcel[] {
    const [first] = this.#queue;
    if (first?.isApart && first.dueMs <= byMs) return this.#queue.splice(0, 1);
    const rest = this.#queue.findIndex(({ dueMs, isApart }) =>
      isApart || dueMs > byMs
    );
    return this.#queue.splice(0, rest < 0 ? Infinity : rest);
  }

  #sleepUntil(dueMs: number): void {
    const ms = Math.max(0, Math.round(dueMs - this.#clock.nowMs() - TIMER_MS));
    // Delays may add up to more than a timer can take; then several follow each
    // other.
    const waitMs = Math.min(ms, DURATION_MS_MAX);
    this.#timer = this.#clock.after(waitMs, () => this.pump());
  }

  /** One write at a time, so that little is in flight when a cut begins. */
  #write(sink: LinkSocket, parcels: readonly Parcel[]): void {
    const { faults, traffic } = this.#direction;
    const all = joined(parcels.map(({ bytes }) => bytes));
    const { isLast, bytes } = faults.limit(all, this);
    this.#isWriting = true;
    this.#queuedBytes -= all.length;
    traffic.bytesOut += bytes.length;
    sink.write(bytes, () => {
      this.#isWriting = false;
      if (isLast) return this.#close(sink);
      if (this.#queuedBytes <= HELD_BYTES_MAX) this.#source.resume();
      this.pump();
    });
  }

  #pass(sink: LinkSocket, how: End): void {
    if (how === "end") sink.end();
    else sink.resetAndDestroy();
    this.#finish();
  }

  #close(sink: LinkSocket): void {
    sink.end();
    this.#source.destroy();
    this.#finish();
  }

  #finish(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#timer?.cancel();
    this.#queue = [];
    this.#direction.flows.delete(this);
    this.#direction.faults.releaseHeld(this);
    // The source has to be read on, or its end would never be noticed.
    this.#source.resume();
    this.#watcher.onDone();
  }
}
