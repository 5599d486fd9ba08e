/**
 * Synchronizes a worker's clock with that of the thread that spawned it.
 *
 * Each thread counts time from its own start, and the time of that start, its
 * origin, is read from the system's clock, which may have been set in the
 * meantime. So the two threads take turns, in shared memory: the spawner reads
 * its clock before and after the worker reads its own, and derives the origin
 * of the worker's count from the narrowest of several such brackets. A step of
 * the system's clock does not affect this.
 *
 * @module
 */
import { DenoClock } from "../../../herd/net/deno_platform.ts";
import type { Clock } from "../../../herd/net/platform.ts";

/** Values of the first word: whose turn it is. */
const SPAWNER = 0;
const WORKER = 1;
const DONE = 2;

/**
 * The length of one wait in milliseconds; a worker that is to end does so after
 * it.
 */
const WAIT_MS = 100;
/**
 * Milliseconds for the first bracket: the worker's thread may not be running
 * yet.
 */
const FIRST_MS_MAX = 1_000;
/** Milliseconds for the other brackets. */
const OTHERS_MS_MAX = 5;
const BRACKETS_MAX = 12;
/** A bracket of this width is good enough to stop. */
const WIDTH_MS = 0.01;
/**
 * A wider bracket is not good enough: both threads had to wait for a processor.
 * Then more are tried, for as long as the first may take.
 */
const WIDE_MS = 1;

/** A worker's request to have its clock set. */
export interface ClockQuestion {
  readonly kind: "clock";
  /** The start of the worker's thread by the system's clock. */
  readonly timeOriginMs: number;
}

/** The memory shared by one worker and its spawner. */
export function clockMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(24);
}

/** The turn, the worker's reading, and in the end its origin. */
function partsOf(memory: SharedArrayBuffer): {
  readonly turn: Int32Array<SharedArrayBuffer>;
  readonly reading: Float64Array<SharedArrayBuffer>;
  readonly origin: Float64Array<SharedArrayBuffer>;
} {
  return {
    turn: new Int32Array(memory, 0, 1),
    reading: new Float64Array(memory, 8, 1),
    origin: new Float64Array(memory, 16, 1),
  };
}

/**
 * In the worker: asks for the origin of its clock, and waits for the answer:
 * the origin of a {@linkcode DenoClock} that agrees with the spawner's clock.
 *
 * @param ask Posts the question to the spawner.
 */
export function alignedOrigin(
  memory: SharedArrayBuffer,
  ask: (question: ClockQuestion) => void,
): number {
  const { turn, reading, origin } = partsOf(memory);
  const count = new DenoClock(0);
  ask({ kind: "clock", timeOriginMs: new DenoClock().originMs });
  while (Atomics.load(turn, 0) !== DONE) {
    Atomics.wait(turn, 0, SPAWNER, WAIT_MS);
    if (Atomics.load(turn, 0) !== WORKER) continue;
    reading[0] = count.nowMs();
    Atomics.compareExchange(turn, 0, WORKER, SPAWNER);
    Atomics.notify(turn, 0);
  }
  return origin[0]!;
}

/**
 * In the spawner: answers a worker's question, while the worker waits. This
 * blocks for a fraction of a millisecond, or longer on a busy machine.
 */
export function answerClock(
  clock: Clock,
  memory: SharedArrayBuffer,
  { timeOriginMs }: ClockQuestion,
): void {
  const { turn, reading, origin } = partsOf(memory);
  let [leastMs, mostMs] = [-Infinity, Infinity];
  const startMs = clock.nowMs();
  for (let i = 0; mostMs - leastMs > WIDTH_MS; i++) {
    const isWide = mostMs - leastMs > WIDE_MS;
    if (i >= BRACKETS_MAX && !isWide) break;
    const endMs = startMs + (isWide ? FIRST_MS_MAX : OTHERS_MS_MAX);
    const beforeMs = clock.nowMs();
    if (!askReading(clock, turn, endMs)) break;
    leastMs = Math.max(leastMs, beforeMs - reading[0]!);
    mostMs = Math.min(mostMs, clock.nowMs() - reading[0]!);
  }
  // If the system's clock was not set, the worker's own origin is exact.
  const isExact = leastMs <= timeOriginMs && timeOriginMs <= mostMs;
  origin[0] = isExact ? timeOriginMs : (leastMs + mostMs) / 2;
  Atomics.store(turn, 0, DONE);
  Atomics.notify(turn, 0);
}

/** Gives the worker its turn; false if it did not answer in time. */
function askReading(
  clock: Clock,
  turn: Int32Array<SharedArrayBuffer>,
  endMs: number,
): boolean {
  Atomics.store(turn, 0, WORKER);
  Atomics.notify(turn, 0);
  while (Atomics.load(turn, 0) === WORKER) {
    const leftMs = endMs - clock.nowMs();
    if (leftMs <= 0) return false;
    Atomics.wait(turn, 0, WORKER, leftMs);
  }
  return true;
}
