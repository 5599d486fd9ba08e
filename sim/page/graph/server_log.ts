/**
 * The log of a server, followed.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Given } from "../../model/web/routes.ts";
import { make } from "../../report_page/dom.ts";
import { ApiError } from "../api.ts";
import { addressOf, type App } from "../app.ts";
import { whyOf } from "../fields.ts";
import { setText } from "../keyed.ts";
import { card } from "./panel.ts";
import { Poll } from "./poll.ts";

const LINES = 60;

export class ServerLog {
  readonly element: HTMLElement;
  readonly #lines = make("pre.log", {
    tabindex: 0,
    role: "log",
    "aria-live": "off",
  });
  readonly #poll: Poll;
  #hasNone = false;

  constructor(name: string, app: App) {
    this.#lines.setAttribute("aria-label", `Log of ${name}`);
    const more = make("a", { href: addressOf("console") }, "Search it");
    this.element = card("Log", { id: "log" }, this.#lines, more);
    const path = `/api/servers/${encodeURIComponent(name)}/log?lines=${LINES}`;
    this.#poll = new Poll(app, async () => {
      try {
        this.#show((await app.api.get<Given<"log">>(path)).lines);
      } catch (error) {
        setText(this.#lines, whyOf(error));
        // A herd without logs won't start to write one.
        this.#hasNone = error instanceof ApiError && error.status === 409;
      }
    });
  }

  #show(lines: readonly string[]): void {
    const { scrollTop, clientHeight, scrollHeight } = this.#lines;
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - 24;
    setText(this.#lines, lines.join("\n") || "Nothing yet.");
    if (isAtEnd) this.#lines.scrollTop = this.#lines.scrollHeight;
  }

  frame(elapsedMs: number): void {
    if (!this.#hasNone) this.#poll.frame(elapsedMs);
  }
}
