/**
 * The section “What if”: replays a run in virtual time up to a moment, applies
 * a command there, and shows both outcomes.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Act, ActOutcome, Rerun } from "../model/report/rerun.ts";
import { button, byId, make, onClick } from "./dom.ts";
import { RerunThread } from "./rerun_thread.ts";
import { Run } from "./run.ts";
import { counted, moment } from "./text.ts";
import { TwoFutures } from "./two_futures.ts";

/** The pause in typing, in milliseconds, before the command is checked. */
const TYPED_MS = 120;

/** The precision of moments is that of a window of so many milliseconds. */
const FINE_MS = 49;

/** Shown for a run that can't be replayed. */
const NOT_AGAIN = "This run was in real time, and what happens in real time " +
  "happens once. Run the drill in virtual time, with --world virtual: then " +
  "something else can be done here at any moment, and both outcomes compared.";

export class Fork {
  readonly #run: Run;
  readonly #rerun: Rerun;
  readonly #hold: (ms: number) => void;
  readonly #thread = new RerunThread();
  readonly #command = byId<HTMLInputElement>("fork-command");
  readonly #time = byId<HTMLInputElement>("fork-time");
  readonly #slider = byId<HTMLInputElement>("fork-slider");
  #acts: Act[] = [];
  #futures: TwoFutures | undefined;
  #typed: ReturnType<typeof setTimeout> | undefined;
  /** Checks of the command so far; the answer to an older one is not shown. */
  #checks = 0;
  #isHelpKnown = false;

  private constructor(
    run: Run,
    rerun: Rerun,
    hold: (ms: number) => void,
  ) {
    this.#run = run;
    this.#rerun = rerun;
    this.#hold = hold;
    byId("fork").hidden = false;
    const { spanMs } = run.data;
    for (const field of [this.#time, this.#slider]) {
      field.max = String(Math.floor(spanMs));
      field.addEventListener("input", () => this.at(field.valueAsNumber));
    }
    this.#offer();
    this.#listen();
    this.at(firstMoment(run));
  }

  /**
   * Sets up the section; `hold` shows the chosen moment in the diagram. For a
   * run that can't be replayed, says why and gives `undefined`.
   */
  static begin(run: Run, hold: (ms: number) => void): Fork | undefined {
    const { rerun } = run.data;
    if (rerun !== undefined) return new Fork(run, rerun, hold);
    byId("fork-about").textContent = NOT_AGAIN;
    return undefined;
  }

  /** Chooses a moment, limited to the run. */
  at(ms: number): void {
    if (!Number.isFinite(ms)) return;
    const atMs = Math.round(
      Math.min(Math.max(0, ms), this.#run.data.spanMs) * 1_000,
    ) / 1_000;
    if (this.#time.valueAsNumber !== atMs) this.#time.value = String(atMs);
    this.#slider.value = String(atMs);
    this.#slider.setAttribute("aria-valuetext", moment(atMs));
    this.#hold(atMs);
  }

  /** Redraws after a change of colours or width. */
  redraw(): void {
    this.#futures?.plan();
  }

  /** Offers the most common commands as buttons. */
  #offer(): void {
    const { servers } = this.#run;
    const down = servers.map((server) => `kill ${server}`).slice(0, 6);
    const all = [...down, `pause ${servers[0]}`, "heal"];
    byId("fork-offers").append(
      ...all.map((command) =>
        button(command, () => {
          this.#command.value = command;
          this.#command.focus();
          void this.#look();
        })
      ),
    );
  }

  #listen(): void {
    byId("fork-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#go();
    });
    this.#command.addEventListener("input", () => {
      clearTimeout(this.#typed);
      this.#typed = setTimeout(() => void this.#look(), TYPED_MS);
    });
    onClick("fork-stop", () => this.#thread.stop());
    onClick("fork-undo", () => this.#undo());
    onClick("futures-earlier", () => this.#futures?.pan(-0.5));
    onClick("futures-later", () => this.#futures?.pan(0.5));
    onClick("futures-out", () => this.#futures?.zoom(0.5));
    onClick("futures-in", () => this.#futures?.zoom(2));
    onClick("futures-whole", () => this.#futures?.whole());
    byId("fork-help").addEventListener("toggle", () => {
      if (!this.#isHelpKnown) void this.#help();
    });
  }

  #undo(): void {
    this.#acts = [];
    byId("futures").hidden = true;
    this.#tellActs([]);
    this.#say("");
  }

  /** Checks the command as it is typed; what is unfinished is no mistake. */
  async #look(): Promise<void> {
    const text = this.#command.value;
    const typed = text.trim();
    await this.#check(
      text,
      (texts) => typed !== "" && (texts.length === 0 || texts.includes(typed)),
    ).catch(() => {});
  }

  /**
   * Asks what is wrong with the command and how it could go on. Shows both,
   * the mistake only where `isMeant`, and neither if another check has begun.
   */
  async #check(
    text: string,
    isMeant: (texts: readonly string[]) => boolean,
  ): Promise<string | undefined> {
    clearTimeout(this.#typed);
    const check = ++this.#checks;
    const { texts, problem } = await this.#thread.ask("completed", {
      ask: "complete",
      rerun: this.#rerun,
      text,
    });
    if (check !== this.#checks) return problem;
    byId("fork-commands").replaceChildren(
      ...texts.map((value) => make("option", { value })),
    );
    this.#complain(isMeant(texts) ? problem ?? "" : "");
    return problem;
  }

  async #help(): Promise<void> {
    const told = byId("fork-help-text");
    try {
      told.textContent = (await this.#thread.ask("help", { ask: "help" })).text;
      this.#isHelpKnown = true;
    } catch (error) {
      told.textContent = `No help: ${(error as Error).message}.`;
    }
  }

  /** Does the command at the moment, as both stand now. */
  async #go(): Promise<void> {
    const command = this.#command.value.trim();
    if (command === "") return this.#complain("say what is to be done there");
    const act = { atMs: this.#time.valueAsNumber, command };
    this.#setBusy(true);
    try {
      if (await this.#check(command, () => true) === undefined) {
        await this.#runWith(act);
      }
    } catch (error) {
      this.#say(`It could not be run again: ${(error as Error).message}.`);
    } finally {
      this.#setBusy(false);
    }
  }

  /** While it runs, nothing else is done, nor taken back. */
  #setBusy(isBusy: boolean): void {
    for (const id of ["fork-go", "fork-undo"]) {
      byId<HTMLButtonElement>(id).disabled = isBusy;
    }
    byId("fork-stop").hidden = !isBusy;
  }

  async #runWith(act: Act): Promise<void> {
    const acts = [...this.#acts, act].sort((a, b) => a.atMs - b.atMs);
    this.#say("Runs again…");
    const { page, outcomes, unknownTowns } = await this.#thread.ask(
      "ran",
      { ask: "run", rerun: this.#rerun, acts },
      ({ steps, atMs }) =>
        this.#say(`Runs again: ${counted(steps, "step")}, ${moment(atMs)}.`),
    );
    this.#acts = acts;
    // What was typed in the meantime is the next command.
    if (this.#command.value.trim() === act.command) this.#command.value = "";
    this.#tellActs(outcomes);
    const is = new Run(page, page);
    const atMs = is.heldMs = acts[0]!.atMs;
    this.#say(this.#sameness(is, atMs) + townless(unknownTowns));
    byId("futures").hidden = false;
    this.#futures?.end();
    this.#futures = new TwoFutures(this.#run, is, atMs);
    byId("futures").scrollIntoView({ block: "nearest" });
  }

  /**
   * States whether both runs were the same up to the moment, as they have to
   * be.
   */
  #sameness(is: Run, atMs: number): string {
    const before = (run: Run) => {
      const { sentMs, from, to, update } = run.messages;
      const texts: string[] = [];
      for (let i = 0; i < sentMs.length && sentMs[i]! < atMs - 0.01; i++) {
        const line = run.data.updates[update[i]!];
        texts.push(`${sentMs[i]} ${from[i]} ${to[i]} ${line}`);
      }
      return texts;
    };
    const [old, now] = [before(this.#run), before(is)];
    const { carried } = this.#run.data;
    if (carried.messages[0] < carried.messages[1]) return "Ran to its end.";
    return old.length === now.length && old.every((it, i) => it === now[i])
      ? `Ran to its end. Up to ${moment(atMs, FINE_MS)} it is the same run: ` +
        `${counted(old.length, "message")}, each as it was.`
      : "Ran to its end, but this browser comes to another run before that " +
        "moment already: compare with care.";
  }

  #tellActs(outcomes: readonly ActOutcome[]): void {
    byId("fork-acts").replaceChildren(
      ...outcomes.map(({ atMs, command, ok, told }) =>
        make(
          "li",
          make("span.soft", moment(atMs, FINE_MS)),
          " ",
          make("span.mono", command),
          make("pre", { class: ok ? "soft" : "bad" }, told),
        )
      ),
    );
    byId("fork-done").hidden = outcomes.length === 0;
  }

  #complain(problem: string): void {
    const text = byId("fork-problem");
    text.textContent = problem;
    this.#command.setAttribute("aria-invalid", String(problem !== ""));
  }

  #say(text: string): void {
    byId("fork-state").textContent = text;
  }
}

/** What to know about searches for towns that the first run did not make. */
function townless(searches: number): string {
  return searches === 0 ? "" : ` ${counted(searches, "search", "searches")} ` +
    "for towns found none: only those that the first run found are known here.";
}

/**
 * The moment chosen at first: just before the first failure, else in the first
 * half.
 */
function firstMoment({ data: { record, spanMs } }: Run): number {
  const failed = record.steps.find(({ ok }) => !ok);
  return failed === undefined
    ? Math.round(spanMs / 3)
    : Math.max(0, failed.startedMs - 1);
}
