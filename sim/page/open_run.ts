/**
 * Opens runs from files that are dropped on the page, or chosen.
 *
 * @module
 */
/// <reference lib="dom" />
import type { HistoryEvent } from "../model/history.ts";
import { button, make } from "../report_page/dom.ts";
import type { App } from "./app.ts";
import { whyOf } from "./fields.ts";
import { batchesOf } from "./history/batches.ts";
import { readEvents } from "./history/read.ts";
import { Recording } from "./recording.ts";

/** A run from a file. */
interface Opened {
  readonly title: string;
  readonly events: readonly HistoryEvent[];
}

/** Opens runs, and rebuilds the open one when it is to be told otherwise. */
export class RunOpener {
  /** A button, for users who can't drop a file. */
  readonly element: HTMLElement;
  readonly #app: App;
  #run: Opened | undefined;
  /** How many were opened; one that is read later than a newer is not shown. */
  #opened = 0;

  /** Listens for files dropped anywhere on the page. */
  constructor(app: App) {
    this.#app = app;
    const picker = make("input", {
      type: "file",
      accept: ".jsonl",
      hidden: "",
    });
    picker.addEventListener("change", () => {
      const [file] = picker.files ?? [];
      picker.value = "";
      if (file !== undefined) void this.open(file);
    });
    const open = button("Open", () => picker.click(), {
      id: "open-run",
      "aria-label": "Open a run",
      title: "Show the history.jsonl of a run; or drop it on the page",
    });
    open.append(make("span.roomy", " a run"));
    this.element = make("span", open, picker);
    const root = document.documentElement;
    addEventListener("dragover", (event) => {
      event.preventDefault();
      root.dataset["dragged"] = "";
    });
    addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) delete root.dataset["dragged"];
    });
    addEventListener("drop", (event) => {
      event.preventDefault();
      delete root.dataset["dragged"];
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void this.open(file);
    });
  }

  /** Shows a run, from its start. */
  async open(file: File): Promise<void> {
    const opened = ++this.#opened;
    try {
      const text = await file.text();
      if (opened !== this.#opened) return;
      const run = { title: file.name, events: readEvents(text) };
      this.#app.time.open(this.#recording(run));
      this.#run = run;
      this.#app.notice(
        `${file.name}: press Play. The herd goes on meanwhile; Live goes back to it.`,
      );
    } catch (error) {
      const why = `${file.name} can't be shown: ${whyOf(error)}`;
      this.#app.notice(`${why} Drop a history.jsonl of a report.`, "error");
    }
  }

  /**
   * Other clients are followed, or the herd has told what faults do. Keeps the
   * moment shown.
   */
  rebuild(): void {
    if (!this.#app.time.isFile) return;
    this.#app.time.exchange(this.#recording(this.#run!));
  }

  #recording({ title, events }: Opened): Recording {
    const { followed, herd } = this.#app;
    return new Recording(title, batchesOf(events, followed, herd?.harms));
  }
}
