/**
 * Scripts and style sheets that a view loads when it is opened, and what the
 * page uses of the libraries among them.
 *
 * @module
 */
/// <reference lib="dom" />

const loaded = new Map<string, Promise<void>>();

/** Loads a script once; it rejects if there is none. */
export function loadScript(path: string): Promise<void> {
  const script = document.createElement("script");
  script.src = path;
  return load(path, script);
}

/** Loads a style sheet once. */
export function loadSheet(path: string): Promise<void> {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = path;
  return load(path, sheet);
}

function load(path: string, element: HTMLElement): Promise<void> {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const loading = new Promise<void>((resolve, reject) => {
    element.addEventListener("load", () => resolve());
    element.addEventListener("error", () => {
      loaded.delete(path);
      element.remove();
      reject(new Error(`Cannot load ${path}`));
    });
  });
  loaded.set(path, loading);
  document.head.append(element);
  return loading;
}

/** A point that forces move. */
export interface ForceNode {
  /** Where it is; set by the simulation. */
  x?: number;
  /** Where it is; set by the simulation. */
  y?: number;
}

/** A spring between two points, by their places in the list of points. */
export interface ForceLink {
  /** One end. */
  readonly source: number;
  /** The other. */
  readonly target: number;
}

/** A force, as far as the page sets it. */
export interface Force {
  /** How strong it is. */
  strength(strength: number): Force;
  /** How long a spring is. */
  distance(distance: number): Force;
  /** How large a point is. */
  radius(radius: number): Force;
  /** Beyond it points do not feel each other. */
  distanceMax(distance: number): Force;
}

/** d3-force, as far as the page uses it. */
export interface ForceLibrary {
  /** A simulation, which runs until it is stopped. */
  forceSimulation(nodes: ForceNode[]): Simulation;
  /** Springs. */
  forceLink(links: ForceLink[]): Force;
  /** Points repel each other. */
  forceManyBody(): Force;
  /** Points keep apart. */
  forceCollide(): Force;
  /** Points are drawn to a line. */
  forceX(x: number): Force;
  /** Points are drawn to a line. */
  forceY(y: number): Force;
}

/** A simulation of forces. */
export interface Simulation {
  /** Adds a force. */
  force(name: string, force: Force): Simulation;
  /** Ends its timer. */
  stop(): Simulation;
  /** So many steps at once. */
  tick(steps: number): Simulation;
}

/** d3-force, loaded when it is needed first. */
export async function forceLibrary(): Promise<ForceLibrary> {
  await loadScript("lib/d3-force.js");
  return (globalThis as unknown as { d3: ForceLibrary }).d3;
}

/** topojson-client, as far as the page uses it. */
export interface TopojsonLibrary {
  /** Shapes as one: their polygons, each of rings, each of corners. */
  merge(topology: unknown, shapes: unknown): {
    readonly coordinates: [longitude: number, latitude: number][][][];
  };
}

/** topojson-client, loaded when it is needed first. */
export async function topojsonLibrary(): Promise<TopojsonLibrary> {
  await loadScript("lib/topojson.js");
  return (globalThis as unknown as { topojson: TopojsonLibrary }).topojson;
}

/** One chart of uPlot, as far as the page uses it. */
export interface Plot {
  /** Its element. */
  readonly root: HTMLElement;
  /** What it draws on. */
  readonly ctx: CanvasRenderingContext2D;
  /** Where its lines are drawn, in pixels of the canvas. */
  readonly bbox: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** Its columns. */
  readonly data: readonly (readonly (number | null)[])[];
  /** Where the cursor is: the place in the columns. */
  readonly cursor: { readonly idx?: number | null; readonly left?: number };
  /** What was dragged over, in pixels of the page. */
  readonly select: { readonly left: number; readonly width: number };
  /** Pixels of a value; of the canvas if so asked. */
  valToPos(value: number, scale: string, isCanvas?: boolean): number;
  /** The value at so many pixels of the page. */
  posToVal(pixels: number, scale: string): number;
  /** Shows other columns. */
  setData(columns: readonly (readonly (number | null)[])[]): void;
  /** Has another size. */
  setSize(size: { width: number; height: number }): void;
  /** Moves the cursor, here or in all charts that have the same one. */
  setCursor(
    at: { left: number; top: number },
    tells: boolean,
    isShared: boolean,
  ): void;
  /** Takes back what was dragged over. */
  setSelect(
    area: { left: number; top: number; width: number; height: number },
    tells?: boolean,
  ): void;
  /** Takes it away. */
  destroy(): void;
}

/** uPlot, as far as the page uses it. */
export interface PlotLibrary {
  /** A chart with these options, which are uPlot's, in an element. */
  new (
    options: object,
    columns: readonly (readonly (number | null)[])[],
    target: HTMLElement,
  ): Plot;
}

/** uPlot, loaded when it is needed first. */
export async function plotLibrary(): Promise<PlotLibrary> {
  await Promise.all([loadSheet("lib/uplot.css"), loadScript("lib/uplot.js")]);
  return (globalThis as unknown as { uPlot: PlotLibrary }).uPlot;
}
