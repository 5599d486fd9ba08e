/**
 * Whose turn it is, so that a connection that always has input does not keep the
 * thread to itself.
 *
 * The event loop goes on to other sockets only when it has nothing at hand, and
 * a flood always has. So each connection's work is counted; who has done no more
 * than the busy ones goes on at once, and who has lines up. Of those who wait the
 * one that has worked least is let in, for a few milliseconds. So who asks little
 * is served at once, however many floods there are, and floods share the rest.
 *
 * @module
 */
import type { Clock } from "./platform.ts";

/** Bytes of lines and replies that are handled between two looks at the clock. */
const LOOK_BYTES = 16_384;
/**
 * What so many bytes of lines and replies take at most, on a slow machine. What
 * takes longer was not theirs: a collection of garbage, another program. Who was
 * charged for 100 ms of that would stand behind a thousand others until each of
 * them has worked as much.
 */
const BYTES_PER_MS = 4_096;
/** The same of a few bytes, and as a part of a turn. */
const STRETCH_PART = 1 / 16;
/** What one who comes may do before it is behind the others, as a part of a turn. */
const CREDIT_PART = 1 / 4;
/** Fairness between two looks at all sockets, where others have worked too. */
const BUSY_TURNS = 2;
/** The same, where nobody has. */
const LONE_TURNS = 12;
/**
 * Bytes that a link may have handled in any turn. A client that asks the next
 * server as soon as it has its reply is to find its update there, so a usual
 * lot of updates is not cut in two.
 */
const LINK_BYTES = 262_144;
/** The part of all time from which on the thread counts as busy, and over which span. */
const BUSY_PART = 0.6;
const BUSY_SPAN_MS = 50;

/** Each so many-th is let in by its work alone. */
const LET_IN_BY_WORK = 4;

/** Links and clients line up apart, so that a hundred floods delay no link. */
export type Queue = "links" | "clients";

/** Those who wait for their turn, on one server. */
export class Fairness {
  readonly #clock: Clock;
  readonly #lines: Readonly<Record<Queue, Waiting>>;
  readonly #turnMs: number;
  #isDue = false;
  /** When all sockets were looked at. */
  #lookedMs: number;
  #lastWorker: Turn | undefined;
  #areOthers = false;
  /** Work of those who did not line up, less the time since without any work. */
  #freeMs = 0;
  #countedMs: number;
  /** Work of all in the span. */
  #workMs = 0;
  #spanMs: number;
  #isBusy = false;

  /**
   * Nobody waits yet.
   *
   * @param turnMs How long one connection may work before the others' turn.
   */
  constructor(clock: Clock, turnMs: number) {
    this.#clock = clock;
    this.#turnMs = turnMs;
    this.#lookedMs = this.#countedMs = this.#spanMs = clock.nowMs();
    const wake = () => this.#wake();
    const worked = (turn: Turn, ms: number, now: number) =>
      this.#worked(turn, ms, now);
    const mayWork = () =>
      !this.#areOthers || this.#freeMs < BUSY_TURNS * turnMs;
    this.#lines = {
      links: new Waiting(turnMs, LINK_BYTES, wake, worked, mayWork),
      clients: new Waiting(turnMs, 0, wake, worked, mayWork),
    };
  }

  /** Takes work down; whether the thread has been busy of late. */
  #worked(turn: Turn, ms: number, now: number): boolean {
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

  /** The turn of a connection that has just come. */
  join(queue: Queue): Turn {
    return new Turn(this.#clock, this.#lines[queue]);
  }

  /**
   * A timer has the loop wait, and so look at its sockets, but that takes two
   * milliseconds; an immediate takes none, and sockets wait for sixty of them.
   */
  #wake(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const turns = this.#areOthers ? BUSY_TURNS : LONE_TURNS;
    if (this.#clock.nowMs() - this.#lookedMs < turns * this.#turnMs) {
      this.#clock.immediate(this.#next);
    } else this.#clock.after(0, this.#looked);
  }

  readonly #looked = (): void => {
    this.#areOthers = false;
    this.#freeMs = 0;
    this.#lookedMs = this.#clock.nowMs();
    this.#next();
  };

  readonly #next = (): void => {
    this.#isDue = false;
    const { links, clients } = this.#lines;
    links.letIn();
    clients.letIn();
    if (links.size + clients.size > 0) this.#wake();
  };
}

export class Waiting {
  readonly turnMs: number;
  /** Bytes that belong to any turn, however long they take. */
  readonly bytesMin: number;
  /** Takes work down; whether the thread has been busy of late. */
  readonly worked: (turn: Turn, ms: number, now: number) => boolean;
  /**
   * Whether who comes may begin at once. A thousand that come together would
   * each do a little, and keep all others waiting for a thousand times as much.
   */
  readonly mayWork: () => boolean;
  readonly #wake: () => void;
  readonly #waiting = new Map<Turn, () => void>();
  #workedMs = 0;
  #letIns = 0;

  constructor(
    turnMs: number,
    bytesMin: number,
    wake: () => void,
    worked: Waiting["worked"],
    mayWork: () => boolean,
  ) {
    this.mayWork = mayWork;
    this.turnMs = turnMs;
    this.bytesMin = bytesMin;
    this.#wake = wake;
    this.worked = worked;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** What the one that was let in last had worked by then. */
  get workedMs(): number {
    return this.#workedMs;
  }

  /** Resolves when it is this one's turn. */
  wait(turn: Turn): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(turn, resolve);
      this.#wake();
    });
  }

  /** Lets the one in that goes before all others. */
  letIn(): void {
    // A crowd of those who ask little is not to keep all others out.
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

/** How much a connection has worked, and may yet. */
export class Turn {
  readonly #clock: Clock;
  readonly #line: Waiting;
  /** Counted from where the others were when it came. */
  #workedMs: number;
  #limitMs: number;
  /** What it took beside that since it was let in, but is not charged for. */
  #lostMs = 0;
  #isFree = true;
  /** Bytes that it began with, if they were all it had sent. */
  #askedBytes = Infinity;
  #letIn: Promise<void> | undefined;
  /** When it began to work, or ended. */
  #sinceMs: number;
  /** What it has handled, and from where on it is not yet counted. */
  #bytes = 0;
  #place = 0;
  #lookAt = 0;

  constructor(clock: Clock, line: Waiting) {
    this.#clock = clock;
    this.#line = line;
    this.#sinceMs = clock.nowMs();
    this.#workedMs = line.workedMs;
    this.#limitMs = line.workedMs + line.turnMs * CREDIT_PART;
  }

  /** Milliseconds that it has worked, from where the others were when it came. */
  get workedMs(): number {
    return this.#workedMs;
  }

  /**
   * Who asks least goes first, then, of those with more than was read, who has
   * worked least. A thousand floods leave each so small a share of the time that
   * who asks now and then, and waits for its reply, would work more than that.
   */
  goesBefore(other: Turn): boolean {
    return this.#askedBytes < other.#askedBytes ||
      this.#askedBytes === Infinity && other.#askedBytes === Infinity &&
        this.#workedMs < other.#workedMs;
  }

  /** Whether it works though it did not line up. */
  get isFree(): boolean {
    return this.#isFree;
  }

  /** Whether it must line up before it goes on. */
  get isOver(): boolean {
    return this.#workedMs + this.#lostMs >= this.#limitMs &&
      this.#bytes >= this.#line.bytesMin;
  }

  /**
   * It begins to work on a chunk of lines, at this place of it.
   *
   * @param askedBytes How much it has sent, if the chunk is all of it: it may then
   * do a little at once, and goes before those who ask more where it has to line
   * up.
   */
  begin(place: number, askedBytes = Infinity): void {
    const now = this.#clock.nowMs();
    const idleMs = now - this.#sinceMs;
    this.#sinceMs = now;
    this.#place = place;
    this.#lookAt = place + LOOK_BYTES;
    const isBusy = this.#line.worked(this, 0, now);
    const { turnMs, workedMs, size } = this.#line;
    // Who was let in has a whole turn, in however many chunks.
    if (!this.#isFree && !this.isOver && idleMs < turnMs) return;
    this.#isFree = true;
    this.#lostMs = 0;
    // Where there is time for all, work is forgotten.
    if (size === 0 && !isBusy) this.#workedMs -= idleMs;
    const least = workedMs - turnMs * CREDIT_PART;
    if (this.#workedMs < least) this.#workedMs = least;
    this.#limitMs = workedMs + (size === 0 ? turnMs : 0);
    this.#askedBytes = askedBytes;
    if (askedBytes < Infinity) {
      const credit = this.#workedMs + turnMs * CREDIT_PART;
      this.#limitMs = Math.max(this.#limitMs, credit);
    }
    if (this.#line.mayWork()) return;
    this.#limitMs = -Infinity;
    this.#lookAt = place;
  }

  /** Whether it has done so much that it is to be asked whether it may go on. */
  isDue(place: number): boolean {
    return place >= this.#lookAt;
  }

  /** It has come to this place; whether it may go on. */
  mayGoOn(place: number): boolean {
    if (place < this.#lookAt) return true;
    this.#lookAt = place + LOOK_BYTES;
    this.end(place);
    return !this.isOver;
  }

  /** It stops at this place. */
  end(place: number): void {
    const now = this.#clock.nowMs();
    const ms = now - this.#sinceMs;
    const bytes = place - this.#place;
    const { turnMs } = this.#line;
    const ownMs = Math.min(ms, turnMs * STRETCH_PART + bytes / BYTES_PER_MS);
    this.#workedMs += ownMs;
    this.#lostMs += ms - ownMs;
    this.#sinceMs = now;
    this.#bytes += bytes;
    this.#place = place;
    this.#line.worked(this, ms, now);
  }

  /** Does work that counts: at once, or if others wait, when it may go on. */
  charge(work: () => void): void {
    const isLate = this.isOver && this.#line.size > 0;
    if (!isLate) return this.#charge(work);
    this.next().then(() => this.#charge(work));
  }

  #charge(work: () => void): void {
    const beganMs = this.#clock.nowMs();
    work();
    const now = this.#clock.nowMs();
    const ms = now - beganMs;
    this.#workedMs += Math.min(ms, this.#line.turnMs);
    this.#line.worked(this, ms, now);
  }

  /** Its input has run dry, so others have their turn anyway. */
  rest(): void {
    this.#bytes = 0;
  }

  /** Lines up, unless it does already, until it is its turn. */
  next(): Promise<void> {
    return this.#letIn ??= this.#next();
  }

  async #next(): Promise<void> {
    await this.#line.wait(this);
    this.#letIn = undefined;
    this.#limitMs = this.#workedMs + this.#line.turnMs;
    this.#lostMs = 0;
    this.#bytes = 0;
    this.#isFree = false;
    this.#sinceMs = this.#clock.nowMs();
  }
}
