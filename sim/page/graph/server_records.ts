/**
 * The records of a server, page by page.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Given } from "../../model/web/routes.ts";
import { button, make } from "../../report_page/dom.ts";
import { grouped } from "../../report_page/text.ts";
import type { App } from "../app.ts";
import { input, sentence } from "../fields.ts";
import { setText, showItems } from "../keyed.ts";
import { Poll } from "../poll.ts";
import { card } from "./panel.ts";

const PAGE = 10;

export class RecordsList extends Poll<Given<"records">> {
  readonly element: HTMLElement;
  readonly #path: string;
  readonly #search = input({
    type: "search",
    placeholder: "Client",
    "aria-label": "Search clients",
  });
  readonly #list = make("ul.rows.records");
  readonly #note = make("span.soft", { role: "status" });
  readonly #before = button("‹", () => this.#turn(-PAGE), {
    "aria-label": "Records before these",
  });
  readonly #after = button("›", () => this.#turn(PAGE), {
    "aria-label": "Records after these",
  });
  readonly #pages: HTMLElement;
  #offset = 0;

  constructor(name: string, app: App) {
    super(app);
    this.#path = `/api/servers/${encodeURIComponent(name)}/records`;
    this.#pages = make("span.row", this.#before, this.#after);
    this.element = card(
      "Records",
      { id: "records" },
      this.#search,
      this.#list,
      make("div.row", this.#pages, this.#note),
    );
    this.#search.addEventListener("input", () => {
      this.#offset = 0;
      this.soon();
    });
  }

  #turn(by: number): void {
    this.#offset = Math.max(0, this.#offset + by);
    this.soon();
  }

  protected override path(): string {
    const query = new URLSearchParams({
      search: this.#search.value.trim(),
      offset: String(this.#offset),
      limit: String(PAGE),
    });
    return `${this.#path}?${query}`;
  }

  protected override show({ total, records }: Given<"records">): void {
    // There may be fewer records than when this page was opened.
    if (records.length === 0 && this.#offset > 0) return this.#turn(-PAGE);
    showItems(this.#list, records, {
      keyOf: ({ client }) => client,
      build: ({ client }) =>
        make("li", make("span.client", client), make("small.mono")),
      refresh: (element, { line }) => setText(element.lastElementChild!, line),
    });
    const last = this.#offset + records.length;
    setText(
      this.#note,
      total === 0
        ? "No record."
        : `${grouped(this.#offset + 1)}–${grouped(last)} of ${grouped(total)}`,
    );
    this.#before.disabled = this.#offset === 0;
    this.#after.disabled = last >= total;
  }

  protected override tell(why: string): void {
    setText(this.#note, why);
  }

  protected override mayAsk(): boolean {
    const why = this.app.herd?.hidden["records"];
    if (why === undefined) return super.mayAsk();
    for (const element of [this.#search, this.#pages]) element.hidden = true;
    this.tell(
      `${sentence(why)} For the fix of one client, ask by WHATSAT: on the ` +
        "map, or in the console.",
    );
    return false;
  }
}
