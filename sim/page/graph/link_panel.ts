/**
 * The panel of one link: the queue at either end, its faults, and a form for
 * new ones.
 *
 * @module
 */
/// <reference lib="dom" />
import type { LinkView } from "../../model/web/batch.ts";
import { button, make } from "../../report_page/dom.ts";
import type { App } from "../app.ts";
import { setText } from "../keyed.ts";
import type { Snapshot } from "../snapshot.ts";
import { FaultForm } from "./fault_form.ts";
import { FaultsByTarget, linkLook } from "./looks.ts";
import {
  card,
  type Choose,
  durationText,
  numberText,
  type Panel,
  panelHead,
  showFacts,
  showFaults,
} from "./panel.ts";

export class LinkPanel implements Panel {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #name: string;
  readonly #state = make("p.state");
  readonly #ways = [
    make("dl.figures"),
    make("dl.figures"),
  ] as const;
  readonly #faults = make("ul.rows.faults");
  readonly #none = make("p.soft", "None.");

  constructor(
    link: Pick<LinkView, "a" | "b">,
    app: App,
    choose: Choose,
  ) {
    const { a, b } = link;
    this.#app = app;
    this.#name = `${a}-${b}`;
    const server = (name: string) =>
      button(name, () => choose({ kind: "server", name }), {
        class: "link",
      });
    const form = new FaultForm(app, "links", [
      [`${a}-${b}`, "both ways"],
      [`${a}>${b}`, `${a} to ${b}`],
      [`${b}>${a}`, `${b} to ${a}`],
    ]);
    const way = (from: string, to: string, list: HTMLElement) => [
      make("h3", server(from), " → ", server(to)),
      list,
    ];
    this.element = make(
      "div#link-panel",
      make(
        "section.card",
        panelHead(`${a} – ${b}`, "Link", choose),
        this.#state,
        ...way(a, b, this.#ways[0]),
        ...way(b, a, this.#ways[1]),
      ),
      card("Faults", {}, this.#none, this.#faults),
      card("Bring about a fault", {}, form.element),
    );
  }

  show(snapshot: Snapshot): void {
    const link = snapshot.links.get(this.#name);
    if (link === undefined) {
      setText(this.#state, "Not known at this moment.");
      return;
    }
    const look = linkLook(link, new FaultsByTarget(snapshot.faults));
    this.#state.dataset["tone"] = look.tone;
    const isWeak = snapshot.shape?.cutLinks.includes(this.#name) ?? false;
    setText(
      this.#state,
      look.word + (isWeak ? " · single point of failure" : ""),
    );
    const { a, b, queuedAB, queuedBA, lagAB, lagBA } = link;
    const facts = (
      way: string,
      queued: number | null,
      lagMs: number | null,
    ): [string, string | null][] => [
      ["Lines a second", rateText(snapshot.rates.get(way) ?? 0)],
      ["Queued", numberText(queued)],
      ["Oldest has waited", durationText(lagMs)],
    ];
    showFacts(this.#ways[0], facts(`${a}>${b}`, queuedAB, lagAB));
    showFacts(this.#ways[1], facts(`${b}>${a}`, queuedBA, lagBA));
    this.#none.hidden = look.faults.length > 0;
    showFaults(this.#faults, look.faults, this.#app, snapshot.atMs);
  }
}

function rateText(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : numberText(rate)!;
}
