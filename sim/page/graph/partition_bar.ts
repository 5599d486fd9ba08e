/**
 * The bar that partitions the selected servers from the rest.
 *
 * @module
 */
/// <reference lib="dom" />
import { button, make } from "../../report_page/dom.ts";
import { counted } from "../../report_page/text.ts";
import type { App } from "../app.ts";

const NAMES_SHOWN = 4;

export class PartitionBar {
  /** Hidden while no server is selected. */
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #text = make("p", { role: "status" });
  readonly #do: HTMLButtonElement;
  readonly #end: () => void;
  #groups: readonly (readonly string[])[] = [];

  /** `end` clears the selection. */
  constructor(app: App, end: () => void) {
    this.#app = app;
    this.#end = end;
    this.#do = button("Partition", () => void this.act(), {
      class: "primary",
      id: "partition",
    });
    this.element = make(
      "div.partition-bar",
      { hidden: "" },
      this.#text,
      this.#do,
      button("Cancel", end),
    );
  }

  /** Shows which servers are selected, out of all. */
  show(picked: ReadonlySet<string>, all: readonly string[]): void {
    const inside = all.filter((name) => picked.has(name));
    const outside = all.filter((name) => !picked.has(name));
    this.#groups = [inside, outside];
    this.element.hidden = inside.length === 0;
    this.#do.disabled = outside.length === 0 || this.#app.time.isFile;
    const text = outside.length === 0
      ? "All servers are picked: leave some out."
      : `Part ${named(inside)} from the other ${outside.length}.`;
    if (this.#text.textContent !== text) this.#text.textContent = text;
  }

  /** Makes the partition. */
  async act(): Promise<void> {
    if (this.element.hidden || this.#do.disabled) return;
    const [inside = [], outside = []] = this.#groups;
    const done = await this.#app.attempt(() =>
      this.#app.api.post("/api/partition", { groups: this.#groups })
    );
    if (done === undefined) return;
    this.#app.notice(
      `Parted: ${named(inside)} | ${counted(outside.length, "server")}.`,
    );
    this.#end();
  }
}

function named(names: readonly string[]): string {
  return names.length <= NAMES_SHOWN
    ? names.join(", ")
    : `${names.length} servers`;
}
