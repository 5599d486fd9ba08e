/**
 * Maps the graph to the screen: the layout, pinned servers, pan and zoom.
 *
 * @module
 */
/// <reference lib="dom" />
import {
  type Frame,
  frameOf,
  inLayout,
  onScreen,
  type Point,
} from "./layout.ts";
import type { Scene } from "./scene.ts";

const ZOOM_MAX = 8;
const PADDING = { x: 72, top: 76, bottom: 84 };
const SMALL_PADDING = { x: 44, top: 108, bottom: 88 };

/**
 * Positions that the user has given to servers, stored per herd in the browser.
 */
export class Pins extends Map<string, Point> {
  readonly #key: string;

  /** Loads those of the herd with these servers. */
  constructor(names: readonly string[]) {
    super();
    this.#key = `herd-pins ${names.join(" ")}`;
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key) ?? "[]");
      for (const [name, x, y] of kept) this.set(name, { x, y });
    } catch {
      // What can't be read counts as nothing.
    }
  }

  /** Saves them for the next visit. */
  keep(): void {
    try {
      const list = [...this].map(([name, { x, y }]) => [name, x, y]);
      if (list.length === 0) localStorage.removeItem(this.#key);
      else localStorage.setItem(this.#key, JSON.stringify(list));
    } catch {
      // The browser may not allow storage.
    }
  }
}

export class Outlook {
  /** Where the user has put servers. */
  readonly pins: Pins;
  readonly #scene: Scene;
  readonly #layout: ReadonlyMap<string, Point>;
  #frame: Frame | undefined;
  #width = 0;
  #height = 0;
  #zoom = 1;
  #x = 0;
  #y = 0;

  constructor(scene: Scene, layout: ReadonlyMap<string, Point>) {
    this.#scene = scene;
    this.#layout = layout;
    this.pins = new Pins(scene.nodes.map(({ name }) => name));
  }

  get zoom(): number {
    return this.#zoom;
  }

  resize(width: number, height: number): void {
    const padding = width < 560 ? SMALL_PADDING : PADDING;
    this.#width = width;
    this.#height = height;
    this.#frame = frameOf(this.#layout.values(), width, height, padding);
    this.#place();
  }

  #place(): void {
    const frame = this.#frame;
    if (frame === undefined) return;
    for (const node of this.#scene.nodes) {
      const point = this.pins.get(node.name) ?? this.#layout.get(node.name);
      if (point === undefined) continue;
      const { x, y } = onScreen(frame, point);
      node.x = x * this.#zoom + this.#x;
      node.y = y * this.#zoom + this.#y;
      node.pull = 0;
    }
    for (const { a, b } of this.#scene.edges) {
      const steepness = (b.y - a.y) / (Math.hypot(b.x - a.x, b.y - a.y) || 1);
      if (Math.abs(steepness) < 0.35) continue;
      a.pull += steepness;
      b.pull -= steepness;
    }
  }

  pan(dx: number, dy: number): void {
    this.#x += dx;
    this.#y += dy;
    this.#keepInSight();
    this.#place();
  }

  /** Zooms around a point of the screen. */
  enlarge(factor: number, at: Point): void {
    const zoom = Math.min(ZOOM_MAX, Math.max(1, this.#zoom * factor));
    const by = zoom / this.#zoom;
    this.#zoom = zoom;
    this.#x = at.x - (at.x - this.#x) * by;
    this.#y = at.y - (at.y - this.#y) * by;
    this.#keepInSight();
    this.#place();
  }

  #keepInSight(): void {
    const limit = (value: number, size: number) =>
      Math.min(0, Math.max(value, size * (1 - this.#zoom)));
    this.#x = limit(this.#x, this.#width);
    this.#y = limit(this.#y, this.#height);
  }

  /** Resets pan and zoom. */
  whole(): void {
    this.#zoom = 1;
    this.#x = 0;
    this.#y = 0;
    this.#place();
  }

  /** Pins a server to a point of the screen. */
  pin(name: string, point: Point): void {
    if (this.#frame === undefined) return;
    const inside = {
      x: Math.min(Math.max(point.x, 8), this.#width - 8),
      y: Math.min(Math.max(point.y, 8), this.#height - 8),
    };
    this.pins.set(
      name,
      inLayout(this.#frame, {
        x: (inside.x - this.#x) / this.#zoom,
        y: (inside.y - this.#y) / this.#zoom,
      }),
    );
    this.#place();
  }

  /** Pans so that a server is visible. */
  reveal(name: string): void {
    const node = this.#scene.node(name);
    if (node === undefined || this.#frame === undefined) return;
    const margin = 30;
    const off = (value: number, size: number) =>
      value < margin
        ? margin - value
        : value > size - margin
        ? size - margin - value
        : 0;
    const [dx, dy] = [off(node.x, this.#width), off(node.y, this.#height)];
    if (dx !== 0 || dy !== 0) this.pan(dx, dy);
  }

  /** Moves all servers back to their layout positions. */
  unpin(): void {
    this.pins.clear();
    this.pins.keep();
    this.#place();
  }
}
