/**
 * The counters of a server since its start.
 *
 * @module
 */
/// <reference lib="dom" />
import { make } from "../../report_page/dom.ts";
import type { App } from "../app.ts";
import { sentence } from "../fields.ts";
import { setText } from "../keyed.ts";
import { Poll } from "../poll.ts";
import { bytesText, card, numberText, showFacts } from "./panel.ts";

/** The labels of counters by their names on the wire, in display order. */
const WORDS: Readonly<Record<string, string>> = {
  iamat: "IAMATs acknowledged",
  whatsat: "WHATSATs answered",
  bad: "Lines refused (?)",
  stored: "Updates stored",
  told: "… that clients sent",
  atIn: "AT lines from neighbours",
  duplicates: "… that were no news",
  atOut: "AT lines to neighbours",
  controlOut: "Lines of trees and queries sent",
  syncOut: "Lines of syncs sent",
  repairs: "Lost fixes found, and mended",
  queries: "Queries through the herd",
  queriesPartial: "… with an answer missing",
  bytesIn: "Bytes read",
  bytesOut: "Bytes written",
  longestQueue: "Longest queue so far",
};

/** Of the server `name`. */
export class CountersList extends Poll<{ stats: Record<string, unknown> }> {
  readonly element: HTMLElement;
  readonly #list = make("dl.figures");
  readonly #note = make("p.soft");
  readonly #name: string;

  constructor(name: string, app: App) {
    super(app);
    this.#name = name;
    this.element = card("Counters", { id: "counters" }, this.#note, this.#list);
  }

  protected override path(): string {
    return `/api/servers/${encodeURIComponent(this.#name)}/counters`;
  }

  protected override show({ stats }: { stats: Record<string, unknown> }): void {
    const facts = Object.entries(WORDS).flatMap(([name, word]) => {
      const value = stats[name];
      return typeof value === "number" ? [[word, textOf(name, value)]] : [];
    });
    showFacts(this.#list, facts as [string, string | null][]);
    this.tell("");
  }

  protected override tell(why: string): void {
    setText(this.#note, why);
  }

  protected override mayAsk(): boolean {
    const why = this.app.herd?.hidden["memory"];
    if (why !== undefined) this.tell(sentence(why));
    return why === undefined && super.mayAsk();
  }
}

function textOf(name: string, value: number): string | null {
  return /bytes/i.test(name) ? bytesText(value) : numberText(value);
}
