/**
 * The two outcomes of a “What if”, side by side: their results, their
 * differences, and their messages in the same time window.
 *
 * @module
 */
/// <reference lib="dom" />
import type { RunStep } from "../model/report/run_record.ts";
import { Diagram } from "./diagram.ts";
import type { Span } from "./diagram_hits.ts";
import { byId, byKey, make, tableHead } from "./dom.ts";
import type { Run } from "./run.ts";
import { counted, lasting, moment } from "./text.ts";
import { limited, panned, zoomed } from "./window.ts";

/** What came of a step or a check. */
interface Came {
  readonly text: string;
  readonly isBad?: boolean;
}

/** One of the two did not get as far. */
const NOT_REACHED: Came = { text: "did not come to it" };

const WHICH: readonly string[] = ["As it was", "As it would be"];

const OUTCOME_WORDS = {
  ok: "holds",
  fail: "failed",
  unknown: "unknown",
  skipped: "skipped",
};

/** The share of the window before the moment. */
const BEFORE = 0.15;

/** Shows both until others are shown. */
export class TwoFutures {
  readonly #diagrams: readonly Diagram[];
  readonly #atMs: number;
  readonly #spanMs: number;
  #window: Span;
  /** The frame before which it is drawn again. */
  #frame: number | undefined;

  /** `was` is the recorded run, `is` the one changed at the moment. */
  constructor(was: Run, is: Run, atMs: number) {
    this.#atMs = atMs;
    this.#spanMs = Math.max(was.data.spanMs, is.data.spanMs);
    tellFuture("was", was);
    tellFuture("is", is);
    tellDifferences(was, is);
    const canvases = ["was", "is"].map((id) =>
      byId<HTMLCanvasElement>(`${id}-diagram`)
    );
    this.#diagrams = [was, is].map((run, at) =>
      new Diagram(run, canvases[at]!)
    );
    this.#window = this.#first();
    canvases.forEach((canvas) => this.#listen(canvas));
    this.#draw();
  }

  /** From a little before the moment to the end of both. */
  #first(): Span {
    const fromMs = this.#atMs - (this.#spanMs - this.#atMs) * BEFORE;
    return limited({ fromMs, toMs: this.#spanMs }, this.#spanMs);
  }

  #move(window: Span): void {
    this.#window = limited(window, this.#spanMs);
    this.plan();
  }

  /** Resets the window. */
  whole(): void {
    this.#move(this.#first());
  }

  /** Moves the window by a share of its width. */
  pan(share: number): void {
    this.#move(panned(this.#window, share));
  }

  /** Zooms by a factor, around the moment if it is visible. */
  zoom(factor: number): void {
    const { fromMs, toMs } = this.#window;
    const isSeen = this.#atMs >= fromMs && this.#atMs <= toMs;
    const share = isSeen ? (this.#atMs - fromMs) / (toMs - fromMs) : 0.5;
    this.#move(zoomed(this.#window, factor, share));
  }

  /** Draws before the next frame. */
  plan(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  /** Others are shown from now on. */
  end(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  #draw(): void {
    const { fromMs, toMs } = this.#window;
    const width = toMs - fromMs;
    const times = `${moment(fromMs, width)} to ${moment(toMs, width)}`;
    for (const [at, diagram] of this.#diagrams.entries()) {
      const { inWindow } = diagram.draw(this.#window);
      const which = at === 0 ? "as it was" : "as it would be";
      byId(at === 0 ? "was-diagram" : "is-diagram").ariaLabel =
        `Messages ${which}, ${times}: ${inWindow}.`;
    }
  }

  #listen(canvas: HTMLCanvasElement): void {
    let x: number | undefined;
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      x = event.offsetX;
    };
    canvas.onpointermove = (event) => {
      if (x === undefined) return;
      this.pan((x - event.offsetX) / this.#diagrams[0]!.places.timeWidth);
      x = event.offsetX;
    };
    canvas.onpointerup = canvas.onpointercancel = () => {
      x = undefined;
    };
    canvas.onkeydown = byKey({
      ArrowLeft: () => this.pan(-0.1),
      ArrowRight: () => this.pan(0.1),
      "+": () => this.zoom(1.5),
      "=": () => this.zoom(1.5),
      "-": () => this.zoom(1 / 1.5),
      "0": () => this.whole(),
    });
  }
}

function tellFuture(id: "was" | "is", { data, messages }: Run): void {
  const { verdict, counts, tookMs } = data.record;
  const word = { passed: "Passed", failed: "Failed", unknown: "Unknown" };
  byId(`${id}-verdict`).replaceChildren(
    make("strong", { class: verdict === "failed" ? "bad" : "" }, word[verdict]),
    ` ${counts.failed} failed, took ${lasting(tookMs)}, ${
      counted(messages.length, "message")
    }`,
  );
}

function tellDifferences(was: Run, is: Run): void {
  const rows = differencesOf(was, is).map(({ what, was, is }) =>
    make(
      "tr",
      make("td", what),
      ...[was, is].map(({ text, isBad }, at) =>
        make("td", {
          class: isBad ? "bad" : "",
          "data-which": WHICH[at]!,
        }, text)
      ),
    )
  );
  byId("differences").replaceChildren(
    tableHead("What comes out differently", ...WHICH),
    make("tbody", ...rows),
  );
  byId("differences").hidden = rows.length === 0;
  byId("no-difference").hidden = rows.length > 0;
}

/**
 * Steps and checks with different results. Those at the same line are matched
 * by their order.
 */
function differencesOf(was: Run, is: Run) {
  const outcomes = (run: Run) => {
    const all = new Map<string, [what: string, outcome: Came]>();
    const put = (what: string, line: number, outcome: Came) => {
      for (let time = 1;; time++) {
        const key = `${line} ${what} ${time}`;
        if (all.has(key)) continue;
        return void all.set(key, [what, outcome]);
      }
    };
    for (const step of run.data.record.steps) {
      put(step.text, step.line, stepOutcome(step));
    }
    for (const { name, line = 0, outcome, actual } of run.data.record.checks) {
      const isBad = outcome === "fail";
      const word = OUTCOME_WORDS[outcome];
      put(name, line, { text: isBad ? `${word}: ${actual}` : word, isBad });
    }
    return all;
  };
  const before = outcomes(was);
  const after = outcomes(is);
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => {
    const [what, old] = before.get(key) ?? ["", NOT_REACHED];
    const [name, now] = after.get(key) ?? [what, NOT_REACHED];
    return old.text === now.text ? [] : [{ what: name, was: old, is: now }];
  });
}

function stepOutcome(step: RunStep): Came {
  if (!step.ok) return { text: `failed: ${step.actual ?? ""}`, isBad: true };
  if (step.isUnknown) return { text: "unknown" };
  if (step.isSkipped) return { text: "skipped" };
  return { text: step.isCheck ? "holds" : "done" };
}
