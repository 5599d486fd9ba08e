/**
 * The lists of drills and of runs.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Given } from "../../model/web/routes.ts";
import { button, make } from "../../report_page/dom.ts";
import { lasting } from "../../report_page/text.ts";
import { row } from "../fields.ts";
import { setCurrent, setText, showItems } from "../keyed.ts";
import { VERDICTS } from "./run_card.ts";
import type { Run } from "./runs.ts";

export type Drill = Given<"drills">[number];

/** A list that reports which drill is chosen. */
export class DrillList {
  readonly element: HTMLElement;
  readonly #onChoose: (name: string) => void;
  readonly #own = make("ul.rows");
  readonly #noOwn = make("p.soft");
  readonly #shipped = make("ul.rows");

  /**
   * Starts empty.
   *
   * @param hasFolder Whether the user has a folder of drills.
   */
  constructor(onChoose: (name: string) => void, hasFolder: boolean) {
    this.#onChoose = onChoose;
    this.element = make(
      "nav.drill-list",
      { "aria-label": "Drills" },
      ...hasFolder
        ? [make("h2", "In the working folder"), this.#noOwn, this.#own]
        : [],
      make("h2", "Built-in drills"),
      this.#shipped,
    );
  }

  /** Shows these drills, with one of them opened. */
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
          button(name, () => this.#onChoose(name)),
        ),
      refresh: (element, { name }) =>
        setCurrent(element.firstElementChild!, name === opened),
    });
  }
}

/** The runs of this session; reports which one is chosen. */
export class RunList {
  readonly element: HTMLElement;
  readonly #onChoose: (id: string) => void;
  readonly #rows = make("ul.rows");

  constructor(onChoose: (id: string) => void) {
    this.#onChoose = onChoose;
    this.element = make(
      "section.card",
      { "aria-label": "Runs", hidden: "" },
      make("h2", "Runs"),
      this.#rows,
    );
  }

  /** Shows these runs, with one of them chosen. */
  show(runs: readonly Run[], chosen: string): void {
    this.element.hidden = runs.length === 0;
    showItems(this.#rows, runs, {
      keyOf: ({ id }) => id,
      build: ({ id, name }) =>
        row(name, () => this.#onChoose(id), make("small")),
      refresh: (element, { id, state, tookMs }) => {
        const run = element.firstElementChild as HTMLElement;
        run.dataset["state"] = state;
        const took = tookMs === undefined ? "" : `, ${lasting(tookMs)}`;
        setText(run.lastElementChild!, VERDICTS[state] + took);
        setCurrent(run, id === chosen);
      },
    });
  }
}
