/**
 * Constants that decide which code runs: from how many clients on sums are
 * compared, how long a list is, how soon a tick comes. They change nothing that
 * a client could see, so users do not set them; but with few clients and in a
 * few seconds, much code is never reached with the default values, so a drill
 * may set others.
 *
 * @module
 */

/** The allowed values of a constant. */
interface TuningRange {
  readonly usual: number;
  readonly min: number;
  readonly max: number;
  /** Whether it must be a power of two. */
  readonly isPower?: true;
}

/** All constants. Times are in milliseconds. */
export const TUNING = {
  /**
   * With fewer clients, buckets are not worth their memory, nor a sync by them.
   */
  bucketsFrom: { usual: 2_000, min: 1, max: 10_000 },
  /** Lines of one list of a sync: live updates are sent between two lists. */
  listLines: { usual: 256, min: 1, max: 1_024 },
  /** Clients that a queue has room for at first. */
  queueSlots: { usual: 64, min: 1, max: 1_024, isPower: true },
  /** Slots of the index at first; at most half of them are used. */
  indexSlots: { usual: 64, min: 16, max: 1_024, isPower: true },
  /** Fixes hashed in one preparing step: a millisecond or two. */
  tidyFixes: { usual: 8_192, min: 1, max: 65_536 },
  /** Heartbeats between two checks of an idle link. */
  checkHeartbeats: { usual: 30, min: 4, max: 60 },
  /** Milliseconds between two heartbeats of links. */
  heartbeatMs: { usual: 1_000, min: 100, max: 2_000 },
  /** A tick, the unit in which dissemination modes measure time. */
  tickMs: { usual: 50, min: 5, max: 100 },
  /** Before the second dial. */
  redialMsMin: { usual: 50, min: 1, max: 200 },
  /** Before each dial, once many have failed. */
  redialMsMax: { usual: 2_000, min: 200, max: 2_000 },
  /**
   * Bytes of one write to a link: live updates are sent between two of them.
   */
  pullBytes: { usual: 65_536, min: 1, max: 65_536 },
  /** Bytes of a file of the journal, after which another one is begun. */
  segmentBytes: { usual: 67_108_864, min: 1_024, max: 67_108_864 },
  /**
   * Microseconds that pass in virtual time whenever a server looks at its
   * clock, as it does for each piece of work. Elsewhere work takes as long as
   * it takes.
   */
  workUs: { usual: 0, min: 0, max: 2_000 },
  /**
   * Heartbeats of a link before duplicates on it prune a tree: until then, most
   * of them come from the sync.
   */
  settledHeartbeats: { usual: 2, min: 0, max: 8 },
} as const satisfies Readonly<Record<string, TuningRange>>;

/** The constants; all ends of links must have the same `heartbeatMs`. */
export type Tuning = Readonly<Record<keyof typeof TUNING, number>>;

export const TUNING_KEYS = Object.keys(TUNING) as (keyof Tuning)[];

export const DEFAULT_TUNING: Tuning = Object.fromEntries(
  TUNING_KEYS.map((key) => [key, TUNING[key].usual]),
) as Tuning;

/** Whether a constant may have this value. */
export function isTuning(key: keyof Tuning, value: number): boolean {
  const { min, max, isPower }: TuningRange = TUNING[key];
  return Number.isInteger(value) && value >= min && value <= max &&
    (!isPower || Number.isInteger(Math.log2(value)));
}

/**
 * The defaults, with some replaced.
 *
 * @throws {RangeError} If a value is not allowed.
 */
export function tuned(told: Partial<Tuning> = {}): Tuning {
  for (const key of TUNING_KEYS) {
    const value = told[key];
    if (value === undefined || isTuning(key, value)) continue;
    throw new RangeError(`Cannot run with ${key} ${value}`);
  }
  return { ...DEFAULT_TUNING, ...told };
}
