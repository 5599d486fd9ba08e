/**
 * One run: its steps as they are taken, its verdict, its report.
 *
 * @module
 */
/// <reference lib="dom" />
import { button, make } from "../../report_page/dom.ts";
import { lasting } from "../../report_page/text.ts";
import { setText, showItems } from "../keyed.ts";
import { progressOf, type RunStep, SIGNS } from "./marks.ts";
import { type Run, runPath } from "./runs.ts";

/** The label of each state. */
export const VERDICTS: Readonly<Record<Run["state"], string>> = {
  running: "Running",
  passed: "Passed",
  failed: "Failed",
  unknown: "Unknown",
  interrupted: "Interrupted",
  error: "Could not be run",
};

export class RunCard {
  readonly element: HTMLElement;
  readonly #title = make("h2");
  readonly #verdict = make("p.verdict", { role: "status" });
  readonly #about = make("p.soft");
  readonly #seeds = make("progress", { "aria-label": "Seeds", hidden: "" });
  readonly #steps = make("ol.steps", { "aria-label": "Steps" });
  readonly #summary = make("pre.summary");
  readonly #links = make("p.row.links");
  readonly #interrupt: HTMLElement;
  readonly #onOpen: ((path: string) => void) | undefined;
  #run: Run | undefined;

  /**
   * `onInterrupt` is called to interrupt a run.
   *
   * @param onOpen Opens a file; by default the browser follows the link.
   */
  constructor(
    onInterrupt: (id: string) => void,
    onOpen?: (path: string) => void,
  ) {
    this.#onOpen = onOpen;
    this.#interrupt = button("Interrupt", () => {
      if (this.#run !== undefined) onInterrupt(this.#run.id);
    }, { class: "danger" });
    this.element = make(
      "section.card.run",
      { "aria-label": "Run", hidden: "" },
      make("div.head", this.#title, this.#interrupt),
      this.#verdict,
      this.#seeds,
      this.#about,
      this.#links,
      this.#steps,
      this.#summary,
    );
  }

  /** Shows a run; `undefined` hides the card. */
  show(run: Run | undefined): void {
    this.#run = run;
    this.element.hidden = run === undefined;
    if (run === undefined) return;
    const { name, state, seed, steps, tookMs, summary, id, seeds } = run;
    this.element.dataset["state"] = state;
    setText(this.#title, name);
    setText(this.#verdict, VERDICTS[state]);
    const took = tookMs === undefined ? "" : `, ${lasting(tookMs)}`;
    const of = seeds === undefined
      ? ""
      : `${seeds.done} of ${seeds.of} seeds; `;
    setText(this.#about, `${of}${progressOf(steps)}, seed ${seed}${took}`);
    this.#seeds.hidden = seeds === undefined;
    this.#seeds.max = seeds?.of ?? 1;
    this.#seeds.value = seeds?.done ?? 0;
    this.#interrupt.hidden = state !== "running";
    showItems(this.#steps, steps.map((step, i) => ({ ...step, i })), {
      keyOf: ({ i }) => `${id} ${i}`,
      build: ({ text }) =>
        make(
          "li",
          make("span.sign", { "aria-hidden": "true" }),
          make("span", text),
          make("small.took"),
          make("small.note"),
        ),
      refresh: refreshStep,
    });
    setText(this.#summary, summary ?? "");
    this.#summary.hidden = summary === undefined;
    this.#showLinks(run);
  }

  #showLinks({ id, verdict }: Run): void {
    const key = verdict === undefined ? "" : id;
    if (this.#links.dataset["run"] === key) return;
    this.#links.dataset["run"] = key;
    const open = this.#onOpen;
    const link = (file: string, text: string) => {
      const path = runPath(id, file);
      return open === undefined
        ? make("a", { href: path, target: "_blank" }, text)
        : button(text, () => open(path), { class: "link" });
    };
    this.#links.replaceChildren(
      ...key === "" ? [] : [
        link("/report.html", "Report"),
        link("/history.jsonl", "history.jsonl"),
        link("/junit.xml", "junit.xml"),
      ],
    );
  }
}

function refreshStep(element: HTMLElement, step: RunStep): void {
  const { state, tookMs, note, text } = step;
  if (element.dataset["state"] === state && state !== "running") return;
  element.dataset["state"] = state;
  const [sign, , took, about] = element.children;
  setText(sign!, SIGNS[state]);
  setText(took!, tookMs === undefined ? "" : lasting(tookMs));
  setText(about!, note ?? "");
  element.setAttribute("aria-label", `${state}: ${text} ${note ?? ""}`.trim());
  element.ariaCurrent = state === "running" ? "step" : null;
}
