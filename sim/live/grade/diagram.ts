/**
 * What a check did and saw, as a sequence diagram: who said what to whom, and
 * what was done to whom, from top to bottom.
 *
 * @module
 */
import { escaped } from "../../model/report/xml.ts";
import type { Step } from "./steps.ts";

const COLUMN_PX = 190;
const ROW_PX = 30;
const HEAD_PX = 34;
const MARGIN_PX = 70;
const LABEL_CHARACTERS = 46;

/** Steps as SVG. The last reply is what was wrong. */
export function diagramSvg(steps: readonly Step[]): string {
  const servers = [
    ...new Set(steps.flatMap((it) => it.kind === "note" ? [] : [it.server])),
  ];
  const at = (name: string) =>
    MARGIN_PX + COLUMN_PX * (servers.indexOf(name) + 1);
  const rows = steps.flatMap((step) => rowsOf(step, at));
  const width = 2 * MARGIN_PX + COLUMN_PX * Math.max(servers.length, 2);
  const height = HEAD_PX + ROW_PX * (rows.length + 1);
  const lines = ["client", ...servers].map((name, index) => {
    const x = MARGIN_PX + COLUMN_PX * index;
    return `<text x="${x}" y="16" class="who">${escaped(name)}</text>` +
      `<line x1="${x}" x2="${x}" y1="${HEAD_PX - 8}" y2="${height}"/>`;
  });
  const body = rows.map((row, index) =>
    `<g transform="translate(0 ${HEAD_PX + ROW_PX * (index + 0.6)})">${row}</g>`
  );
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" ` +
    `height="${height}" role="img" aria-label="What was said and done">` +
    `${lines.join("")}${body.join("")}</svg>`;
}

function rowsOf(step: Step, at: (server: string) => number): string[] {
  if (step.kind === "note") {
    return [
      `<text x="8" class="note">${time(step.atMs)} ${label(step.text)}</text>`,
    ];
  }
  const x = at(step.server);
  if (step.kind !== "say") {
    const text = `${time(step.atMs)} ${step.kind}`;
    return [
      `<circle cx="${x}" cy="-4" r="5" class="${step.kind}"/>` +
      `<text x="${x + 10}" class="note">${text}</text>`,
    ];
  }
  const { line, reply, tookMs = 0, atMs, isUntil } = step;
  const said = arrow(
    MARGIN_PX,
    x,
    `${time(atMs)} ${isUntil ? "… " : ""}${line}`,
  );
  if (reply === undefined) return [said];
  const [first = ""] = reply.split(/\r?\n/);
  const told = reply === "" ? "(nothing)" : first;
  return [said, arrow(x, MARGIN_PX, `${time(atMs + tookMs)} ${told}`, reply)];
}

function arrow(from: number, to: number, text: string, full = text): string {
  const tip = to + (from < to ? -7 : 7);
  return `<path d="M${from} 0H${to}M${tip} -4L${to} 0L${tip} 4"/>` +
    `<text x="${Math.min(from, to) + 8}" y="-4"><title>${
      escaped(full)
    }</title>` +
    `${label(text)}</text>`;
}

function label(text: string): string {
  const chars = [...text];
  return escaped(
    chars.length > LABEL_CHARACTERS
      ? `${chars.slice(0, LABEL_CHARACTERS - 1).join("")}…`
      : text,
  );
}

function time(ms: number): string {
  return `${(ms / 1_000).toFixed(2)}s`;
}
