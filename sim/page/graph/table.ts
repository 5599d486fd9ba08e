/**
 * The graph as tables: always there for screen readers, shown to others on
 * request.
 *
 * @module
 */
/// <reference lib="dom" />
import { button, make, tableHead } from "../../report_page/dom.ts";
import { lasting } from "../../report_page/text.ts";
import type { App } from "../app.ts";
import { setText, showItems } from "../keyed.ts";
import type { Chosen, Scene, SceneEdge, SceneNode } from "./scene.ts";

/** Screen readers can't follow a table that changes ten times a second. */
const EVERY_MS = 1_000;

export class GraphTable {
  readonly element: HTMLElement;
  readonly #servers = make("tbody");
  readonly #links = make("tbody");
  readonly #choose: (chosen: Chosen) => void;
  #shownMs = -Infinity;
  #isOpen = false;

  constructor(choose: (chosen: Chosen) => void) {
    this.#choose = choose;
    this.element = make(
      "div#graph-table.graph-table.unseen",
      tableOf(
        "Servers",
        this.#servers,
        "State",
        "#Links",
        "#Records",
        "#Queued",
      ),
      tableOf("Links", this.#links, "State", "#Lines/s", "#Queued", "#Waited"),
    );
  }

  /** Shows it on the screen, or to screen readers only. */
  open(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#shownMs = -Infinity;
    this.element.classList.toggle("unseen", !isOpen);
    // Controls that are not visible must not take the focus.
    this.element.toggleAttribute("data-open", isOpen);
    for (const item of this.element.querySelectorAll("button")) {
      item.tabIndex = isOpen ? 0 : -1;
    }
  }

  /** Updates it, if it is due. */
  show(scene: Scene, app: App): void {
    const nowMs = performance.now();
    if (nowMs - this.#shownMs < EVERY_MS && app.time.mode === "live") return;
    this.#shownMs = nowMs;
    showItems(this.#servers, scene.nodes, {
      keyOf: ({ name }) => name,
      build: ({ name }) => this.#row({ kind: "server", name }),
      refresh: (row, node) => fill(row, serverCells(node)),
    });
    showItems(this.#links, scene.edges, {
      keyOf: ({ name }) => name,
      build: ({ name }) => this.#row({ kind: "link", name }),
      refresh: (row, edge) => fill(row, linkCells(edge)),
    });
  }

  #row(chosen: Chosen): HTMLElement {
    const name = button(chosen.name, () => this.#choose(chosen), {
      class: "link",
      tabindex: this.#isOpen ? 0 : -1,
    });
    const cells = Array.from(
      { length: 4 },
      (_, i) => make("td", i === 0 ? {} : { class: "number" }),
    );
    return make("tr", make("th", { scope: "row" }, name), ...cells);
  }
}

function tableOf(
  title: string,
  body: HTMLElement,
  ...columns: string[]
): HTMLElement {
  const head = tableHead("Name", ...columns);
  return make("table", make("caption", title), head, body);
}

function fill(row: HTMLElement, cells: readonly string[]): void {
  for (const [i, text] of cells.entries()) setText(row.children[i + 1]!, text);
}

function serverCells(node: SceneNode): string[] {
  const { look, server, degree, isBehind, isWeak } = node;
  const words = [look?.word ?? "not known"];
  if (isBehind) words.push("lacks the fix");
  if (isWeak) words.push("single point of failure");
  return [
    words.join(", "),
    String(degree),
    String(server?.records ?? "–"),
    String(server?.queued ?? "–"),
  ];
}

function linkCells(edge: SceneEdge): string[] {
  const { look, link, rateAB, rateBA, isWeak } = edge;
  const touched = (look?.faults ?? [])
    .map(({ fault, touched }) => `${fault} touched ${touched}`);
  const words = [look?.word ?? "not known", ...touched];
  if (isWeak) words.push("single point of failure");
  const queued = link?.queuedAB === null || link === undefined
    ? "–"
    : String(link.queuedAB + (link.queuedBA ?? 0));
  const lagMs = Math.max(link?.lagAB ?? 0, link?.lagBA ?? 0);
  return [
    words.join(", "),
    String(Math.round(rateAB + rateBA)),
    queued,
    lagMs === 0 ? "–" : lasting(lagMs),
  ];
}
