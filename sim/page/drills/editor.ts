/**
 * The editor of a drill: a text field with line numbers and marks.
 *
 * @module
 */
/// <reference lib="dom" />
import { button, make } from "../../report_page/dom.ts";
import { linesOf, type Mark, offsetOf, type Problem, SIGNS } from "./marks.ts";

const MARKS: Readonly<Record<Mark["kind"], string>> = {
  ...SIGNS,
  waiting: "",
  warning: "?",
  error: "!",
};

export class Editor {
  /** The field, its line numbers, and the list of problems. */
  readonly element: HTMLElement;
  readonly #area = make("textarea.mono", {
    wrap: "off",
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    "aria-label": "Text of the drill",
    "aria-describedby": "drill-problems",
  });
  readonly #gutter = make("div.gutter", { "aria-hidden": "true" });
  readonly #numbers = make("div.numbers");
  readonly #problems = make("ul#drill-problems.problems", {
    "aria-label": "What is wrong",
  });

  /** Starts empty; `onInput` is called when the user changes the text. */
  constructor(onInput: () => void) {
    this.#gutter.append(this.#numbers);
    this.#area.addEventListener("input", onInput);
    this.#area.addEventListener("scroll", () => this.#follow());
    this.element = make(
      "div.editor",
      make("div.page", this.#gutter, this.#area),
      this.#problems,
    );
    this.mark(new Map());
  }

  get text(): string {
    return this.#area.value;
  }

  /** Replaces the text, and scrolls to its start. */
  set text(text: string) {
    if (this.#area.value === text) return;
    this.#area.value = text;
    this.#area.scrollTop = 0;
    this.#area.setSelectionRange(0, 0);
    this.mark(new Map());
    this.tell([]);
  }

  /** Sets the marks of lines. */
  mark(marks: ReadonlyMap<number, Mark>): void {
    const lines = linesOf(this.#area.value);
    const numbers = this.#numbers;
    while (numbers.childElementCount > lines) {
      numbers.lastElementChild!.remove();
    }
    while (numbers.childElementCount < lines) {
      const number = String(numbers.childElementCount + 1);
      numbers.append(make("div", make("i"), number));
    }
    for (let line = 1; line <= lines; line++) {
      const element = numbers.children[line - 1] as HTMLElement;
      const mark = marks.get(line);
      const kind = mark?.kind ?? "";
      if (
        element.dataset["mark"] === kind && element.title === (mark?.text ?? "")
      ) {
        continue;
      }
      element.dataset["mark"] = kind;
      element.title = mark?.text ?? "";
      element.firstElementChild!.textContent = mark ? MARKS[mark.kind] : "";
    }
    this.#follow();
  }

  /** Lists problems; a click on one goes to its place. */
  tell(problems: readonly Problem[]): void {
    const isWrong = problems.some(({ isWarning }) => !isWarning);
    this.#area.setAttribute("aria-invalid", String(isWrong));
    this.#problems.replaceChildren(
      ...problems.map((problem) => {
        const { line, column, message, isWarning } = problem;
        const go = button("", () => this.#goTo(problem), { class: "link" });
        go.append(make("span.place", `${line}:${column}`), message);
        return make(isWarning ? "li.warning" : "li.error", go);
      }),
    );
  }

  #goTo({ line, column }: Problem): void {
    const at = offsetOf(this.text, line, column);
    this.#area.focus();
    this.#area.setSelectionRange(at, at);
    const { lineHeight } = getComputedStyle(this.#area);
    const middle = this.#area.clientHeight / 2;
    this.#area.scrollTop = (line - 1) * parseFloat(lineHeight) - middle;
  }

  #follow(): void {
    const { scrollTop } = this.#area;
    this.#numbers.style.transform = `translateY(${-scrollTop}px)`;
  }
}
