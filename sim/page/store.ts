/**
 * What the views show: the herd now, a moment that has passed, or a moment of a
 * run from a file. Nothing here needs a browser.
 *
 * @module
 */
import type { Batch } from "../model/web/batch.ts";
import { Recording } from "./recording.ts";
import type { Moment, Snapshot } from "./snapshot.ts";

/** Holds what is shown, and tells when it is something else. */
export class Store {
  /** What the live herd went through. */
  #live = new Recording("live");
  #shown: Recording = this.#live;
  /** A moment that has passed; `undefined`: the latest is shown. */
  #past: { moment: Moment; count: number } | undefined;
  readonly #listeners = new Set<(current: Snapshot) => void>();
  #isChanged = false;

  /** The herd at the time shown. */
  get current(): Snapshot {
    return this.#past?.moment ?? this.#shown.latest;
  }

  /** What the live herd went through. */
  get live(): Recording {
    return this.#live;
  }

  /** What is shown of: the live herd, or a run from a file. */
  get shown(): Recording {
    return this.#shown;
  }

  /** Hears when `current` has changed, once a frame at most. */
  subscribe(listener: (current: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells of what has changed, if something has; called once a frame. */
  flush(): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    for (const listener of [...this.#listeners]) listener(this.current);
  }

  /** The live herd went on. */
  append(batch: Batch): void {
    if (batch.id <= this.#live.latest.batch) return;
    this.#live.append(batch);
    if (this.#shown === this.#live && this.#past === undefined) this.touch();
  }

  /** Another herd lives at this address: nothing is known of it yet. */
  forget(): void {
    const wasShown = this.#shown === this.#live;
    this.#live = new Recording("live");
    if (wasShown) this.show(this.#live);
  }

  /** Shows the latest moment, of the live herd unless told of a recording. */
  show(recording: Recording = this.#live): void {
    this.#shown = recording;
    this.#past = undefined;
    this.touch();
  }

  /** Shows the moment after so many batches of what is shown. */
  showAt(count: number): void {
    if (this.#past?.count === count) return;
    const moment = this.#shown.momentAt(count, this.#past);
    this.#past = { moment, count };
    this.touch();
  }

  /** What is shown is to be looked at again. */
  touch(): void {
    this.#isChanged = true;
  }
}
