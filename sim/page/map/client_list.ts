/**
 * The list of clients beside the map, and which servers lack their fixes.
 *
 * @module
 */
/// <reference lib="dom" />
import type { SeenFix } from "../../model/web/batch.ts";
import { button, make } from "../../report_page/dom.ts";
import { counted, grouped } from "../../report_page/text.ts";
import { field, input, row } from "../fields.ts";
import { setCurrent, setText, showItems } from "../keyed.ts";
import type { Snapshot } from "../snapshot.ts";
import { lacks, listed } from "./clients.ts";

/** The most rows; the search finds the rest. */
const ROWS_MAX = 60;

export class ClientList {
  readonly element: HTMLElement;
  readonly #onChoose: (client: string) => void;
  readonly #onLacking: (server: string) => void;
  readonly #title = make("h2", "Clients");
  readonly #lacks = make("ul.chips", {
    "aria-label": "Servers that lack a newest fix",
  });
  readonly #behind = make("p.soft", { role: "status" });
  readonly #search = input({ type: "search", placeholder: "any" });
  readonly #rows = make("ul.rows", { "aria-label": "Clients" });
  readonly #more = make("p.soft");

  /**
   * Reports which client was chosen, for which server missing fixes are to be
   * shown, and changes of the search.
   */
  constructor(
    onChoose: (client: string) => void,
    onLacking: (server: string) => void,
    onSearch: () => void,
  ) {
    this.#onChoose = onChoose;
    this.#onLacking = onLacking;
    this.#search.addEventListener("input", onSearch);
    this.element = make(
      "section.card",
      { "aria-label": "Clients" },
      this.#title,
      this.#behind,
      this.#lacks,
      field("Find a client", this.#search),
      this.#rows,
      this.#more,
    );
  }

  show(current: Snapshot, chosen: string, lacking: string): void {
    const { fixes, servers } = current;
    const counts = lacks(fixes.values());
    const behind = [...servers.keys()].filter((name) =>
      counts.has(name) || name === lacking
    );
    setText(this.#behind, behindText(fixes.size, behind.length));
    showItems(this.#lacks, behind, {
      keyOf: (name) => name,
      build: (name) => this.#chip(name),
      refresh: (element, name) => {
        const button = element.firstElementChild!;
        const text = `${name} lacks ${grouped(counts.get(name) ?? 0)}`;
        setText(button, text);
        button.setAttribute("aria-pressed", String(name === lacking));
      },
    });
    const narrowing = { search: this.#search.value.trim(), lacking };
    const { shown, total } = listed(fixes.values(), narrowing, ROWS_MAX);
    setText(
      this.#title,
      fixes.size === 0 ? "Clients" : counted(fixes.size, "client"),
    );
    this.#search.parentElement!.hidden = fixes.size < 2;
    showItems(this.#rows, shown, {
      keyOf: ({ client }) => client,
      build: ({ client }) => this.#row(client),
      refresh: (element, fix) =>
        refreshRow(element, fix, fix.client === chosen),
    });
    const left = total - shown.length;
    const none = total === 0 && fixes.size > 0 ? "No client is so." : "";
    const more = `${counted(left, "more client", "more clients")}: search.`;
    setText(this.#more, left > 0 ? more : none);
  }

  #chip(name: string): HTMLElement {
    const chip = button(
      "",
      () => this.#onLacking(chip.ariaPressed === "true" ? "" : name),
    );
    return make("li", chip);
  }

  #row(client: string): HTMLElement {
    const others = [make("small.server"), make("small.bad")];
    return row(client, () => this.#onChoose(client), ...others);
  }
}

function refreshRow(
  element: HTMLElement,
  fix: SeenFix,
  isChosen: boolean,
): void {
  const [, server, behind] = element.firstElementChild!.children;
  setText(server!, fix.server);
  const { length } = fix.behind;
  setText(behind!, length === 0 ? "" : `not on ${fix.behind.join(", ")}`);
  setCurrent(element.firstElementChild!, isChosen);
}

function behindText(clients: number, behind: number): string {
  if (clients === 0) {
    return "No client has told its position yet. Click on the map to send a " +
      "fix for one.";
  }
  return behind === 0
    ? "Every server that is up has the newest fix of each."
    : "";
}
