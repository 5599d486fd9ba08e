/**
 * The log of a server, followed.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Given } from "../../model/web/routes.ts";
import { make } from "../../report_page/dom.ts";
import type { App } from "../app.ts";
import { choice, field, input, offer, whyOf } from "../fields.ts";
import type { Followed } from "./prompt.ts";

const LINES = 200;
const EVERY_MS = 1_000;

/** A card that polls each second while it follows. */
export class LogCard {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #server = choice({ name: "log-server" });
  readonly #text = input({ type: "search", placeholder: "anything" });
  readonly #follows = make("input", { type: "checkbox" });
  readonly #note = make("p.soft", { role: "status" });
  // A screen reader that announced each line would never finish.
  readonly #lines = make("pre.log", {
    tabindex: 0,
    role: "log",
    "aria-live": "off",
    "aria-label": "Log lines",
  });
  #sinceMs = Infinity;
  #isAsking = false;

  constructor(app: App) {
    this.#app = app;
    this.#follows.checked = true;
    for (const control of [this.#server, this.#text, this.#follows]) {
      control.addEventListener("input", () => this.#sinceMs = Infinity);
    }
    this.element = make(
      "section.card.log-card",
      { "aria-label": "Log" },
      make(
        "div.head",
        make("h2", "Log"),
        make("label.check", this.#follows, "Follow"),
      ),
      make(
        "div.pair",
        field("Server", this.#server),
        field("Containing", this.#text),
      ),
      this.#note,
      this.#lines,
    );
  }

  offer(servers: readonly string[]): void {
    offer(this.#server, servers);
  }

  /** Follows a server, as `log -f` does. */
  follow({ server, text }: Followed): void {
    this.#server.value = server;
    this.#text.value = text;
    this.#follows.checked = true;
    this.#sinceMs = Infinity;
    this.element.scrollIntoView({ block: "nearest" });
  }

  frame(elapsedMs: number): void {
    this.#sinceMs += elapsedMs;
    const isDue = this.#sinceMs >= EVERY_MS &&
      (this.#follows.checked || this.#sinceMs === Infinity);
    if (!isDue || this.#isAsking || this.#server.value === "") return;
    if (this.#app.time.mode !== "live") {
      const isPast = "Logs are those of now: they go on when the time does.";
      this.#note.textContent = isPast;
      return;
    }
    void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    this.#sinceMs = 0;
    const path = this.#path();
    try {
      const { lines } = await this.#app.api.get<Given<"log">>(path);
      // Another one may be followed by now.
      if (path === this.#path()) this.#show(lines);
    } catch (error) {
      if (path === this.#path()) this.#note.textContent = whyOf(error);
    } finally {
      this.#isAsking = false;
    }
  }

  #path(): string {
    const query = new URLSearchParams({ lines: String(LINES) });
    if (this.#text.value !== "") query.set("text", this.#text.value);
    const server = encodeURIComponent(this.#server.value);
    return `/api/servers/${server}/log?${query}`;
  }

  #show(lines: readonly string[]): void {
    const text = lines.join("\n");
    this.#note.textContent = text === "" ? "No such line yet." : "";
    if (this.#lines.textContent === text) return;
    const { scrollTop, clientHeight, scrollHeight } = this.#lines;
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - 24;
    this.#lines.textContent = text;
    if (isAtEnd) this.#lines.scrollTop = this.#lines.scrollHeight;
  }
}
