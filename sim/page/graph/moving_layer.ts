/**
 * The layer that is painted on each frame: links, the flow on them, and the
 * updates of followed clients. A frame strokes a few long paths, whatever the
 * number of links, and allocates nothing.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Palette } from "../../report_page/dom.ts";
import { FADE_MS, type HopPlayer, type ShownHop } from "./hop_player.ts";
import type { Sheet, Sizes } from "./paint.ts";
import type { Scene, SceneEdge, SceneNode } from "./scene.ts";

/**
 * Flow is drawn in one of these styles, by the magnitude of its lines a second.
 */
const STEPS = [
  { least: 0.3, width: 1, dash: 4, period: 60, alpha: 0.5 },
  { least: 3, width: 1.2, dash: 5, period: 34, alpha: 0.55 },
  { least: 20, width: 1.5, dash: 6, period: 24, alpha: 0.6 },
  { least: 100, width: 2, dash: 7, period: 19, alpha: 0.7 },
  { least: 600, width: 2.6, dash: 8, period: 16, alpha: 0.75 },
] as const;

/** The speed of dashes. */
const PIXELS_PER_SECOND = 46;
/** The waves of slow links. */
const WAVE_PIXELS = 10;
const WAVE_HEIGHT = 2.4;

/** The input of a frame. */
export interface MovingView {
  /** Positions and rates. */
  readonly scene: Scene;
  /** The updates that are shown one by one. */
  readonly hops: HopPlayer;
  readonly atMs: number;
  /** How far the flow has moved, in milliseconds. */
  readonly phaseMs: number;
  /** Whether the user asked for reduced motion. */
  readonly isStill: boolean;
  /** Whether clients are followed: then the flow is dimmed. */
  readonly isFollowing: boolean;
  /** The server whose links are highlighted; all others are dimmed. */
  readonly lit: string | undefined;
}

export function paintMoving(
  sheet: Sheet,
  colours: Palette,
  sizes: Sizes,
  view: MovingView,
): void {
  const { context } = sheet;
  sheet.clear();
  context.lineCap = "round";
  context.globalAlpha = 1;
  paintLinks(context, colours, sizes, view);
  for (let step = 0; step < STEPS.length; step++) {
    paintFlow(context, colours, sizes, view, step);
  }
  context.globalAlpha = 1;
  if (view.hops.size > 0) paintHops(context, colours, sizes, view);
}

function isLit(edge: SceneEdge, lit: string | undefined): boolean {
  return lit === undefined || edge.a.name === lit || edge.b.name === lit ||
    edge.name === lit;
}

/** The line styles of links; each is one path. */
const LINES = ["up", "down", "slow", "lossy", "cut"] as const;
type Line = typeof LINES[number];

function lineOf({ look }: SceneEdge): Line {
  if (look === undefined) return "down";
  if (look.ab === "cut" || look.ba === "cut") return "cut";
  if (look.isSlow) return "slow";
  if (look.isLossy) return "lossy";
  return look.isUp ? "up" : "down";
}

const NO_DASH: number[] = [];
const DOWN_DASH = [2, 7];
const LOSSY_DASH = [1, 6];

function paintLinks(
  context: CanvasRenderingContext2D,
  colours: Palette,
  sizes: Sizes,
  { scene, lit }: MovingView,
): void {
  for (const line of LINES) {
    for (const isBright of lit === undefined ? [true] : [false, true]) {
      context.beginPath();
      let count = 0;
      for (const edge of scene.edges) {
        if (lineOf(edge) !== line || isLit(edge, lit) !== isBright) continue;
        count++;
        if (line === "slow") wave(context, edge);
        else if (line === "cut") gap(context, edge, sizes);
        else {
          context.moveTo(edge.a.x, edge.a.y);
          context.lineTo(edge.b.x, edge.b.y);
        }
      }
      if (count === 0) continue;
      context.globalAlpha = isBright ? 1 : 0.45;
      context.setLineDash(
        line === "down" ? DOWN_DASH : line === "lossy" ? LOSSY_DASH : NO_DASH,
      );
      context.strokeStyle = line === "up" || line === "down"
        ? colours.faint
        : line === "cut"
        ? colours.bad
        : colours.warn;
      context.lineWidth = line === "lossy" ? 3 : line === "up" ? 1.25 : 1.5;
      context.stroke();
    }
  }
  context.setLineDash(NO_DASH);
}

/** A line with a gap in its middle. */
function gap(
  context: CanvasRenderingContext2D,
  { a, b }: SceneEdge,
  { radius }: Sizes,
): void {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const half = Math.min(11, Math.max(2, length / 2 - radius - 3));
  const share = 0.5 - half / Math.max(length, 1);
  const [dx, dy] = [(b.x - a.x) * share, (b.y - a.y) * share];
  context.moveTo(a.x, a.y);
  context.lineTo(a.x + dx, a.y + dy);
  context.moveTo(b.x - dx, b.y - dy);
  context.lineTo(b.x, b.y);
}

function wave(context: CanvasRenderingContext2D, { a, b }: SceneEdge): void {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const count = Math.max(2, Math.round(length / WAVE_PIXELS / 2) * 2);
  const [dx, dy] = [(b.x - a.x) / count, (b.y - a.y) / count];
  const [nx, ny] = [-(b.y - a.y) / length, (b.x - a.x) / length];
  context.moveTo(a.x, a.y);
  for (let i = 0; i < count; i++) {
    const side = (i % 2 === 0 ? 2 : -2) * WAVE_HEIGHT;
    context.quadraticCurveTo(
      a.x + dx * (i + 0.5) + nx * side,
      a.y + dy * (i + 0.5) + ny * side,
      a.x + dx * (i + 1),
      a.y + dy * (i + 1),
    );
  }
}

/** The index of the style for a rate; -1 if nothing flows. */
export function flowStep(rate: number): number {
  let found = -1;
  for (let step = 0; step < STEPS.length; step++) {
    if (rate >= STEPS[step]!.least) found = step;
  }
  return found;
}

function paintFlow(
  context: CanvasRenderingContext2D,
  colours: Palette,
  sizes: Sizes,
  view: MovingView,
  step: number,
): void {
  const { width, dash, period, alpha } = STEPS[step]!;
  const moved = view.isStill
    ? 0
    : view.phaseMs * PIXELS_PER_SECOND / 1_000 % period;
  context.beginPath();
  let count = 0;
  for (const edge of view.scene.edges) {
    if (!isLit(edge, view.lit)) continue;
    if (flowStep(edge.rateAB) === step) {
      count++;
      dashes(context, edge.a, edge.b, sizes, moved, dash, period);
    }
    if (flowStep(edge.rateBA) === step) {
      count++;
      dashes(context, edge.b, edge.a, sizes, moved, dash, period);
    }
  }
  if (count === 0) return;
  context.globalAlpha = view.isFollowing ? alpha * 0.4 : alpha;
  context.strokeStyle = colours.accent;
  context.lineWidth = width;
  context.stroke();
}

/** Dashes on the right of their direction of travel. */
function dashes(
  context: CanvasRenderingContext2D,
  from: SceneNode,
  to: SceneNode,
  { lane, radius }: Sizes,
  moved: number,
  dash: number,
  period: number,
): void {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  const start = radius + 4;
  const end = length - radius - 4;
  if (end <= start) return;
  const [ux, uy] = [dx / length, dy / length];
  const x = from.x - uy * lane;
  const y = from.y + ux * lane;
  for (let at = start - period + moved; at < end; at += period) {
    const head = Math.min(at + dash, end);
    const tail = Math.max(at, start);
    if (head <= tail) continue;
    context.moveTo(x + ux * tail, y + uy * tail);
    context.lineTo(x + ux * head, y + uy * head);
  }
}

function paintHops(
  context: CanvasRenderingContext2D,
  colours: Palette,
  sizes: Sizes,
  { scene, hops, atMs, isStill }: MovingView,
): void {
  for (const shown of hops.shown) {
    const from = scene.node(shown.hop.from);
    const to = scene.node(shown.hop.to);
    if (from === undefined || to === undefined || atMs < shown.fromMs) continue;
    const share = shareOf(shown, atMs, isStill);
    const fade = shown.toMs === Infinity
      ? 1
      : 1 - Math.max(0, atMs - shown.toMs) / FADE_MS;
    if (fade <= 0) continue;
    paintHop(context, colours, sizes, shown, [from, to], share, fade);
  }
  context.globalAlpha = 1;
}

/**
 * The progress of a hop, 0 to 1: linear. One that was lost, or is not known to
 * have arrived, stops short of the end.
 */
function shareOf(
  { fromMs, toMs, hop }: ShownHop,
  atMs: number,
  isStill: boolean,
) {
  const end = hop.isLost ? 0.6 : 1;
  if (isStill) return end;
  if (toMs === Infinity) return Math.min(0.8, (atMs - fromMs) / 450);
  return Math.min(1, (atMs - fromMs) / (toMs - fromMs)) * end;
}

function paintHop(
  context: CanvasRenderingContext2D,
  colours: Palette,
  { radius }: Sizes,
  { hop, toMs }: ShownHop,
  [from, to]: readonly [SceneNode, SceneNode],
  share: number,
  fade: number,
): void {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const skip = Math.min((radius + 2) / length, 0.4);
  const at = skip + (1 - 2 * skip) * share;
  const x = from.x + dx * at;
  const y = from.y + dy * at;
  context.globalAlpha = fade * (hop.isNew ? 0.9 : 0.4);
  context.strokeStyle = hop.isLost ? colours.bad : colours.accent;
  context.lineWidth = hop.isNew ? 3 : 1.5;
  context.beginPath();
  context.moveTo(from.x + dx * skip, from.y + dy * skip);
  context.lineTo(x, y);
  context.stroke();
  if (hop.isLost && toMs !== Infinity && share >= 0.6) {
    context.globalAlpha = fade;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x - 5, y - 5);
    context.lineTo(x + 5, y + 5);
    context.moveTo(x - 5, y + 5);
    context.lineTo(x + 5, y - 5);
    context.stroke();
  } else if (share < 1) {
    context.globalAlpha = 1;
    context.fillStyle = hop.isNew ? colours.accent : colours.paper;
    context.beginPath();
    context.arc(x, y, hop.isNew ? 5 : 3.5, 0, 2 * Math.PI);
    context.fill();
    if (!hop.isNew) context.stroke();
  }
}
