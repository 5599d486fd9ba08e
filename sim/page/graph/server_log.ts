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
import { keepAtEnd, setText } from "../keyed.ts";
import { Poll } from "../poll.ts";
import { card } from "./panel.ts";

const LINES = 60;

export class ServerLog extends Poll<Given<"log">> {
  readonly element: HTMLElement;
  readonly #name: string;
  readonly #lines = make("pre.log", {
    tabindex: 0,
    role: "log",
    "aria-live": "off",
  });
  #hasNone = false;

  constructor(name: string, app: App) {
    super(app);
    this.#name = name;
    this.#lines.ariaLabel = `Log of ${name}`;
    const more = make("a", { href: addressOf("console") }, "Search it");
    this.element = card("Log", { id: "log" }, this.#lines, more);
  }

  protected override path(): string {
    return `/api/servers/${encodeURIComponent(this.#name)}/log?lines=${LINES}`;
  }

  protected override show({ lines }: Given<"log">): void {
    const text = lines.join("\n") || "Nothing yet.";
    keepAtEnd(this.#lines, () => setText(this.#lines, text));
  }

  protected override tell(why: string, error: unknown): void {
    setText(this.#lines, why);
    // A herd without logs won't start to write one.
    this.#hasNone = error instanceof ApiError && error.status === 409;
  }

  protected override mayAsk(): boolean {
    return !this.#hasNone && super.mayAsk();
  }
}
