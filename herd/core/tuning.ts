/**
 * Constants that decide which code runs: how much there must be before sums are
 * compared, how long a list is, how soon a tick comes. They change nothing that a
 * client could see, so nobody sets them; but with a few clients and a few seconds
 * much code is never reached by their usual values, and a drill may use others.
 *
 * @module
 */

/** What one of them may be. */
interface TuningRange {
  readonly usual: number;
  readonly min: number;
  readonly max: number;
  /** Whether it must be a power of two. */
  readonly isPower?: true;
}

/** All of them, and what each may be. Times are in milliseconds. */
export const TUNING = {
  /** With fewer clients, buckets are not worth their memory, nor a sync by them. */
  bucketsFrom: { usual: 2_000, min: 1, max: 10_000 },
  /** Lines of one list of a sync: live updates pass between two lists. */
  listLines: { usual: 256, min: 1, max: 1_024 },
  /** Clients that a queue has room for at first. */
  queueSlots: { usual: 64, min: 1, max: 1_024, isPower: true },
  /** Clients that the index has room for at first, twice over. */
  indexSlots: { usual: 64, min: 16, max: 1_024, isPower: true },
  /** Fixes that are hashed in one go beforehand: a millisecond or two. */
  tidyFixes: { usual: 8_192, min: 1, max: 65_536 },
  /** Heartbeats between two checks of an idle link. */
  checkHeartbeats: { usual: 30, min: 4, max: 60 },
  /** From one heartbeat of links to the next. */
  heartbeatMs: { usual: 1_000, min: 100, max: 2_000 },
  /** A tick, in which modes of dissemination count. */
  tickMs: { usual: 50, min: 5, max: 100 },
  /** Before the first of several dials. */
  redialMsMin: { usual: 50, min: 1, max: 200 },
  /** Before each dial, if many have failed. */
  redialMsMax: { usual: 2_000, min: 200, max: 2_000 },
  /** Bytes of one write to a link: live updates pass between two of them. */
  pullBytes: { usual: 65_536, min: 1, max: 65_536 },
} as const satisfies Readonly<Record<string, TuningRange>>;

/** The constants; all ends of links must have the same `heartbeatMs`. */
export type Tuning = Readonly<Record<keyof typeof TUNING, number>>;

export const TUNING_KEYS = Object.keys(TUNING) as (keyof Tuning)[];

/** What they are, unless a drill says otherwise. */
export const DEFAULT_TUNING: Tuning = Object.fromEntries(
  TUNING_KEYS.map((key) => [key, TUNING[key].usual]),
) as Tuning;

/** Whether a constant may be so. */
export function isTuning(key: keyof Tuning, value: number): boolean {
  const { min, max, isPower }: TuningRange = TUNING[key];
  return Number.isInteger(value) && value >= min && value <= max &&
    (!isPower || Number.isInteger(Math.log2(value)));
}

/** All of them, some as they are told. @throws {RangeError} If one can't be so. */
export function tuned(told: Partial<Tuning> = {}): Tuning {
  for (const key of TUNING_KEYS) {
    const value = told[key];
    if (value === undefined || isTuning(key, value)) continue;
    throw new RangeError(`Cannot run with ${key} ${value}`);
  }
  return { ...DEFAULT_TUNING, ...told };
}
