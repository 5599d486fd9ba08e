/**
 * Puts a history together: each thread has recorded its events in order of
 * time, and there may be millions of them.
 *
 * @module
 */
import type { History, HistoryEvent } from "./history.ts";

/** Collects events from several threads, and orders them. */
export class HistoryBuilder {
  #events: HistoryEvent[] = [];
  /** Where stretches begin that are in order of time. */
  #starts: number[] = [];
  #lastMs = Infinity;

  get length(): number {
    return this.#events.length;
  }

  /** Adds an event. Events with equal times keep the order of the calls. */
  record(event: HistoryEvent): void {
    if (!(event.atMs >= this.#lastMs)) this.#starts.push(this.#events.length);
    this.#lastMs = event.atMs;
    this.#events.push(event);
  }

  /** All events so far, in order of time. */
  events(): History {
    if (this.#starts.length > 1) {
      this.#events = merged(this.#events, this.#starts);
      this.#starts = [0];
      this.#lastMs = this.#events.at(-1)!.atMs;
    }
    return this.#events.slice();
  }
}

/**
 * Merges stretches, two and two, until one is left. It compares numbers that
 * stand beside each other, which is much faster than to sort the events.
 */
function merged(
  events: readonly HistoryEvent[],
  starts: readonly number[],
): HistoryEvent[] {
  const times = new Float64Array(events.length);
  let order = new Uint32Array(events.length);
  for (let at = 0; at < events.length; at++) {
    times[at] = events[at]!.atMs;
    order[at] = at;
  }
  let next = new Uint32Array(events.length);
  while (starts.length > 1) {
    const longer: number[] = [];
    for (let stretch = 0; stretch < starts.length; stretch += 2) {
      let left = starts[stretch]!;
      const leftEnd = starts[stretch + 1] ?? events.length;
      const end = starts[stretch + 2] ?? events.length;
      let right = leftEnd;
      longer.push(left);
      for (let to = left; to < end; to++) {
        const isLeft = right === end ||
          left < leftEnd && times[order[left]!]! <= times[order[right]!]!;
        next[to] = isLeft ? order[left++]! : order[right++]!;
      }
    }
    [order, next] = [next, order];
    starts = longer;
  }
  const inOrder: HistoryEvent[] = [];
  for (const at of order) inOrder.push(events[at]!);
  return inOrder;
}
