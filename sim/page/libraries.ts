/**
 * Loads the scripts and style sheets that a view needs when it is opened, and
 * types what the page uses of these libraries.
 *
 * @module
 */
/// <reference lib="dom" />

import { make } from "../report_page/dom.ts";

const loaded = new Map<string, Promise<void>>();

/** Loads a file once, by an element for it; rejects if there is none. */
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

/** What a script defines by this name. */
async function library<T>(path: string, name: string): Promise<T> {
  await load(path, make("script", { src: path }));
  return (globalThis as unknown as Record<string, T>)[name]!;
}

/** A point that forces move. */
export interface ForceNode {
  /** Set by the simulation. */
  x?: number;
  /** Set by the simulation. */
  y?: number;
}

/** A spring between two points, by their indexes in the list of points. */
export interface ForceLink {
  readonly source: number;
  readonly target: number;
}

/** A force, with the setters that the page uses. */
export interface Force {
  strength(strength: number): Force;
  /** The length of springs at rest. */
  distance(distance: number): Force;
  /** The radius of points. */
  radius(radius: number): Force;
}

/** d3-force, as far as the page uses it. */
export interface ForceLibrary {
  /** Starts a simulation, which runs until it is stopped. */
  forceSimulation(nodes: ForceNode[]): Simulation;
  forceLink(links: ForceLink[]): Force;
  /** Makes points repel each other. */
  forceManyBody(): Force;
  /** Keeps points from overlapping. */
  forceCollide(): Force;
  /** Pulls points towards a vertical line. */
  forceX(x: number): Force;
  /** Pulls points towards a horizontal line. */
  forceY(y: number): Force;
}

export interface Simulation {
  force(name: string, force: Force): Simulation;
  /** Stops its timer. */
  stop(): Simulation;
  /** Runs so many steps at once. */
  tick(steps: number): Simulation;
}

/** d3-force, loaded on first use. */
export function forceLibrary(): Promise<ForceLibrary> {
  return library("lib/d3-force.js", "d3");
}

/** topojson-client, as far as the page uses it. */
export interface TopojsonLibrary {
  /**
   * Merges shapes into one: its polygons, each a list of rings, each a list of
   * corners.
   */
  merge(topology: unknown, shapes: unknown): {
    readonly coordinates: [longitude: number, latitude: number][][][];
  };
}

/** topojson-client, loaded on first use. */
export function topojsonLibrary(): Promise<TopojsonLibrary> {
  return library("lib/topojson.js", "topojson");
}

/** One chart of uPlot, as far as the page uses it. */
export interface Plot {
  readonly ctx: CanvasRenderingContext2D;
  /** The plotting area, in pixels of the canvas. */
  readonly bbox: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  readonly data: readonly (readonly (number | null)[])[];
  /** `idx` is the index in the columns that the cursor is at. */
  readonly cursor: { readonly idx?: number | null };
  /** The dragged selection, in CSS pixels. */
  readonly select: { readonly left: number; readonly width: number };
  /** The position of a value in CSS pixels, or in pixels of the canvas. */
  valToPos(value: number, scale: string, isCanvas?: boolean): number;
  /** The value at a position in CSS pixels. */
  posToVal(pixels: number, scale: string): number;
  setData(columns: readonly (readonly (number | null)[])[]): void;
  setSize(size: { width: number; height: number }): void;
  /** Moves the cursor, in this chart or in all that share it. */
  setCursor(
    at: { left: number; top: number },
    tells: boolean,
    isShared: boolean,
  ): void;
  /** Sets the dragged selection. */
  setSelect(
    area: { left: number; top: number; width: number; height: number },
    tells?: boolean,
  ): void;
  destroy(): void;
}

/** uPlot, as far as the page uses it. */
export interface PlotLibrary {
  /** Makes a chart in `target`. The options are uPlot's. */
  new (
    options: object,
    columns: readonly (readonly (number | null)[])[],
    target: HTMLElement,
  ): Plot;
}

/** uPlot, loaded on first use. */
export async function plotLibrary(): Promise<PlotLibrary> {
  const href = "lib/uplot.css";
  const [, plots] = await Promise.all([
    load(href, make("link", { rel: "stylesheet", href })),
    library<PlotLibrary>("lib/uplot.js", "uPlot"),
  ]);
  return plots;
}
