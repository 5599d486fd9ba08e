/**
 * The drills there are, and those that were run.
 *
 * @module
 */
/// <reference lib="dom" />
import { make } from "../../report_page/dom.ts";
import { lasting } from "../../report_page/text.ts";
import { setText, showItems } from "../keyed.ts";
import { VERDICTS } from "./run_card.ts";
import type { Run } from "./runs.ts";

/** A drill that can be opened. */
export interface Drill {
  /** By which it is opened. */
  readonly name: string;
  /** Its file. */
  readonly path: string;
  /** Whether it is one of those that ship. */
  readonly ships: boolean;
  /** What it says of itself. */
  readonly title: string;
}

/** The list of drills; it tells which one is chosen. */
export class DrillList {
  /** The list. */
  readonly element: HTMLElement;
  readonly #onChoose: (name: string) => void;
  readonly #own = make("ul", { class: "rows" });
  readonly #noOwn = make("p", { class: "soft" });
  readonly #shipped = make("ul", { class: "rows" });

  /**
   * An empty list.
   *
   * @param hasFolder Whether there is a folder with drills of one's own.
   */
  constructor(onChoose: (name: string) => void, hasFolder: boolean) {
    this.#onChoose = onChoose;
    this.element = make(
      "nav",
      { class: "drill-list", "aria-label": "Drills" },
      ...hasFolder
        ? [make("h2", {}, "In the working folder"), this.#noOwn, this.#own]
        : [],
      make("h2", {}, "Built-in drills"),
      this.#shipped,
    );
  }

  /** Shows these, of which one is open. */
  show(drills: readonly Drill[], opened: string): void {
    const own = drills.filter(({ ships }) => !ships);
    setText(
      this.#noOwn,
      own.length > 0 ? "" : "None. A .yaml file that is a drill shows up here.",
    );
    this.#fill(this.#own, own, opened);
    this.#fill(this.#shipped, drills.filter(({ ships }) => ships), opened);
  }

  #fill(list: HTMLElement, drills: readonly Drill[], opened: string): void {
    showItems(list, drills, {
      keyOf: ({ name }) => name,
      build: ({ name, title, path }) =>
        make(
          "li",
          { title: title === "" ? path : title },
          make(
            "button",
            { type: "button", onclick: () => this.#onChoose(name) },
            name,
          ),
        ),
      refresh: (element, { name }) =>
        setCurrent(element.firstElementChild!, name === opened),
    });
  }
}

/** The runs of this session; it tells which one is chosen. */
export class RunList {
  /** The list. */
  readonly element: HTMLElement;
  readonly #onChoose: (id: string) => void;
  readonly #rows = make("ul", { class: "rows" });

  /** An empty list. */
  constructor(onChoose: (id: string) => void) {
    this.#onChoose = onChoose;
    this.element = make(
      "section",
      { class: "card", "aria-label": "Runs", hidden: "" },
      make("h2", {}, "Runs"),
      this.#rows,
    );
  }

  /** Shows these, of which one is looked at. */
  show(runs: readonly Run[], chosen: string): void {
    this.element.hidden = runs.length === 0;
    showItems(this.#rows, runs, {
      keyOf: ({ id }) => id,
      build: ({ id, name }) =>
        make(
          "li",
          {},
          make(
            "button",
            { type: "button", onclick: () => this.#onChoose(id) },
            make("span", { class: "name" }, name),
            make("small", {}),
          ),
        ),
      refresh: (element, { id, state, tookMs }) => {
        const button = element.firstElementChild as HTMLElement;
        button.dataset["state"] = state;
        const took = tookMs === undefined ? "" : `, ${lasting(tookMs)}`;
        setText(button.lastElementChild!, VERDICTS[state] + took);
        setCurrent(button, id === chosen);
      },
    });
  }
}

function setCurrent(element: Element, isCurrent: boolean): void {
  if (isCurrent) element.setAttribute("aria-current", "true");
  else element.removeAttribute("aria-current");
}
