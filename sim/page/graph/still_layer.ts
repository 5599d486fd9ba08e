/**
 * The layer that is painted when something has changed: servers, names, and
 * labels at links.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Palette } from "../../report_page/dom.ts";
import { counted, lasting } from "../../report_page/text.ts";
import type { Point } from "./layout.ts";
import { type Marks, type Sheet, type Sizes, toneColour } from "./paint.ts";
import type { Scene, SceneEdge, SceneNode } from "./scene.ts";
import { paintServer } from "./server_shapes.ts";
import { boxOf, type ColouredLine, Texts } from "./texts.ts";

/** The input of a painting. */
export interface StillView {
  /** Positions and states. */
  readonly scene: Scene;
  readonly marks: Marks;
  /** The lasso that is being drawn. */
  readonly lasso: readonly Point[];
  /** A CSS font family. */
  readonly font: string;
}

/**
 * From how many waiting fixes, or from how long a wait, a link is labelled with
 * its queue.
 */
const QUEUE_TOLD = 1;
const LAG_TOLD_MS = 100;

export function paintStill(
  sheet: Sheet,
  colours: Palette,
  sizes: Sizes,
  view: StillView,
): void {
  const { context } = sheet;
  sheet.clear();
  context.textBaseline = "middle";
  context.lineCap = "round";
  const { scene, marks } = view;
  const { radius } = sizes;
  const taken = scene.nodes.map(({ x, y }) => boxOf(x, y, radius, radius));
  for (const edge of scene.edges) paintCut(context, colours, sizes, edge);
  for (const edge of scene.edges) markLink(context, colours, edge, marks);
  for (const node of scene.nodes) {
    paintServer(context, colours, sizes, node, marks);
  }
  const texts = new Texts(sheet, colours, view.font, taken);
  for (const node of inOrder(scene, marks)) {
    nameServer(texts, colours, sizes, node, isRaised(node, marks));
  }
  for (const edge of scene.edges) tellLink(texts, colours, sizes, edge, marks);
  paintLasso(context, colours, view.lasso);
}

/** The most important names get their space first. */
function inOrder(scene: Scene, marks: Marks): SceneNode[] {
  const weight = (node: SceneNode) =>
    (isRaised(node, marks) ? 1_000 : 0) +
    (node.look?.tone === "good" && !node.isBehind ? 0 : 100) +
    node.degree;
  return [...scene.nodes].sort((a, b) => weight(b) - weight(a));
}

function isRaised({ name }: SceneNode, marks: Marks): boolean {
  const { chosen, hovered, focused, picked } = marks;
  /** Whether it is this server, or a link of it. */
  const isOfIt = (it: Marks["chosen"]) =>
    it?.kind === "link" ? it.name.split("-").includes(name) : it?.name === name;
  return focused === name || picked.has(name) || isOfIt(chosen) ||
    isOfIt(hovered);
}

/**
 * Bars across a link that is cut: two for both directions, else one in front of
 * the end that nothing reaches.
 */
function paintCut(
  context: CanvasRenderingContext2D,
  colours: Palette,
  { radius }: Sizes,
  { a, b, look }: SceneEdge,
): void {
  if (look === undefined || look.ab === "open" && look.ba === "open") return;
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (length === 0) return;
  const [ux, uy] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
  const half = Math.min(11, Math.max(2, length / 2 - radius - 3));
  context.strokeStyle = colours.bad;
  context.lineWidth = 2.5;
  context.beginPath();
  if (look.ab === "cut") bar(x - ux * half, y - uy * half, 1);
  else arrow(x - ux * half, y - uy * half, 1);
  if (look.ba === "cut") bar(x + ux * half, y + uy * half, 1);
  else arrow(x + ux * half, y + uy * half, -1);
  context.stroke();

  function bar(x: number, y: number, scale: number): void {
    const size = 7 * scale;
    context.moveTo(x - uy * size, y + ux * size);
    context.lineTo(x + uy * size, y - ux * size);
  }
  /** An arrow through the gap: this direction is open. */
  function arrow(x: number, y: number, way: 1 | -1): void {
    const [dx, dy] = [ux * way, uy * way];
    const tipX = x + dx * half * 1.4;
    const tipY = y + dy * half * 1.4;
    context.moveTo(x, y);
    context.lineTo(tipX, tipY);
    context.moveTo(tipX - dx * 6 - dy * 4, tipY - dy * 6 + dx * 4);
    context.lineTo(tipX, tipY);
    context.lineTo(tipX - dx * 6 + dy * 4, tipY - dy * 6 - dx * 4);
  }
}

function markLink(
  context: CanvasRenderingContext2D,
  colours: Palette,
  edge: SceneEdge,
  { chosen, hovered }: Marks,
): void {
  const isChosen = chosen?.kind === "link" && chosen.name === edge.name;
  const isHovered = hovered?.kind === "link" && hovered.name === edge.name;
  if (!isChosen && !isHovered) return;
  context.strokeStyle = isChosen ? colours.accent : colours.soft;
  context.globalAlpha = isChosen ? 0.28 : 0.18;
  context.lineWidth = 12;
  context.beginPath();
  context.moveTo(edge.a.x, edge.a.y);
  context.lineTo(edge.b.x, edge.b.y);
  context.stroke();
  context.globalAlpha = 1;
}

function nameServer(
  texts: Texts,
  colours: Palette,
  { radius, isRoomy }: Sizes,
  node: SceneNode,
  isRaised: boolean,
): void {
  const { look, server, faults } = node;
  const lines: ColouredLine[] = [[
    node.name,
    look === undefined || look.tone === "quiet" ? colours.soft : colours.ink,
  ]];
  if (look !== undefined && look.state !== "up") {
    lines.push([look.word, toneColour(colours, look.tone)]);
  } else if (node.isBehind) {
    lines.push(["lacks the fix", colours.warn]);
  } else if ((isRoomy || isRaised) && typeof server?.records === "number") {
    lines.push([counted(server.records, "record"), colours.soft]);
  }
  for (const { fault, harm, touched } of faults) {
    // The server's state tells it already.
    if (harm === "stops") continue;
    lines.push([
      `${fault.replaceAll("_", " ")} · ${touched}`,
      colours.warn,
    ]);
  }
  const isNeeded = isRaised || look?.tone === "bad" || faults.length > 0;
  texts.below(node, radius + 5, lines, { isNeeded, isAbove: node.pull > 0.1 });
}

/**
 * Labels a link with its faults and how much they touched, and with the queue
 * at either end.
 */
function tellLink(
  texts: Texts,
  colours: Palette,
  { radius }: Sizes,
  edge: SceneEdge,
  { chosen, hovered }: Marks,
): void {
  const { a, b, link, look } = edge;
  if (link === undefined || look === undefined) return;
  const isRaised = [chosen, hovered].some((it) =>
    it?.kind === "link" && it.name === edge.name
  );
  if (look.faults.length > 0) {
    const text = look.faults
      .map(({ fault, touched }) => `${fault.replaceAll("_", " ")} · ${touched}`)
      .join("   ");
    const colour = toneColour(colours, look.tone);
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    // Beside the line, on its upper side.
    const side = b.x >= a.x ? 1 : -1;
    const [nx, ny] = [
      (b.y - a.y) / length * side,
      -(b.x - a.x) / length * side,
    ];
    texts.at((a.x + b.x) / 2, (a.y + b.y) / 2, [nx, ny], text, colour, true);
  }
  for (
    const [from, to, queued, lagMs] of [
      [a, b, link.queuedAB, link.lagAB],
      [b, a, link.queuedBA, link.lagBA],
    ] as const
  ) {
    tellQueue(texts, colours, radius, { from, to, queued, lagMs, isRaised });
  }
}

function tellQueue(
  texts: Texts,
  colours: Palette,
  radius: number,
  { from, to, queued, lagMs, isRaised }: {
    from: SceneNode;
    to: SceneNode;
    queued: number | null;
    lagMs: number | null;
    isRaised: boolean;
  },
): void {
  const waits = (queued ?? 0) >= QUEUE_TOLD && (lagMs ?? 0) >= LAG_TOLD_MS;
  if (!waits && !(isRaised && queued !== null)) return;
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const away = Math.min(radius + 30, length * 0.3);
  const text = (queued ?? 0) === 0
    ? "0 queued"
    : `${queued} queued, ${lasting(lagMs ?? 0)}`;
  const colour = waits ? colours.warn : colours.soft;
  const [x, y] = [from.x + ux * away, from.y + uy * away];
  texts.at(x, y, [-uy, ux], text, colour, isRaised || (lagMs ?? 0) >= 1_000);
}

function paintLasso(
  context: CanvasRenderingContext2D,
  colours: Palette,
  lasso: readonly Point[],
): void {
  if (lasso.length < 2) return;
  context.beginPath();
  for (const { x, y } of lasso) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = colours.accent;
  context.globalAlpha = 0.08;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = colours.accent;
  context.lineWidth = 1.5;
  context.setLineDash([6, 4]);
  context.stroke();
  context.setLineDash([]);
}
