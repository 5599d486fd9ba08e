/**
 * The canvas of the graph: what is seen on it, and when it is painted.
 *
 * @module
 */
/// <reference lib="dom" />
import { make } from "../../report_page/dom.ts";
import type { App } from "../app.ts";
import { forceLibrary } from "../libraries.ts";
import type { Snapshot } from "../snapshot.ts";
import { HopPlayer } from "./hop_player.ts";
import { layOut, type Point, roundLayout } from "./layout.ts";
import { paintMoving } from "./moving_layer.ts";
import { Outlook } from "./outlook.ts";
import {
  type Colours,
  coloursNow,
  type Marks,
  Sheet,
  type Sizes,
  sizesFor,
} from "./paint.ts";
import { Scene } from "./scene.ts";
import { paintStill } from "./still_layer.ts";

/** So long the library that lays the graph out is waited for. */
const LIBRARY_MS = 400;

/** What is marked, as it changes. */
export type MutableMarks = { -readonly [K in keyof Marks]: Marks[K] };

/** Shows the herd on two canvases, one of which changes at each frame. */
export class Stage {
  /** The element that has it. */
  readonly element: HTMLElement;
  /** What is marked; `markChanged` after a change. */
  readonly marks: MutableMarks = {
    chosen: undefined,
    hovered: undefined,
    focused: undefined,
    picked: new Set(),
  };
  /** A line that is being drawn round servers. */
  lasso: Point[] = [];
  readonly #app: App;
  readonly #moving: Sheet;
  readonly #still: Sheet;
  readonly #hops = new HopPlayer();
  readonly #motion = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #watch: ResizeObserver;
  #scene = new Scene([], []);
  #outlook: Outlook | undefined;
  #colours: Colours = coloursNow();
  #font = "";
  #shape = "";
  #isDirty = true;
  /** Rates or hops are others, at a time that stands still. */
  #isFlowDirty = true;
  #phaseMs = 0;
  #paintedMs = NaN;
  #isGone = false;

  /** Not in the page yet. */
  constructor(app: App) {
    this.#app = app;
    const moving = make("canvas", { "aria-hidden": "true" });
    const still = make("canvas", {
      tabindex: 0,
      id: "graph-canvas",
      role: "application",
      "aria-roledescription": "graph",
      "aria-label": "Servers and links",
      "aria-describedby": "graph-help",
    });
    this.#moving = new Sheet(moving as HTMLCanvasElement);
    this.#still = new Sheet(still as HTMLCanvasElement);
    this.element = make("div", { class: "graph-stage" }, moving, still);
    this.#watch = new ResizeObserver(() => this.#resize());
    this.#watch.observe(this.element);
  }

  /** The canvas that takes pointers and keys. */
  get canvas(): HTMLCanvasElement {
    return this.#still.canvas;
  }

  /** Servers and links as they stand on the screen. */
  get scene(): Scene {
    return this.#scene;
  }

  /** How the graph lies on the screen; `undefined`: not laid out yet. */
  get outlook(): Outlook | undefined {
    return this.#outlook;
  }

  /** How large things are. */
  get sizes(): Sizes {
    const { nodes } = this.#scene;
    return sizesFor(
      nodes.length,
      this.#outlook?.zoom ?? 1,
      this.#still.width < 560,
    );
  }

  /** Takes the herd as it is at the moment shown. */
  take(snapshot: Snapshot): void {
    const names = [...snapshot.servers.keys()];
    const links = [...snapshot.links.values()];
    const shape = `${names.join(" ")} ${[...snapshot.links.keys()].join(" ")}`;
    if (shape !== this.#shape) {
      this.#shape = shape;
      void this.#layOut(names, links);
    }
    const { time, followed } = this.#app;
    const isOther = this.#scene.take(snapshot, followed);
    this.#hops.take(snapshot.hops, time.atMs);
    this.#isFlowDirty = true;
    if (isOther) this.#isDirty = true;
  }

  async #layOut(
    names: readonly string[],
    links: readonly { a: string; b: string }[],
  ): Promise<void> {
    const shape = this.#shape;
    const isOver = () => this.#isGone || shape !== this.#shape;
    const inRound = () => this.#show(names, links, roundLayout(names));
    // What lays the graph out comes late from a busy herd: servers are seen first.
    const late = setTimeout(() => isOver() || inRound(), LIBRARY_MS);
    const force = await forceLibrary().catch(() => undefined);
    clearTimeout(late);
    if (isOver()) return;
    if (force === undefined) inRound();
    else this.#show(names, links, layOut(force, names, links));
    this.element.dataset["laidOut"] = String(names.length);
  }

  #show(
    names: readonly string[],
    links: readonly { a: string; b: string }[],
    layout: ReadonlyMap<string, Point>,
  ): void {
    this.#scene = new Scene(names, links);
    this.#outlook = new Outlook(this.#scene, layout);
    const { store, followed } = this.#app;
    this.#scene.take(store.current, followed);
    // The table shows the scene too, and may have shown the one before.
    store.touch();
    this.#resize();
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    this.#moving.resize(width, height);
    this.#still.resize(width, height);
    this.#outlook?.resize(width, height);
    this.#isDirty = true;
    this.frame(0);
  }

  /** Marks, places or the lasso have changed. */
  changed(): void {
    this.#isDirty = true;
  }

  /** Light became dark, or dark light. */
  recolour(): void {
    this.#colours = coloursNow();
    this.#isDirty = true;
  }

  /** Paints what has changed. */
  frame(elapsedMs: number): void {
    if (this.#outlook === undefined) return;
    const { time } = this.#app;
    const { atMs } = time;
    const isStill = this.#motion.matches;
    // A replay that is slow flows slowly; one that is fast must not flicker.
    const pace = time.mode === "paused"
      ? 0
      : time.mode === "live"
      ? 1
      : Math.min(2, time.speed);
    if (!isStill) this.#phaseMs += elapsedMs * pace;
    const isMoving = this.#isDirty || this.#isFlowDirty ||
      this.#paintedMs !== atMs;
    if (isMoving) {
      paintMoving(this.#moving, this.#colours, this.sizes, {
        scene: this.#scene,
        hops: this.#hops,
        atMs,
        phaseMs: this.#phaseMs,
        isStill,
        isFollowing: this.#app.followed.length > 0,
        lit: this.#lit(),
      });
      this.#paintedMs = atMs;
      this.#isFlowDirty = false;
    }
    if (this.#isDirty) {
      this.#font ||= getComputedStyle(document.body).fontFamily;
      paintStill(this.#still, this.#colours, this.sizes, {
        scene: this.#scene,
        marks: this.marks,
        lasso: this.lasso,
        font: this.#font,
      });
      this.#isDirty = false;
      this.#tellPlaces();
    }
  }

  /** Where servers are, for whoever drives the page by a program. */
  #tellPlaces(): void {
    const places = this.#scene.nodes.map((
      { name, x, y },
    ) => [name, Math.round(x), Math.round(y)]);
    this.element.dataset["places"] = JSON.stringify(places);
  }

  /** In a dense graph, links of what is looked at stand out. */
  #lit(): string | undefined {
    const { hovered, focused, chosen } = this.marks;
    if (this.#scene.nodes.length < 25) return undefined;
    return hovered?.name ?? focused ?? chosen?.name;
  }

  /** Ends what it began. */
  leave(): void {
    this.#isGone = true;
    this.#watch.disconnect();
  }
}
