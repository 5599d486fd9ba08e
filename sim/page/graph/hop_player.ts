/**
 * Slows down the updates of followed clients so that they can be seen: many
 * links take less than a millisecond. Keeps their order: a server passes an
 * update on only after it has arrived there.
 *
 * @module
 */
import type { Hop } from "../../model/web/batch.ts";

/** The least time that a hop takes on the screen. */
export const HOP_MS = 450;
/** How long a hop's trace takes to fade. */
export const FADE_MS = 1_400;
/** Hops that are older than this when they are first reported are not shown. */
const OLD_MS = 2_000;
const SHOWN_MAX = 400;

/** A hop, and when it is shown. */
export interface ShownHop {
  hop: Hop;
  readonly fromMs: number;
  /**
   * When it arrives or is lost; infinite if it has not arrived as far as is
   * known.
   */
  toMs: number;
}

/** Schedules hops for display. */
export class HopPlayer {
  readonly #known = new Map<string, ShownHop>();
  /** When updates arrive on the screen, by line, then by server. */
  readonly #arrivals = new Map<string, Map<string, number>>();
  #atMs = -Infinity;

  /** In the order of departure. */
  get shown(): Iterable<ShownHop> {
    return this.#known.values();
  }

  get size(): number {
    return this.#known.size;
  }

  /** Takes the hops known at a moment; `atMs` may jump back. */
  take(hops: readonly Hop[], atMs: number): void {
    const hasJumped = atMs < this.#atMs - 50 || atMs > this.#atMs + OLD_MS;
    if (hasJumped) {
      this.#known.clear();
      this.#arrivals.clear();
    }
    this.#atMs = atMs;
    for (let i = firstSince(hops, atMs - OLD_MS); i < hops.length; i++) {
      this.#takeOne(hops[i]!, hasJumped ? -Infinity : atMs);
    }
    this.#forget(atMs);
  }

  #takeOne(hop: Hop, earliestMs: number): void {
    const key = `${hop.from}>${hop.to} ${hop.sentMs} ${hop.line}`;
    const known = this.#known.get(key);
    if (known?.hop === hop) return;
    const arrivals = this.#arrivalsOf(hop.line);
    if (known !== undefined) {
      known.hop = hop;
      known.toMs = this.#endOf(hop, known.fromMs, arrivals);
      return;
    }
    if (this.#known.size >= SHOWN_MAX) return;
    const cameMs = arrivals.get(hop.from) ?? -Infinity;
    const fromMs = Math.max(hop.sentMs, cameMs, earliestMs);
    const toMs = this.#endOf(hop, fromMs, arrivals);
    this.#known.set(key, { hop, fromMs, toMs });
  }

  #arrivalsOf(line: string): Map<string, number> {
    const arrivals = this.#arrivals.get(line) ?? new Map<string, number>();
    this.#arrivals.set(line, arrivals);
    return arrivals;
  }

  #endOf(hop: Hop, fromMs: number, arrivals: Map<string, number>): number {
    if (hop.readMs === null) return hop.isLost ? fromMs + HOP_MS : Infinity;
    const toMs = Math.max(fromMs + HOP_MS, hop.readMs);
    const known = arrivals.get(hop.to);
    if (hop.isNew && (known === undefined || toMs < known)) {
      arrivals.set(hop.to, toMs);
    }
    return toMs;
  }

  #forget(atMs: number): void {
    for (const [key, { toMs, fromMs }] of this.#known) {
      const endMs = toMs === Infinity ? fromMs + 10 * OLD_MS : toMs;
      if (endMs + FADE_MS < atMs) this.#known.delete(key);
    }
    if (this.#arrivals.size <= SHOWN_MAX) return;
    for (const line of this.#arrivals.keys()) {
      if (this.#arrivals.size <= SHOWN_MAX / 2) break;
      this.#arrivals.delete(line);
    }
  }
}

/**
 * The index of the first hop sent since. Hops are nearly sorted by time, so it
 * searches from the end.
 */
function firstSince(hops: readonly Hop[], sinceMs: number): number {
  let first = hops.length;
  for (let i = hops.length - 1; i >= 0; i--) {
    if (hops[i]!.sentMs >= sinceMs) first = i;
    else if (first - i > 200) break;
  }
  return first;
}
