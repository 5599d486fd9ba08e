/**
 * The log of a server, followed.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Given } from "../../model/web/routes.ts";
import { make } from "../../report_page/dom.ts";
import type { App } from "../app.ts";
import { choice, field, input } from "../fields.ts";
import { keepAtEnd, setText } from "../keyed.ts";
import { Poll } from "../poll.ts";
import type { Followed } from "./prompt.ts";

const LINES = 200;

/** A card that polls each second while it follows. */
export class LogCard extends Poll<Given<"log">> {
  readonly element: HTMLElement;
  readonly server: HTMLSelectElement = choice({ name: "log-server" });
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

  constructor(app: App) {
    super(app);
    this.#follows.checked = true;
    for (const control of [this.server, this.#text, this.#follows]) {
      control.addEventListener("input", () => this.soon());
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
        field("Server", this.server),
        field("Containing", this.#text),
      ),
      this.#note,
      this.#lines,
    );
  }

  /** Follows a server, as `log -f` does. */
  follow({ server, text }: Followed): void {
    this.server.value = server;
    this.#text.value = text;
    this.#follows.checked = true;
    this.soon();
    this.element.scrollIntoView({ block: "nearest" });
  }

  protected override goesOn(): boolean {
    return this.#follows.checked;
  }

  protected override mayAsk(): boolean {
    if (this.server.value === "") return false;
    const isLive = this.app.time.mode === "live";
    if (!isLive) {
      this.tell("Logs are those of now: they go on when the time does.");
    }
    return isLive;
  }

  protected override path(): string {
    const query = new URLSearchParams({ lines: String(LINES) });
    if (this.#text.value !== "") query.set("text", this.#text.value);
    const server = encodeURIComponent(this.server.value);
    return `/api/servers/${server}/log?${query}`;
  }

  protected override show({ lines }: Given<"log">): void {
    const text = lines.join("\n");
    this.tell(text === "" ? "No such line yet." : "");
    keepAtEnd(this.#lines, () => setText(this.#lines, text));
  }

  protected override tell(why: string): void {
    setText(this.#note, why);
  }
}
