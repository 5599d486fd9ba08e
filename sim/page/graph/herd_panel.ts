/**
 * The panel of the whole herd: followed clients, active faults, weak places,
 * recent events.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Shape } from "../../model/web/batch.ts";
import { button, form, make } from "../../report_page/dom.ts";
import { counted } from "../../report_page/text.ts";
import type { App } from "../app.ts";
import { input, row } from "../fields.ts";
import { setText, showItems } from "../keyed.ts";
import type { Snapshot } from "../snapshot.ts";
import { eventText } from "./events_text.ts";
import { ago, card, type Choose, type Panel, showFaults } from "./panel.ts";

const CLIENTS_SHOWN = 6;
const EVENTS_SHOWN = 10;
/**
 * Lists that change all the time are refreshed this often only, so that they
 * can be read.
 */
const SLOW_MS = 400;

export class HerdPanel implements Panel {
  readonly element: HTMLElement = make("div#herd-panel");
  readonly #app: App;
  readonly #choose: Choose;
  readonly #followed = make("ul.chips");
  readonly #clients = make("ul.rows");
  readonly #clientsNote = make("small");
  readonly #faults = make("ul.rows.faults");
  readonly #faultsNote = make("p.soft");
  readonly #shape = make("ul.rows.shape");
  readonly #events = make("ol.rows.events");
  #slowMs = -Infinity;

  constructor(app: App, choose: Choose) {
    this.#app = app;
    this.#choose = choose;
    const text = input({
      id: "follow",
      placeholder: "Client, such as kiwi",
      "aria-label": "Client to follow",
    });
    const follow = form(
      () => {
        const client = text.value.trim();
        text.value = "";
        if (client !== "") this.#follow(client);
      },
      { class: "inline" },
      text,
      make("button", { type: "submit" }, "Follow"),
    );
    this.element.append(
      card(
        "Updates, link by link",
        {},
        follow,
        this.#followed,
        this.#clients,
        this.#clientsNote,
      ),
      card("Faults", { id: "faults" }, this.#faultsNote, this.#faults),
      card("Weak places", { id: "shape" }, this.#shape),
      card("Events", { id: "events" }, this.#events),
    );
  }

  #follow(client: string): void {
    const { followed } = this.#app;
    if (!followed.includes(client)) this.#app.follow([...followed, client]);
  }

  show(snapshot: Snapshot): void {
    this.#showFollowed();
    setText(
      this.#faultsNote,
      snapshot.faults.length === 0
        ? "None. Pick a server or a link to inject one, or lasso servers to cut " +
          "them off."
        : "",
    );
    showFaults(this.#faults, snapshot.faults, this.#app, snapshot.atMs);
    this.#showShape(snapshot.shape);
    const nowMs = performance.now();
    const isSoon = nowMs - this.#slowMs < SLOW_MS;
    if (isSoon && this.#app.time.mode === "live") return;
    this.#slowMs = nowMs;
    this.#showClients(snapshot);
    this.#showEvents(snapshot);
  }

  #showFollowed(): void {
    const { followed } = this.#app;
    showItems(this.#followed, followed, {
      keyOf: (client) => client,
      build: (client) => {
        const end = button(`${client} ×`, () => {
          const others = this.#app.followed.filter((it) => it !== client);
          this.#app.follow(others);
        }, { "aria-label": `Follow ${client} no more` });
        return make("li", end);
      },
    });
  }

  #showClients({ fixes, servers, unseen }: Snapshot): void {
    const { followed } = this.#app;
    const newest = followed.flatMap((client) => fixes.get(client) ?? []);
    const others = [...fixes.values()].slice(-CLIENTS_SHOWN).reverse()
      .filter(({ client }) => !followed.includes(client));
    const shown = [...newest, ...others].slice(
      0,
      Math.max(CLIENTS_SHOWN, newest.length),
    );
    showItems(this.#clients, shown, {
      keyOf: ({ client }) => client,
      build: ({ client }) =>
        row(
          client,
          () => this.#follow(client),
          { title: "Follow it" },
          make("small"),
          make("span.lack"),
        ),
      refresh: (element, { server, behind }) => {
        const [, where, lack] = element.firstElementChild!.children;
        setText(where!, `told ${server}`);
        const up = [...servers.values()].filter(({ state }) => state === "up");
        setText(
          lack!,
          behind.length === 0
            ? ""
            : behind.length > 4
            ? `missing on ${behind.length} of ${up.length}`
            : `missing on ${behind.join(", ")}`,
        );
      },
    });
    setText(
      this.#clientsNote,
      unseen ??
        (fixes.size === 0
          ? "No client has told where it is. Send a fix from the map or the console."
          : followed.length === 0
          ? "Follow a client to see each of its updates go from server to server."
          : ""),
    );
  }

  #showShape(shape: Shape | null): void {
    const rows = shape === null
      ? [{ key: "none", text: "Not known here." }]
      : rowsOf(shape);
    showItems(this.#shape, rows, {
      keyOf: ({ key }) => key,
      build: () => make("li", make("span"), make("span.chips")),
      refresh: (element, { text, names = [] }) => {
        setText(element.firstElementChild!, text);
        this.#showNames(element.lastElementChild as HTMLElement, names);
      },
    });
  }

  #showNames(list: HTMLElement, names: readonly string[]): void {
    const kind = names[0]?.includes("-") ? "link" : "server";
    showItems(list, names.slice(0, 12), {
      keyOf: (name) => name,
      build: (name) => button(name, () => this.#choose({ kind, name })),
    });
  }

  #showEvents({ events, atMs }: Snapshot): void {
    const told: { key: string; text: string; atMs: number }[] = [];
    for (let i = events.length - 1; i >= 0; i--) {
      const event = events[i]!;
      const text = eventText(event);
      if (text === undefined) continue;
      told.push({ key: `${event.atMs} ${text}`, text, atMs: event.atMs });
      if (told.length === EVENTS_SHOWN) break;
    }
    const unique = new Map(told.map((it) => [it.key, it]));
    showItems(this.#events, [...unique.values()], {
      keyOf: ({ key }) => key,
      build: ({ text }) => make("li", make("small.number"), text),
      refresh: (element, event) =>
        setText(element.firstElementChild!, ago(atMs - event.atMs)),
    });
  }
}

/** What is told of a shape, and the servers or links that it names. */
function rowsOf(
  { parts, cutServers, cutLinks, diameter, advice }: Shape,
): { key: string; text: string; names?: readonly string[] }[] {
  const split = parts.map((part) =>
    part.length <= 3 ? part.join(", ") : `${part.length} servers`
  );
  const weak = (what: string, names: readonly string[]) => ({
    key: what,
    text: names.length > 0
      ? `It falls apart without ${anyOf(names.length, what)}:`
      : `It holds together without any one ${what}.`,
    names,
  });
  return [
    {
      key: "parts",
      text: parts.length > 1
        ? `The herd is split into ${parts.length} parts: ${split.join(" | ")}`
        : "All running servers are connected.",
    },
    { key: "diameter", text: `Longest path: ${counted(diameter, "link")}.` },
    weak("server", cutServers),
    weak("link", cutLinks),
    ...advice === null ? [] : [{
      key: "advice",
      text: `A link ${advice.link} would help most: ${advice.why}.`,
    }],
  ];
}

/** `this server`, or `any one of these 3 servers`. */
function anyOf(count: number, what: string): string {
  return count === 1 ? `this ${what}` : `any one of these ${count} ${what}s`;
}
