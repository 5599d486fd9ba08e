/**
 * The shapes of servers: each state has its own, so that none is told by its
 * colour alone.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Palette } from "../../report_page/dom.ts";
import type { Sizes } from "./paint.ts";
import { toneColour } from "./paint.ts";
import type { SceneNode } from "./scene.ts";

/** How a server is highlighted. */
export interface ServerMark {
  /** The panel shows it. */
  readonly isChosen: boolean;
  /** It is under the pointer. */
  readonly isHovered: boolean;
  /** It has the keyboard focus. */
  readonly isFocused: boolean;
  /** It is selected for a partition. */
  readonly isPicked: boolean;
}

/** Paints a server, on a background that hides the links behind it. */
export function paintServer(
  context: CanvasRenderingContext2D,
  colours: Palette,
  { radius }: Sizes,
  node: SceneNode,
  { isChosen, isHovered, isFocused, isPicked }: ServerMark,
): void {
  const { x, y } = node;
  const state = node.look?.state ?? "starting";
  const colour = toneColour(colours, node.look?.tone ?? "quiet");
  disc(context, x, y, radius + 4, colours.paper);
  if (node.isWeak) ring(context, x, y, radius + 4.5, colours.soft, 1, [2, 3]);
  if (isHovered) ring(context, x, y, radius + 6, colours.faint, 3);
  if (isChosen || isPicked) {
    ring(context, x, y, radius + 6, colours.accent, isPicked ? 4 : 2.5);
  }
  if (isFocused) ring(context, x, y, radius + 9, colours.accent, 1.5, [3, 3]);
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = Math.max(1.75, radius / 5.5);
  if (state === "up") {
    disc(context, x, y, radius, colour);
    if (node.isBehind) {
      disc(context, x, y, radius - context.lineWidth, colours.paper);
      ring(context, x, y, radius - 1, colours.warn, 2.5);
      disc(context, x, y, radius / 3.2, colours.warn);
    }
  } else SHAPES[state](context, x, y, radius * 0.92);
}

type Shape = (
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
) => void;

const SHAPES: Readonly<
  Record<Exclude<NonNullable<SceneNode["look"]>["state"], "up">, Shape>
> = {
  /** A circle that is not closed yet. */
  starting(context, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius, -Math.PI / 2, Math.PI);
    context.stroke();
  },
  /** Two bars. */
  paused(context, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    for (const side of [-1, 1]) {
      context.moveTo(x + side * radius * 0.3, y - radius * 0.42);
      context.lineTo(x + side * radius * 0.3, y + radius * 0.42);
    }
    context.stroke();
  },
  /** A circle that empties. */
  stopping(context, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    context.beginPath();
    context.arc(x, y, radius * 0.35, 0, 2 * Math.PI);
    context.fill();
  },
  /** An empty circle, crossed by one line. */
  stopped(context, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.moveTo(x - radius * 0.7, y + radius * 0.7);
    context.lineTo(x + radius * 0.7, y - radius * 0.7);
    context.stroke();
  },
  /** A diamond, crossed out. */
  crashed(context, x, y, radius) {
    const size = radius * 1.2;
    const arm = radius * 0.36;
    context.beginPath();
    context.moveTo(x, y - size);
    context.lineTo(x + size, y);
    context.lineTo(x, y + size);
    context.lineTo(x - size, y);
    context.closePath();
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x - arm, y + arm);
    context.lineTo(x + arm, y - arm);
    context.stroke();
  },
  /** A triangle with an exclamation mark. */
  wedged(context, x, y, radius) {
    const size = radius * 1.25;
    context.beginPath();
    context.moveTo(x, y - size);
    context.lineTo(x + size * 0.95, y + size * 0.7);
    context.lineTo(x - size * 0.95, y + size * 0.7);
    context.closePath();
    context.moveTo(x, y - radius * 0.4);
    context.lineTo(x, y + radius * 0.2);
    context.moveTo(x, y + radius * 0.55);
    context.lineTo(x, y + radius * 0.56);
    context.stroke();
  },
};

function disc(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  colour: string,
): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

const WHOLE: number[] = [];

function ring(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  colour: string,
  width: number,
  dash: number[] = WHOLE,
): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
  context.setLineDash(WHOLE);
}
