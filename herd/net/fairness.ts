/**
 * Whose turn it is, so that a connection that always has input does not
 * monopolize the thread.
 *
 * The event loop polls other sockets only when it has no work left, and a flood
 * always provides work. So the work of each connection is measured: one that
 * has done no more than the busy ones continues at once, and one that has must
 * queue. Of those that wait, the one that has worked least gets the next turn,
 * for a few milliseconds. So a client that asks little is served at once,
 * however many floods there are, and floods share the rest.
 *
 * @module
 */
import type { Clock } from "./platform.ts";

/** Bytes of lines and replies handled between two readings of the clock. */
const LOOK_BYTES = 16_384;
/**
 * The slowest rate at which lines and replies are handled, on a slow machine.
 * Any time beyond that was not theirs, but the garbage collector's or another
 * program's. A connection charged for 100 ms of that would stand behind a
 * thousand others until each of them has worked as long.
 */
const BYTES_PER_MS = 4_096;
/** The same allowance for few bytes, as a part of a turn. */
const STRETCH_PART = 1 / 16;
/** What a new connection may do before it must queue, as a part of a turn. */
const CREDIT_PART = 1 / 4;
/**
 * Turns between two polls of all sockets, if several connections have worked.
 */
const BUSY_TURNS = 2;
/** The same, if only one has. */
const LONE_TURNS = 12;
/**
 * Bytes that a link may handle in any turn. A client that asks the next server
 * as soon as it has its reply should find its update there, so a usual lot of
 * updates is not split.
 */
const LINK_BYTES = 262_144;
/**
 * The share of time from which on the thread counts as busy, and the span in
 * which it is measured.
 */
const BUSY_PART = 0.6;
const BUSY_SPAN_MS = 50;

/** Every fourth turn goes by work alone. */
const LET_IN_BY_WORK = 4;

/**
 * Links and clients queue separately, so that a hundred floods delay no link.
 */
export type Queue = "links" | "clients";

/** The connections of one server that wait for their turn. */
export class Fairness {
  readonly clock: Clock;
  /** How long one connection may work before the others' turn. */
  readonly turnMs: number;
  readonly #lines: Readonly<Record<Queue, Waiting>> = {
    links: new Waiting(this, LINK_BYTES),
    clients: new Waiting(this, 0),
  };
  #isDue = false;
  /** When all sockets were last polled. */
  #lookedMs: number;
  #lastWorker: Turn | undefined;
  #areOthers = false;
  /** Work done without queueing, less the idle time since. */
  #freeMs = 0;
  #countedMs: number;
  /** Work of all connections in the span. */
  #workMs = 0;
  #spanMs: number;
  #isBusy = false;

  constructor(clock: Clock, turnMs: number) {
    this.clock = clock;
    this.turnMs = turnMs;
    this.#lookedMs = this.#countedMs = this.#spanMs = clock.nowMs();
  }

  /**
   * Whether new connections may begin at once. If a thousand came together,
   * each doing a little would keep all others waiting for a thousand times as
   * long.
   */
  get mayWork(): boolean {
    return !this.#areOthers || this.#freeMs < BUSY_TURNS * this.turnMs;
  }

  /** Counts work; returns whether the thread has recently been busy. */
  worked(turn: Turn, ms: number, now: number): boolean {
    this.#areOthers ||= this.#lastWorker !== turn;
    this.#lastWorker = turn;
    this.#workMs += ms;
    const idleMs = now - this.#countedMs - ms;
    this.#countedMs = now;
    this.#freeMs = Math.max(0, this.#freeMs - idleMs);
    if (turn.isFree) this.#freeMs += ms;
    const spanMs = now - this.#spanMs;
    if (spanMs >= BUSY_SPAN_MS) {
      this.#isBusy = this.#workMs > spanMs * BUSY_PART;
      this.#workMs = 0;
      this.#spanMs = now;
    }
    return this.#isBusy;
  }

  /** Makes the turn of a new connection. */
  join(queue: Queue): Turn {
    return new Turn(this, this.#lines[queue]);
  }

  /**
   * A timer lets the loop poll its sockets, but takes two milliseconds. An
   * immediate takes none, but sockets are not polled until sixty of them have
   * run.
   */
  wake(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const turns = this.#areOthers ? BUSY_TURNS : LONE_TURNS;
    if (this.clock.nowMs() - this.#lookedMs < turns * this.turnMs) {
      this.clock.immediate(this.#next);
    } else this.clock.after(0, this.#looked);
  }

  readonly #looked = (): void => {
    this.#areOthers = false;
    this.#freeMs = 0;
    this.#lookedMs = this.clock.nowMs();
    this.#next();
  };

  readonly #next = (): void => {
    this.#isDue = false;
    const { links, clients } = this.#lines;
    links.letIn();
    clients.letIn();
    if (links.size + clients.size > 0) this.wake();
  };
}

export class Waiting {
  readonly #fairness: Fairness;
  /** Bytes that any turn may handle, however long they take. */
  readonly bytesMin: number;
  readonly #waiting = new Map<Turn, () => void>();
  #workedMs = 0;
  #letIns = 0;

  constructor(fairness: Fairness, bytesMin: number) {
    this.#fairness = fairness;
    this.bytesMin = bytesMin;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** The work of the connection that got the last turn, at that time. */
  get workedMs(): number {
    return this.#workedMs;
  }

  wait(turn: Turn): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(turn, resolve);
      this.#fairness.wake();
    });
  }

  /** Gives the next turn. */
  letIn(): void {
    // A crowd of clients that ask little must not keep all others out.
    const isByWork = ++this.#letIns % LET_IN_BY_WORK === 0;
    let least: Turn | undefined;
    for (const turn of this.#waiting.keys()) {
      const isBefore = least === undefined ||
        (isByWork ? turn.workedMs < least.workedMs : turn.goesBefore(least));
      if (isBefore) least = turn;
    }
    if (least === undefined) return;
    this.#workedMs = Math.max(this.#workedMs, least.workedMs);
    const letIn = this.#waiting.get(least)!;
    this.#waiting.delete(least);
    letIn();
  }
}

/** How much a connection has worked, and how much more it may. */
export class Turn {
  readonly #fairness: Fairness;
  readonly #line: Waiting;
  /** Counted from the level of the others when it connected. */
  #workedMs: number;
  #limitMs: number;
  /** Time in this turn that it is not charged for. */
  #lostMs = 0;
  #isFree = true;
  /** Bytes that it began with, if they were all it had sent. */
  #askedBytes = Infinity;
  #letIn: Promise<void> | undefined;
  /** When it began to work, or stopped. */
  #sinceMs: number;
  /** Bytes handled, and the place up to which they are counted. */
  #bytes = 0;
  #place = 0;
  #lookAt = 0;

  constructor(fairness: Fairness, line: Waiting) {
    this.#fairness = fairness;
    this.#line = line;
    this.#sinceMs = fairness.clock.nowMs();
    this.#workedMs = line.workedMs;
    this.#limitMs = line.workedMs + fairness.turnMs * CREDIT_PART;
  }

  /**
   * Milliseconds of work, counted from the level of the others at the start.
   */
  get workedMs(): number {
    return this.#workedMs;
  }

  /**
   * The one that asks least goes first; among those with more input than was
   * read, the one that has worked least. With a thousand floods the share of
   * each is so small that a client that asks now and then, and waits for its
   * reply, would exceed it.
   */
  goesBefore(other: Turn): boolean {
    return this.#askedBytes < other.#askedBytes ||
      this.#askedBytes === Infinity && other.#askedBytes === Infinity &&
        this.#workedMs < other.#workedMs;
  }

  /** Whether it works without having queued. */
  get isFree(): boolean {
    return this.#isFree;
  }

  /** Whether it must queue before it continues. */
  get isOver(): boolean {
    return this.#workedMs + this.#lostMs >= this.#limitMs &&
      this.#bytes >= this.#line.bytesMin;
  }

  /**
   * Begins work on a chunk of lines, at this place of it.
   *
   * @param askedBytes How much it has sent, if the chunk is all of it: then it
   * may do a little at once, and goes before those that ask more if it must
   * queue.
   */
  begin(place: number, askedBytes = Infinity): void {
    const now = this.#fairness.clock.nowMs();
    const idleMs = now - this.#sinceMs;
    this.#sinceMs = now;
    this.#place = place;
    this.#lookAt = place + LOOK_BYTES;
    const isBusy = this.#fairness.worked(this, 0, now);
    const { turnMs } = this.#fairness;
    const { workedMs, size } = this.#line;
    // One that was given a turn has all of it, in however many chunks.
    if (!this.#isFree && !this.isOver && idleMs < turnMs) return;
    this.#isFree = true;
    this.#lostMs = 0;
    // With time for everybody, past work is forgotten.
    if (size === 0 && !isBusy) this.#workedMs -= idleMs;
    const least = workedMs - turnMs * CREDIT_PART;
    if (this.#workedMs < least) this.#workedMs = least;
    this.#limitMs = workedMs + (size === 0 ? turnMs : 0);
    this.#askedBytes = askedBytes;
    if (askedBytes < Infinity) {
      const credit = this.#workedMs + turnMs * CREDIT_PART;
      this.#limitMs = Math.max(this.#limitMs, credit);
    }
    if (this.#fairness.mayWork) return;
    this.#limitMs = -Infinity;
    this.#lookAt = place;
  }

  /** Whether {@linkcode Turn.mayGoOn} has to be asked. */
  isDue(place: number): boolean {
    return place >= this.#lookAt;
  }

  /** Counts the work up to this place; returns whether it may continue. */
  mayGoOn(place: number): boolean {
    if (place < this.#lookAt) return true;
    this.#lookAt = place + LOOK_BYTES;
    this.end(place);
    return !this.isOver;
  }

  /** Stops at this place. */
  end(place: number): void {
    const now = this.#fairness.clock.nowMs();
    const ms = now - this.#sinceMs;
    const bytes = place - this.#place;
    const { turnMs } = this.#fairness;
    const ownMs = Math.min(ms, turnMs * STRETCH_PART + bytes / BYTES_PER_MS);
    this.#workedMs += ownMs;
    this.#lostMs += ms - ownMs;
    this.#sinceMs = now;
    this.#bytes += bytes;
    this.#place = place;
    this.#fairness.worked(this, ms, now);
  }

  /** Does work that counts: at once, or, if others wait, in its turn. */
  charge(work: () => void): void {
    const isLate = this.isOver && this.#line.size > 0;
    if (!isLate) return this.#charge(work);
    this.next().then(() => this.#charge(work));
  }

  #charge(work: () => void): void {
    const beganMs = this.#fairness.clock.nowMs();
    work();
    const now = this.#fairness.clock.nowMs();
    const ms = now - beganMs;
    this.#workedMs += Math.min(ms, this.#fairness.turnMs);
    this.#fairness.worked(this, ms, now);
  }

  /** It has no input left, so others get their turn anyway. */
  rest(): void {
    this.#bytes = 0;
  }

  /** Queues, unless it does already; resolves when its turn comes. */
  next(): Promise<void> {
    return this.#letIn ??= this.#next();
  }

  async #next(): Promise<void> {
    await this.#line.wait(this);
    this.#letIn = undefined;
    this.#limitMs = this.#workedMs + this.#fairness.turnMs;
    this.#lostMs = 0;
    this.#bytes = 0;
    this.#isFree = false;
    this.#sinceMs = this.#fairness.clock.nowMs();
  }
}
