/**
 * The counters of a server since its start.
 *
 * @module
 */
/// <reference lib="dom" />
import { make } from "../../report_page/dom.ts";
import type { App } from "../app.ts";
import { sentence, whyOf } from "../fields.ts";
import { setText } from "../keyed.ts";
import { bytesText, card, numberText, showFacts } from "./panel.ts";
import { Poll } from "./poll.ts";

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

export class CountersList {
  readonly element: HTMLElement;
  readonly #list = make("dl.figures");
  readonly #note = make("p.soft");
  readonly #app: App;
  readonly #poll: Poll;

  /** Polls the server `name` once a second. */
  constructor(name: string, app: App) {
    this.#app = app;
    this.element = card("Counters", { id: "counters" }, this.#note, this.#list);
    const path = `/api/servers/${encodeURIComponent(name)}/counters`;
    this.#poll = new Poll(app, async () => {
      try {
        this.#show(await app.api.get<{ stats: Record<string, unknown> }>(path));
        setText(this.#note, "");
      } catch (error) {
        setText(this.#note, whyOf(error));
      }
    });
  }

  #show({ stats }: { stats: Record<string, unknown> }): void {
    const facts = Object.entries(WORDS).flatMap(([name, word]) => {
      const value = stats[name];
      return typeof value === "number" ? [[word, textOf(name, value)]] : [];
    });
    showFacts(this.#list, facts as [string, string | null][]);
  }

  frame(elapsedMs: number): void {
    const why = this.#app.herd?.hidden.memory;
    if (why === undefined) this.#poll.frame(elapsedMs);
    else setText(this.#note, sentence(why));
  }
}

function textOf(name: string, value: number): string | null {
  return /bytes/i.test(name) ? bytesText(value) : numberText(value);
}
