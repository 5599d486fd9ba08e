/**
 * What a server has counted since it was started.
 *
 * @module
 */
/// <reference lib="dom" />
import { make } from "../../report_page/dom.ts";
import type { App } from "../app.ts";
import { whyOf } from "../fields.ts";
import { setText } from "../keyed.ts";
import { bytesText, card, numberText, showFacts } from "./panel.ts";
import { Poll } from "./poll.ts";

/** See the module. */
export class CountersList {
  /** Its card. */
  readonly element: HTMLElement;
  readonly #list = make("dl", { class: "figures" });
  readonly #note = make("p", { class: "soft" });
  readonly #poll: Poll;

  /** Of a server by its name; it asks once a second. */
  constructor(name: string, app: App) {
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
    const facts = Object.entries(stats).flatMap(([name, value]) =>
      typeof value === "number" ? [[wordsOf(name), textOf(name, value)]] : []
    );
    showFacts(this.#list, facts as [string, string | null][]);
  }

  /** So much time has passed. */
  frame(elapsedMs: number): void {
    this.#poll.frame(elapsedMs);
  }
}

function textOf(name: string, value: number): string | null {
  return /bytes/i.test(name) ? bytesText(value) : numberText(value);
}

/** `longestQueue` as people write it: `Longest queue`. */
function wordsOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words[0]!.toUpperCase() + words.slice(1);
}
