/**
 * What was typed, and what came of it.
 *
 * @module
 */
/// <reference lib="dom" />
import { make } from "../../report_page/dom.ts";
import { counted } from "../../report_page/text.ts";
import { bounded } from "./prompt.ts";

/** Older ones are forgotten. */
const ENTRIES_MAX = 200;
/** Lines of an answer that are shown at once. */
const LINES_SHOWN = 60;
/** Lines of an answer that are shown at all. */
const LINES_MAX = 5_000;

/** How an entry stands. */
export type EntryState = "waiting" | "done" | "failed";

/** One line that was typed. */
export interface Entry {
  /** Its element. */
  readonly element: HTMLElement;
  /** What came of it. */
  end(state: EntryState, text: string, note?: string): void;
}

/** The entries of this tab; they outlive the view. */
export class Transcript {
  /** Its element. */
  readonly element: HTMLElement = make("div", {
    class: "transcript",
    role: "log",
    "aria-label": "Output",
    tabindex: 0,
  });

  /** A line was typed; `stop` gives up waiting for what comes of it. */
  add(mark: string, line: string, stop: () => void): Entry {
    const isAtEnd = this.#isAtEnd();
    const answer = make("pre", {});
    const button = make(
      "button",
      { type: "button", class: "quiet", onclick: stop },
      "Stop waiting",
    );
    const element = make(
      "div",
      { class: "entry" },
      make(
        "p",
        { class: "typed" },
        make("span", { class: "mark" }, mark),
        make("span", {}, line),
        button,
      ),
      answer,
    );
    element.dataset["state"] = "waiting";
    this.element.append(element);
    while (this.element.childElementCount > ENTRIES_MAX) {
      this.element.firstElementChild!.remove();
    }
    if (isAtEnd) this.toEnd();
    return {
      element,
      end: (state, text, note = "") => {
        const wasAtEnd = this.#isAtEnd();
        element.dataset["state"] = state;
        button.replaceWith(make("small", {}, note));
        fill(answer, text);
        if (wasAtEnd) this.toEnd();
      },
    };
  }

  /** Forgets all. */
  clear(): void {
    this.element.replaceChildren();
  }

  /** Shows its end. */
  toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
  }

  #isAtEnd(): boolean {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    return scrollTop + clientHeight >= scrollHeight - 24;
  }
}

function fill(answer: HTMLElement, text: string): void {
  const { head, left } = bounded(text.trimEnd(), LINES_SHOWN);
  answer.textContent = head;
  if (left === 0) return;
  const all = bounded(text.trimEnd(), LINES_MAX);
  const count = counted(left, "more line");
  const more = make(
    "button",
    {
      type: "button",
      class: "link more",
      onclick: () => {
        answer.textContent = all.head;
        more.replaceWith(
          ...all.left > 0
            ? [make("small", {}, `${counted(all.left, "line")} not shown`)]
            : [],
        );
      },
    },
    `Show ${count}`,
  );
  answer.after(more);
}
