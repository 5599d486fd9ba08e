/**
 * The lines typed at the prompt, and their answers.
 *
 * @module
 */
/// <reference lib="dom" />
import { button, make } from "../../report_page/dom.ts";
import { counted } from "../../report_page/text.ts";
import { keepAtEnd } from "../keyed.ts";
import { bounded } from "./prompt.ts";

/** The oldest entries beyond this are removed. */
const ENTRIES_MAX = 200;
/** The lines of an answer that are shown at first. */
const LINES_SHOWN = 60;
/** The lines of an answer that can be shown at all. */
const LINES_MAX = 5_000;

export type EntryState = "waiting" | "done" | "failed";

/** A typed line with its answer. */
export interface Entry {
  readonly element: HTMLElement;
  /** Shows the answer. */
  end(state: EntryState, text: string, note?: string): void;
}

/** The entries of this tab; they outlive the view. */
export class Transcript {
  readonly element: HTMLElement = make("div.transcript", {
    role: "log",
    "aria-label": "Output",
    tabindex: 0,
  });

  /** Adds a typed line; `stop` ends the wait for its answer. */
  add(mark: string, line: string, stop: () => void): Entry {
    const answer = make("pre");
    const stopping = button("Stop waiting", stop, { class: "quiet" });
    const element = make(
      "div.entry",
      make("p.typed", make("span.mark", mark), make("span", line), stopping),
      answer,
    );
    element.dataset["state"] = "waiting";
    keepAtEnd(this.element, () => {
      this.element.append(element);
      while (this.element.childElementCount > ENTRIES_MAX) {
        this.element.firstElementChild!.remove();
      }
    });
    return {
      element,
      end: (state, text, note = "") =>
        keepAtEnd(this.element, () => {
          element.dataset["state"] = state;
          stopping.replaceWith(make("small", note));
          fill(answer, text);
        }),
    };
  }

  clear(): void {
    this.element.replaceChildren();
  }

  /** Scrolls to the end. */
  toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
  }
}

function fill(answer: HTMLElement, text: string): void {
  const { head, left } = bounded(text.trimEnd(), LINES_SHOWN);
  answer.textContent = head;
  if (left === 0) return;
  const all = bounded(text.trimEnd(), LINES_MAX);
  const count = counted(left, "more line");
  const more = button(`Show ${count}`, () => {
    answer.textContent = all.head;
    more.replaceWith(
      ...all.left > 0
        ? [make("small", `${counted(all.left, "line")} not shown`)]
        : [],
    );
  }, { class: "link more" });
  answer.after(more);
}
