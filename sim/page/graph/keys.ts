/**
 * Keyboard control of the graph: moves from server to server and along links,
 * and runs actions.
 *
 * @module
 */
/// <reference lib="dom" />
import { byKey } from "../../report_page/dom.ts";
import { counted } from "../../report_page/text.ts";
import type { Chosen, SceneEdge, SceneNode } from "./scene.ts";
import type { Stage } from "./stage.ts";

/** The actions that keys call. */
export interface KeyActs {
  /** Opens the panel of a server or a link, and focuses it. */
  open(chosen: Chosen): void;
  /** Adds a server to the partition's selection, or removes it. */
  toggle(name: string): void;
  /** Partitions the selected servers from the rest. */
  partition(): void;
  /** Clears selection and marks. */
  escape(): void;
  /** Has a text announced by screen readers. */
  say(text: string): void;
}

/** Tracks the keyboard's position: a server, or one of its links. */
export class KeyWalk {
  readonly #stage: Stage;
  readonly #acts: KeyActs;
  #link = -1;

  /** Listens until `signal` aborts. */
  constructor(stage: Stage, acts: KeyActs, signal: AbortSignal) {
    this.#stage = stage;
    this.#acts = acts;
    const { canvas } = stage;
    canvas.addEventListener("keydown", byKey(this.#keys), { signal });
    canvas.addEventListener("focus", () => {
      // After a click the choice is made already; the keyboard starts at the
      // first server.
      if (!canvas.matches(":focus-visible")) return;
      const { chosen } = stage.marks;
      const first = stage.scene.nodes[0]?.name;
      const at = chosen?.kind === "server" ? chosen.name : first;
      if (at !== undefined) this.go(at);
    }, { signal });
    canvas.addEventListener("blur", () => {
      stage.marks.focused = undefined;
      this.#hoverLink(undefined);
      stage.changed();
    }, { signal });
  }

  readonly #keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => this.#step(-1, 0),
    ArrowRight: () => this.#step(1, 0),
    ArrowUp: () => this.#step(0, -1),
    ArrowDown: () => this.#step(0, 1),
    Home: () => this.#goTo(0),
    End: () => this.#goTo(-1),
    n: () => this.#inOrder(1),
    p: () => this.#inOrder(-1),
    l: () => this.#nextLink(),
    " ": () => this.#pick(),
    Enter: () => this.#open(),
    x: () => this.#acts.partition(),
    Escape: () => this.#acts.escape(),
    "+": () => this.#enlarge(1.5),
    "=": () => this.#enlarge(1.5),
    "-": () => this.#enlarge(1 / 1.5),
    "0": () => {
      this.#stage.outlook?.whole();
      this.#stage.changed();
    },
  };

  go(name: string): void {
    const node = this.#stage.scene.node(name);
    if (node === undefined) return;
    this.#link = -1;
    this.#hoverLink(undefined);
    this.#stage.marks.focused = name;
    this.#stage.outlook?.reveal(name);
    this.#stage.changed();
    this.#acts.say(serverSaid(node));
  }

  #goTo(index: number): void {
    const name = this.#stage.scene.nodes.at(index)?.name;
    if (name !== undefined) this.go(name);
  }

  #inOrder(by: 1 | -1): void {
    const { scene, marks } = this.#stage;
    const at = scene.nodes.findIndex(({ name }) => name === marks.focused);
    this.#goTo((at + by + scene.nodes.length) % scene.nodes.length);
  }

  #step(dx: number, dy: number): void {
    const { scene, marks } = this.#stage;
    const next = marks.focused === undefined
      ? scene.nodes[0]?.name
      : scene.towards(marks.focused, dx, dy);
    if (next !== undefined) this.go(next);
  }

  #linksHere(): SceneEdge[] {
    const { scene, marks } = this.#stage;
    return scene.edges.filter(({ a, b }) =>
      a.name === marks.focused || b.name === marks.focused
    );
  }

  #nextLink(): void {
    const links = this.#linksHere();
    this.#link = this.#link + 1 >= links.length ? -1 : this.#link + 1;
    const link = links[this.#link];
    this.#hoverLink(link);
    if (link === undefined) {
      const node = this.#stage.scene.node(this.#stage.marks.focused ?? "");
      if (node !== undefined) this.#acts.say(serverSaid(node));
    } else this.#acts.say(linkSaid(link));
    this.#stage.changed();
  }

  #hoverLink(edge: SceneEdge | undefined): void {
    this.#stage.marks.hovered = edge && { kind: "link", name: edge.name };
  }

  #pick(): void {
    const { focused } = this.#stage.marks;
    if (focused !== undefined) this.#acts.toggle(focused);
  }

  #open(): void {
    const link = this.#linksHere()[this.#link];
    const { focused } = this.#stage.marks;
    if (link !== undefined) this.#acts.open({ kind: "link", name: link.name });
    else if (focused !== undefined) {
      this.#acts.open({ kind: "server", name: focused });
    }
  }

  #enlarge(factor: number): void {
    const { scene, marks, canvas, outlook } = this.#stage;
    const middle = { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 };
    outlook?.enlarge(factor, scene.node(marks.focused ?? "") ?? middle);
    this.#stage.changed();
  }
}

/** The description of a server for screen readers. */
export function serverSaid(node: SceneNode): string {
  const words = [node.look?.word ?? "not known", counted(node.degree, "link")];
  if (node.isBehind) words.push("lacks the fix that is followed");
  if (node.isWeak) words.push("single point of failure");
  for (const { text } of node.faults) words.push(text);
  return `${node.name}: ${words.join(", ")}`;
}

/** The description of a link for screen readers. */
export function linkSaid(edge: SceneEdge): string {
  const words = [edge.look?.word ?? "not known"];
  const rate = Math.round(edge.rateAB + edge.rateBA);
  words.push(`${counted(rate, "line")} a second`);
  if (edge.isWeak) words.push("single point of failure");
  return `Link ${edge.name}: ${words.join(", ")}`;
}
