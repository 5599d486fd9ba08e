/**
 * Pointer control of the graph: choose, drag, lasso, pan, zoom.
 *
 * @module
 */
/// <reference lib="dom" />
import { type Chosen, isWithin } from "./scene.ts";
import type { Point } from "./layout.ts";
import type { Stage } from "./stage.ts";

/** The actions that pointers call. */
export interface PointerActs {
  /** Something was clicked; `undefined` for the background. */
  choose(chosen: Chosen | undefined): void;
  /** Servers were selected by a lasso. */
  pick(names: readonly string[]): void;
  /** Whether a drag draws a lasso. */
  isLasso(): boolean;
  /** A server was dragged to a new position. */
  moved(name: string): void;
}

const CLICK_PIXELS = 5;
const STEP_PIXELS = 4;

type Drag =
  | { readonly kind: "lasso" }
  | { readonly kind: "server"; readonly name: string }
  | { readonly kind: "pan" };

/** Follows the pointers that are down. */
export class Pointers {
  readonly #stage: Stage;
  readonly #acts: PointerActs;
  readonly #down = new Map<number, Point>();
  #start: Point = { x: 0, y: 0 };
  #drag: Drag | undefined;
  #hasMoved = false;

  /** Listens until `signal` aborts. */
  constructor(stage: Stage, acts: PointerActs, signal: AbortSignal) {
    this.#stage = stage;
    this.#acts = acts;
    const { canvas } = stage;
    const on = <K extends keyof HTMLElementEventMap>(
      kind: K,
      act: (event: HTMLElementEventMap[K]) => void,
    ) => canvas.addEventListener(kind, act, { signal, passive: false });
    on("pointerdown", (event) => this.#press(event));
    on("pointermove", (event) => this.#move(event));
    on("pointerup", (event) => this.#release(event));
    on("pointercancel", (event) => {
      this.#down.delete(event.pointerId);
      this.#end();
    });
    on("pointerleave", () => this.#hover(undefined));
    on("wheel", (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const factor = Math.exp(-event.deltaY * lines / 320);
      this.#stage.outlook?.enlarge(factor, placeOf(event));
      this.#stage.changed();
    });
  }

  #hit(point: Point): Chosen | undefined {
    return this.#stage.scene.hit(point, this.#stage.sizes.radius);
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { canvas } = this.#stage;
    canvas.setPointerCapture(event.pointerId);
    const at = placeOf(event);
    this.#down.set(event.pointerId, at);
    if (this.#down.size > 1) return;
    this.#start = at;
    this.#hasMoved = false;
    const hit = this.#hit(at);
    this.#drag = this.#acts.isLasso() || event.shiftKey
      ? { kind: "lasso" }
      : hit?.kind === "server"
      ? { kind: "server", name: hit.name }
      : { kind: "pan" };
  }

  #move(event: PointerEvent): void {
    const at = placeOf(event);
    const before = this.#down.get(event.pointerId);
    if (before === undefined) return this.#hover(this.#hit(at));
    const away = Math.hypot(at.x - this.#start.x, at.y - this.#start.y);
    if (away > CLICK_PIXELS) this.#hasMoved = true;
    if (!this.#hasMoved) return;
    this.#down.set(event.pointerId, at);
    const { outlook } = this.#stage;
    if (this.#down.size > 1) this.#pinch(event.pointerId, before, at);
    else if (this.#drag?.kind === "lasso") this.#draw(at);
    else if (this.#drag?.kind === "server") outlook?.pin(this.#drag.name, at);
    else outlook?.pan(at.x - before.x, at.y - before.y);
    this.#stage.changed();
  }

  #draw(at: Point): void {
    const { lasso } = this.#stage;
    const last = lasso.at(-1);
    if (last === undefined) lasso.push(this.#start);
    const isFar = last === undefined ||
      Math.hypot(at.x - last.x, at.y - last.y) >= STEP_PIXELS;
    if (isFar) lasso.push(at);
  }

  #pinch(id: number, before: Point, at: Point): void {
    const other = [...this.#down].find(([key]) => key !== id)?.[1];
    if (other === undefined) return;
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(at.x - other.x, at.y - other.y);
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    this.#stage.outlook?.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
    if (was > 0) this.#stage.outlook?.enlarge(is / was, middle);
  }

  #release(event: PointerEvent): void {
    if (!this.#down.delete(event.pointerId) || this.#down.size > 0) return;
    const drag = this.#drag;
    if (!this.#hasMoved) {
      if (drag?.kind !== "lasso") this.#acts.choose(this.#hit(this.#start));
      else {
        const hit = this.#hit(this.#start);
        if (hit?.kind === "server") this.#acts.pick([hit.name]);
      }
    } else if (drag?.kind === "lasso") {
      const { lasso, scene } = this.#stage;
      const inside = scene.nodes.filter((node) => isWithin(node, lasso));
      this.#acts.pick(inside.map(({ name }) => name));
    } else if (drag?.kind === "server") this.#acts.moved(drag.name);
    this.#end();
  }

  #end(): void {
    this.#drag = undefined;
    this.#stage.lasso = [];
    this.#stage.changed();
  }

  #hover(hit: Chosen | undefined): void {
    const { marks, canvas } = this.#stage;
    if (hit?.name === marks.hovered?.name) return;
    marks.hovered = hit;
    canvas.style.cursor = hit === undefined ? "" : "pointer";
    this.#stage.changed();
  }
}

function placeOf({ offsetX, offsetY }: MouseEvent): Point {
  return { x: offsetX, y: offsetY };
}
