/**
 * Time that passes by what happens: a queue of events, each of which is the
 * next moment. Between two of them nothing is waited for but that all that
 * follows from the first, in microtasks, has come to its end.
 *
 * Whoever awaits only what events bring is thus led by the queue alone, and
 * does the same each time.
 *
 * @module
 */
import TinyQueue from "tinyqueue";
import type { Timer } from "../../../herd/net/platform.ts";
import { afterMicrotasks } from "./engine.ts";
import type { Pace } from "./pace.ts";

/** Milliseconds since the epoch at which each virtual world begins. */
const BEGIN_MS = 1_700_000_000_000;
/** Events for each of which a turn is asked for at once, which takes less. */
const TURNS = 64;

/** Something that is to happen; nothing, once it was cancelled. */
class Due implements Timer {
  constructor(
    readonly atMs: number,
    readonly number: number,
    public run: (() => void) | undefined,
  ) {}

  cancel(): void {
    this.run = undefined;
  }
}

/** Virtual time, from its beginning on. It goes on while anything is due. */
export class VirtualTime {
  #nowMs = BEGIN_MS;
  readonly #due = new TinyQueue<Due>(
    [],
    (a, b) => a.atMs - b.atMs || a.number - b.number,
  );
  #asked = 0;
  #turnsLeft = 0;
  #outside = 0;
  readonly #pace: Pace | undefined;
  #isWaiting = false;

  /** By default it passes as fast as what happens can be carried out. */
  constructor(pace?: Pace) {
    this.#pace = pace;
  }

  /** Milliseconds since the epoch. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Has something happen so many milliseconds from now. */
  after(ms: number, run: () => void): Timer {
    return this.at(this.#nowMs + Math.max(0, ms), run);
  }

  /** Has something happen at a time; of two at the same, what was asked first. */
  at(atMs: number, run: () => void): Timer {
    const due = new Due(atMs, this.#asked++, run);
    this.#due.push(due);
    this.#goOn();
    return due;
  }

  /** Stands still until work of the real machine is done. */
  async outside<T>(work: Promise<T>): Promise<T> {
    this.#outside++;
    try {
      return await work;
    } finally {
      this.#outside--;
      this.#goOn();
    }
  }

  #goOn(): void {
    if (this.#turnsLeft > 0 || this.#outside > 0) return;
    if (this.#pace !== undefined && this.#waits(this.#pace)) return;
    this.#turnsLeft = TURNS;
    for (let i = 0; i < TURNS; i++) afterMicrotasks(this.#turn);
  }

  /** Whether nothing is to happen yet; it is then looked at again. */
  #waits(pace: Pace): boolean {
    if (this.#isWaiting) return true;
    const next = this.#due.peek();
    if (next === undefined || !pace.isEarly(next.atMs)) return false;
    this.#isWaiting = true;
    pace.look(() => {
      this.#isWaiting = false;
      this.#goOn();
    });
    return true;
  }

  readonly #turn = (): void => {
    this.#turnsLeft--;
    if (this.#outside === 0) this.#happen();
    if (this.#turnsLeft === 0 && this.#due.length > 0) this.#goOn();
  };

  #happen(): void {
    if (this.#pace?.isEarly(this.#due.peek()?.atMs ?? 0)) return;
    for (let next = this.#due.pop(); next; next = this.#due.pop()) {
      const { run, atMs } = next;
      if (run === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, atMs);
      next.run = undefined;
      return run();
    }
  }
}
