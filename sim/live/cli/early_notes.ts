/**
 * Notes for the user that are made before there is anything to show them.
 *
 * @module
 */

/** Keeps notes until they can be shown, and shows those that come later at once. */
export class EarlyNotes {
  readonly #kept: string[] = [];
  #show = (text: string): void => void this.#kept.push(text);

  /** Shows a note, or keeps it. */
  readonly note = (text: string): void => this.#show(text);

  /** Shows what was kept, and whatever comes from now on. */
  showBy(show: (text: string) => void): void {
    this.#show = show;
    this.#kept.forEach(show);
  }
}
