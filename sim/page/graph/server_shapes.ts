/**
 * The shapes of servers: each state has its own, so that none is told by its
 * colour alone.
 *
 * @module
 */
/// <reference lib="dom" />
import type { ServerState } from "../../model/lifecycle.ts";
import { type Palette, pathAt } from "../../report_page/dom.ts";
import { type Marks, type Sizes, toneColour } from "./paint.ts";
import type { SceneNode } from "./scene.ts";

/** Paints a server, on a background that hides the links behind it. */
export function paintServer(
  context: CanvasRenderingContext2D,
  colours: Palette,
  { radius }: Sizes,
  node: SceneNode,
  { chosen, hovered, focused, picked }: Marks,
): void {
  const { x, y, name } = node;
  const isIt = (it: Marks["chosen"]) =>
    it?.kind === "server" && it.name === name;
  const isPicked = picked.has(name);
  const state = node.look?.state ?? "starting";
  const colour = toneColour(colours, node.look?.tone ?? "quiet");
  disc(context, x, y, radius + 4, colours.paper);
  if (node.isWeak) ring(context, x, y, radius + 4.5, colours.soft, 1, [2, 3]);
  if (isIt(hovered)) ring(context, x, y, radius + 6, colours.faint, 3);
  if (isIt(chosen) || isPicked) {
    ring(context, x, y, radius + 6, colours.accent, isPicked ? 4 : 2.5);
  }
  if (focused === name) {
    ring(context, x, y, radius + 9, colours.accent, 1.5, [3, 3]);
  }
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1.75, radius / 5.5);
  if (state === "up") {
    disc(context, x, y, radius, colour);
    if (node.isBehind) {
      disc(context, x, y, radius - context.lineWidth, colours.paper);
      ring(context, x, y, radius - 1, colours.warn, 2.5);
      disc(context, x, y, radius / 3.2, colours.warn);
    }
    return;
  }
  const size = radius * 0.92;
  context.stroke(pathAt(SHAPES[state], [x, y], size));
  if (state === "stopping") disc(context, x, y, size * 0.35, colour);
}

const CIRCLE = "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0";

/** As paths around (0, 0), in radii. */
const SHAPES: Readonly<Record<Exclude<ServerState, "up">, string>> = {
  // A circle that is not closed yet.
  starting: "M0-1A1 1 0 1 1-1 0",
  // Two bars.
  paused: `${CIRCLE}M-.3-.42V.42M.3-.42V.42`,
  // A circle that empties.
  stopping: CIRCLE,
  // An empty circle, crossed by one line.
  stopped: `${CIRCLE}M-.7.7L.7-.7`,
  // A diamond, crossed out.
  crashed: "M0-1.2L1.2 0L0 1.2L-1.2 0ZM-.36-.36L.36.36M-.36.36L.36-.36",
  // A triangle with an exclamation mark.
  wedged: "M0-1.25L1.1875.875H-1.1875ZM0-.4V.2M0 .55V.56",
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
