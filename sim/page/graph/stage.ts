/**
 * The canvas of the graph: what is on it, and when it is painted.
 *
 * @module
 */
/// <reference lib="dom" />
import { make, type Palette, palette } from "../../report_page/dom.ts";
import type { App } from "../app.ts";
import { forceLibrary } from "../libraries.ts";
import type { Snapshot } from "../snapshot.ts";
import { HopPlayer } from "./hop_player.ts";
import { layOut, type Point, roundLayout } from "./layout.ts";
import { paintMoving } from "./moving_layer.ts";
import { Outlook } from "./outlook.ts";
import { type Marks, Sheet, type Sizes, sizesFor } from "./paint.ts";
import { Scene } from "./scene.ts";
import { paintStill } from "./still_layer.ts";

/** How long to wait for the layout library before showing a circle. */
const LIBRARY_MS = 400;

export type MutableMarks = { -readonly [K in keyof Marks]: Marks[K] };

/** Shows the herd on two canvases, of which one is painted on each frame. */
export class Stage {
  readonly element: HTMLElement;
  /** Call `changed` after a change. */
  readonly marks: MutableMarks = {
    chosen: undefined,
    hovered: undefined,
    focused: undefined,
    picked: new Set(),
  };
  /** The lasso that is being drawn. */
  lasso: Point[] = [];
  readonly #app: App;
  readonly #moving: Sheet;
  readonly #still: Sheet;
  readonly #hops = new HopPlayer();
  readonly #motion = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #signal: AbortSignal;
  #scene = new Scene([], []);
  #outlook: Outlook | undefined;
  #colours: Palette = palette();
  #font = "";
  #shape = "";
  #isDirty = true;
  /** Rates or hops have changed while the time is paused. */
  #isFlowDirty = true;
  #phaseMs = 0;
  #paintedMs = NaN;

  constructor(app: App, signal: AbortSignal) {
    this.#app = app;
    this.#signal = signal;
    const moving = make("canvas", { "aria-hidden": "true" });
    const still = make("canvas#graph-canvas", {
      tabindex: 0,
      role: "application",
      "aria-roledescription": "graph",
      "aria-label": "Servers and links",
      "aria-describedby": "graph-help",
    });
    this.#moving = new Sheet(moving as HTMLCanvasElement);
    this.#still = new Sheet(still as HTMLCanvasElement);
    this.element = make("div.graph-stage", moving, still);
    const watch = new ResizeObserver(() => this.#resize());
    watch.observe(this.element);
    signal.addEventListener("abort", () => watch.disconnect());
  }

  /** The canvas that receives pointer and key events. */
  get canvas(): HTMLCanvasElement {
    return this.#still.canvas;
  }

  get scene(): Scene {
    return this.#scene;
  }

  /** `undefined` until there is a layout. */
  get outlook(): Outlook | undefined {
    return this.#outlook;
  }

  get sizes(): Sizes {
    const { nodes } = this.#scene;
    return sizesFor(
      nodes.length,
      this.#outlook?.zoom ?? 1,
      this.#still.width < 560,
    );
  }

  /** Takes the state at the moment shown. */
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
    const isOver = () => this.#signal.aborted || shape !== this.#shape;
    const inRound = () => this.#show(names, links, roundLayout(names));
    // A busy herd may serve the layout library late: until then the servers are
    // shown in a circle.
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
    // The table shows the scene too, and may have shown the previous one.
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

  /** Marks, positions or the lasso have changed. */
  changed(): void {
    this.#isDirty = true;
  }

  recolour(): void {
    this.#colours = palette();
    this.#isDirty = true;
  }

  /** Paints what has changed. */
  frame(elapsedMs: number): void {
    if (this.#outlook === undefined) return;
    const { time } = this.#app;
    const { atMs } = time;
    const isStill = this.#motion.matches;
    // In a slow replay the flow is slow; in a fast one it must not flicker.
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

  /** Publishes the servers' positions for programs that drive the page. */
  #tellPlaces(): void {
    const places = this.#scene.nodes.map((
      { name, x, y },
    ) => [name, Math.round(x), Math.round(y)]);
    this.element.dataset["places"] = JSON.stringify(places);
  }

  /** In a dense graph, the links of this server are highlighted. */
  #lit(): string | undefined {
    const { hovered, focused, chosen } = this.marks;
    if (this.#scene.nodes.length < 25) return undefined;
    return hovered?.name ?? focused ?? chosen?.name;
  }
}
