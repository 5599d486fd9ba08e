/**
 * What the layers of the graph are painted with.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Palette } from "../../report_page/dom.ts";
import type { Tone } from "./looks.ts";
import type { Chosen } from "./scene.ts";

/** The colour of each tone. */
const TONES: Readonly<Record<Tone, keyof Palette>> = {
  good: "ink",
  quiet: "soft",
  warn: "warn",
  bad: "bad",
};

export function toneColour(colours: Palette, tone: Tone): string {
  return colours[TONES[tone]];
}

/** Sizes on the screen, in pixels. */
export type Sizes = Readonly<ReturnType<typeof sizesFor>>;

/** Sizes for a number of servers, at a zoom level. */
export function sizesFor(
  servers: number,
  zoom: number,
  isNarrow: boolean,
) {
  const radius = servers <= 8
    ? 13
    : servers <= 30
    ? 10
    : servers <= 60
    ? 7.5
    : 6;
  const grown = Math.min(16, radius * Math.sqrt(zoom) * (isNarrow ? 0.72 : 1));
  return {
    /** The radius of a server. */
    radius: grown,
    /** The distance of a direction's lane from the middle of its link. */
    lane: servers <= 30 ? 3 : 2,
    /** Whether there is room for every detail. */
    isRoomy: servers / zoom <= (isNarrow ? 8 : 14),
  };
}

/** What is highlighted on the graph. */
export interface Marks {
  /** What the panel shows. */
  readonly chosen: Chosen | undefined;
  /** What is under the pointer. */
  readonly hovered: Chosen | undefined;
  readonly focused: string | undefined;
  /** The servers selected for a partition. */
  readonly picked: ReadonlySet<string>;
}

/** A canvas at the screen's resolution, in CSS pixels. */
export class Sheet {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  width = 0;
  height = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d")!;
  }

  /** Sets the size, which clears it. */
  resize(width: number, height: number): void {
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  clear(): void {
    this.context.clearRect(0, 0, this.width, this.height);
  }
}
