/**
 * The drills: read, edit, check and run one.
 *
 * @module
 */
/// <reference lib="dom" />
import type { WorldName } from "../../model/world_name.ts";
import type { Given } from "../../model/web/routes.ts";
import { button, make } from "../../report_page/dom.ts";
import { counted } from "../../report_page/text.ts";
import {
  addressOf,
  type App,
  type Mounted,
  type Site,
  type View,
} from "../app.ts";
import { choice, field, input, whyOf } from "../fields.ts";
import { setText } from "../keyed.ts";
import { type Drill, DrillList, RunList } from "./drill_list.ts";
import { Editor } from "./editor.ts";
import { linesOf, marksOf } from "./marks.ts";
import { RunCard } from "./run_card.ts";
import { Runs } from "./runs.ts";

/** The text is checked after a pause in typing of this length. */
const CHECK_MS = 300;
/** The drill that is opened by default. */
const FIRST = "partition";

const WORLDS = [
  ["", "as it says"],
  ...["threads", "processes", "virtual"].map((it) => [it, it] as const),
] as const;

export const drills: View = {
  title: "Drills",
  mount: (site) => new DrillsView(site),
};

/** Edited texts by drill; they outlive the view. */
const drafts = new Map<string, string>();

class DrillsView implements Mounted {
  readonly #app: App;
  readonly #list: DrillList;
  readonly #editor: Editor;
  readonly #card: RunCard;
  readonly #runList: RunList;
  readonly #runs: Runs;
  readonly #title = make("h2#drill-title");
  readonly #verdict = make("p.checked", { role: "status" });
  readonly #plan = make("ol.steps", { "aria-label": "Dry run" });
  readonly #seed = input({ type: "number", min: 0, placeholder: "any" });
  readonly #seeds = input({ type: "number", min: 1, placeholder: "1" });
  readonly #world = choice({}, WORLDS);
  readonly #start = button("Run", () => void this.#begin(), {
    class: "primary",
  });
  readonly #undo = button("Undo changes", () => this.#revert(), {
    class: "quiet",
  });
  #drills: readonly Drill[] = [];
  /** The drill that is asked for. */
  #name = "";
  /** The drill whose text is in the editor. */
  #opened = "";
  #run = "";
  /** The text as it is in the file. */
  #saved = "";
  #checked: Given<"checkDrill"> = { problems: [], steps: [] };
  /** The text that each run was started with. */
  readonly #texts = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #signal: AbortSignal;

  constructor({ root, app, params, signal }: Site) {
    this.#app = app;
    this.#list = new DrillList(
      (name) => this.#go({ name, run: "" }),
      !app.api.isInPage,
    );
    this.#editor = new Editor(() => this.#typed());
    const { api } = app;
    this.#card = new RunCard(
      (id) => void app.attempt(() => this.#runs.interrupt(id)),
      api.isInPage
        ? (path) => void app.attempt(() => api.show(path))
        : undefined,
    );
    this.#runList = new RunList((run) => this.#go({ run }));
    this.#signal = signal;
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
    this.#runs = new Runs(app.api, () => this.#showRuns(), signal);
    root.append(this.#elements());
    this.update(params);
    void this.#load();
  }

  #elements(): HTMLElement {
    const bar = make(
      "div.drill-bar",
      this.#title,
      this.#undo,
      ...this.#app.api.isInPage ? [] : [field("World", this.#world)],
      field("Seed", this.#seed),
      field("Seeds", this.#seeds),
      this.#start,
    );
    const main = make(
      "section.drill-main",
      { "aria-labelledby": "drill-title" },
      bar,
      this.#editor.element,
    );
    const plan = make(
      "section.card",
      { "aria-label": "Dry run" },
      make("h2", "Dry run"),
      this.#verdict,
      this.#plan,
    );
    const side = make(
      "div.drill-side",
      this.#card.element,
      this.#runList.element,
      plan,
    );
    return make("div.drills-view", this.#list.element, main, side);
  }

  update(params: URLSearchParams): void {
    this.#run = params.get("run") ?? "";
    const name = params.get("name") ?? FIRST;
    this.#showRuns();
    if (name === this.#name) return;
    this.#name = name;
    // What is typed before any text has come is of the first.
    if (this.#opened === "") this.#show(name, this.#saved, this.#editor.text);
    this.#list.show(this.#drills, name);
    void this.#open(name);
  }

  async #load(): Promise<void> {
    await this.#app.attempt(async () => {
      this.#drills = await this.#app.api.get<Given<"drills">>("/api/drills");
      this.#list.show(this.#drills, this.#name);
      await this.#runs.load();
    });
  }

  async #open(name: string): Promise<void> {
    try {
      const { text } = await this.#app.api.get<Given<"drill">>(
        `/api/drills/${encodeURIComponent(name)}`,
      );
      if (name !== this.#name) return;
      this.#show(name, text, drafts.get(name));
    } catch (error) {
      if (name !== this.#name) return;
      this.#show(name, "");
      this.#app.notice(whyOf(error), "error");
    }
    await this.#check();
  }

  #show(name: string, saved: string, draft = saved): void {
    this.#opened = name;
    this.#saved = saved;
    setText(this.#title, name);
    this.#editor.text = draft;
  }

  #go(change: { name?: string; run?: string }): void {
    const { name = this.#name, run = this.#run } = change;
    const params = { name, run: run === "" ? null : run };
    this.#app.navigate(addressOf("drills", params));
  }

  #revert(): void {
    this.#editor.text = this.#saved;
    drafts.delete(this.#opened);
    void this.#check();
  }

  #typed(): void {
    const { text } = this.#editor;
    if (text === this.#saved) drafts.delete(this.#opened);
    else drafts.set(this.#opened, text);
    this.#mark();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), CHECK_MS);
  }

  async #check(): Promise<void> {
    clearTimeout(this.#timer);
    const { text } = this.#editor;
    try {
      const checked = await this.#app.api.post<Given<"checkDrill">>(
        "/api/drills/check",
        {
          text,
        },
      );
      // What was typed in the meantime has its own check.
      if (text !== this.#editor.text) return;
      this.#checked = checked;
      this.#showChecked();
    } catch (error) {
      if (text === this.#editor.text) setText(this.#verdict, whyOf(error));
    }
  }

  #showChecked(): void {
    const { problems, steps } = this.#checked;
    const errors = problems.filter(({ isWarning }) => !isWarning).length;
    this.#verdict.classList.toggle("bad", errors > 0);
    setText(
      this.#verdict,
      errors > 0
        ? `${counted(errors, "error")}: it can't be run so.`
        : `${counted(steps.length, "step")}, in this order:`,
    );
    this.#plan.replaceChildren(
      ...steps.map((text) => make("li", make("span", text))),
    );
    this.#editor.tell(problems);
    this.#mark();
  }

  /** Updates the marks, and which buttons are enabled. */
  #mark(): void {
    const { text } = this.#editor;
    const run = this.#runs.all.find(({ id }) => id === this.#run);
    // The steps of a run belong to the text that it was started with.
    const steps = run !== undefined && this.#texts.get(run.id) === text
      ? run.steps
      : [];
    const { problems } = this.#checked;
    this.#editor.mark(marksOf(linesOf(text), problems, steps));
    const isWrong = problems.some(({ isWarning }) => !isWarning);
    const { running } = this.#runs;
    this.#start.disabled = isWrong || running !== undefined;
    this.#start.title = running === undefined
      ? ""
      : `${running.name} still runs: wait, or interrupt it`;
    this.#undo.hidden = text === this.#saved;
  }

  #showRuns(): void {
    const { all } = this.#runs;
    this.#card.show(all.find(({ id }) => id === this.#run));
    this.#runList.show(all, this.#run);
    this.#mark();
  }

  async #begin(): Promise<void> {
    const { text } = this.#editor;
    const isChanged = text !== this.#saved;
    const seed = this.#seed.value;
    const many = Number(this.#seeds.value || 1);
    // Many seeds run in virtual time only, and a page has no other world.
    const isVirtual = many > 1 || this.#app.api.isInPage;
    const world = isVirtual ? "virtual" : this.#world.value as WorldName | "";
    const name = this.#opened;
    this.#start.disabled = true;
    const id = await this.#app.attempt(() =>
      this.#runs.start({
        ...isChanged ? { name: fileName(name), text } : { name },
        ...seed !== "" && { seed: Number(seed) },
        ...world !== "" && { world },
        ...many > 1 && { seeds: many },
      })
    );
    if (id === undefined) return this.#mark();
    this.#texts.set(id, text);
    if (this.#signal.aborted) return;
    this.#go({ run: id });
    this.#card.element.scrollIntoView({ block: "nearest" });
  }
}

function fileName(name: string): string {
  return /\.ya?ml$/.test(name) ? name : `${name}.yaml`;
}
