/**
 * What both layers of the graph are painted with.
 *
 * @module
 */
/// <reference lib="dom" />
import { coloursOf } from "../../report_page/dom.ts";
import type { Tone } from "./looks.ts";
import type { Chosen } from "./scene.ts";

/** Colours, as a canvas takes them. */
export type Colours = Readonly<
  Record<
    | "paper"
    | "raised"
    | "ink"
    | "soft"
    | "faint"
    | "rule"
    | "accent"
    | "bad"
    | "warn"
    | "good"
    | "down",
    string
  >
>;

/** The colours as they are now, light or dark. */
export function coloursNow(): Colours {
  return coloursOf(
    "paper",
    "raised",
    "ink",
    "soft",
    "faint",
    "rule",
    "accent",
    "bad",
    "warn",
    "good",
    "down",
  );
}

/** The colour of a tone. */
export function toneColour(colours: Colours, tone: Tone): string {
  return tone === "bad"
    ? colours.bad
    : tone === "warn"
    ? colours.warn
    : tone === "good"
    ? colours.ink
    : colours.soft;
}

/** How large things are on the screen. */
export interface Sizes {
  /** Of a server. */
  readonly radius: number;
  /** How far a way's lane is from the middle of its link. */
  readonly lane: number;
  /** Whether there is room for every detail. */
  readonly isRoomy: boolean;
}

/** Sizes for so many servers at such an enlargement, on a screen of that kind. */
export function sizesFor(
  servers: number,
  zoom: number,
  isNarrow: boolean,
): Sizes {
  const radius = servers <= 8
    ? 13
    : servers <= 30
    ? 10
    : servers <= 60
    ? 7.5
    : 6;
  const grown = Math.min(16, radius * Math.sqrt(zoom) * (isNarrow ? 0.72 : 1));
  return {
    radius: grown,
    lane: servers <= 30 ? 3 : 2,
    isRoomy: servers / zoom <= (isNarrow ? 8 : 14),
  };
}

/** What is marked on the graph. */
export interface Marks {
  /** What the panel shows. */
  readonly chosen: Chosen | undefined;
  /** What is under the pointer. */
  readonly hovered: Chosen | undefined;
  /** Where the keyboard is. */
  readonly focused: string | undefined;
  /** Servers that are picked for a partition. */
  readonly picked: ReadonlySet<string>;
}

/** A canvas, as sharp as the screen, in units of the page. */
export class Sheet {
  /** The canvas. */
  readonly canvas: HTMLCanvasElement;
  /** What it is painted by. */
  readonly context: CanvasRenderingContext2D;
  /** Its width. */
  width = 0;
  /** Its height. */
  height = 0;

  /** On a canvas of the page. */
  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d")!;
  }

  /** Takes the size of its element; it is empty then. */
  resize(width: number, height: number): void {
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** Empties it. */
  clear(): void {
    this.context.clearRect(0, 0, this.width, this.height);
  }
}
