/**
 * The state that the views show: the herd now, a past moment, or a moment of a
 * run from a file. Nothing here needs a browser.
 *
 * @module
 */
import type { Batch } from "../model/web/batch.ts";
import { Listeners } from "./listeners.ts";
import { Recording } from "./recording.ts";
import type { Moment, Snapshot } from "./snapshot.ts";

/** Holds the state that is shown, and notifies when it changes. */
export class Store {
  #live = new Recording("live");
  #shown: Recording = this.#live;
  /** The past moment that is shown; `undefined` when the latest is. */
  #past: { moment: Moment; count: number } | undefined;
  readonly #listeners = new Listeners<[current: Snapshot]>();
  #isChanged = false;

  get current(): Snapshot {
    return this.#past?.moment ?? this.#shown.latest;
  }

  get live(): Recording {
    return this.#live;
  }

  /** The live herd's recording, or a run from a file. */
  get shown(): Recording {
    return this.#shown;
  }

  /** Calls `listener` when `current` has changed, at most once a frame. */
  subscribe(
    listener: (current: Snapshot) => void,
    signal?: AbortSignal,
  ): void {
    this.#listeners.add(listener, signal);
  }

  /** Notifies the listeners if something has changed; called once a frame. */
  flush(): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    this.#listeners.tell(this.current);
  }

  /** Adds a batch of the live herd. One that is already in is ignored. */
  append(batch: Batch): void {
    if (batch.id <= this.#live.latest.batch) return;
    this.#live.append(batch);
    if (this.#shown === this.#live && this.#past === undefined) this.touch();
  }

  /** Starts an empty recording: another herd now runs at this address. */
  forget(): void {
    const wasShown = this.#shown === this.#live;
    this.#live = new Recording("live");
    if (wasShown) this.show(this.#live);
  }

  /** Shows the latest moment of a recording, by default the live herd's. */
  show(recording: Recording = this.#live): void {
    this.#shown = recording;
    this.#past = undefined;
    this.touch();
  }

  /** Shows the moment after so many batches. */
  showAt(count: number): void {
    if (this.#past?.count === count) return;
    const moment = this.#shown.momentAt(count, this.#past);
    this.#past = { moment, count };
    this.touch();
  }

  /** Has the listeners called at the next flush. */
  touch(): void {
    this.#isChanged = true;
  }
}
