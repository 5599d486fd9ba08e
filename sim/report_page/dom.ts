/**
 * Creates elements, and reads the style sheet's colours.
 *
 * @module
 */
/// <reference lib="dom" />

/** Attributes, or listeners under `onclick` and the like. */
export type Given = Record<string, string | number | (() => void)>;

/** Creates an element. Strings become text nodes, never HTML. */
export function make(
  tag: string,
  given: Given = {},
  ...children: (Node | string)[]
): HTMLElement {
  return fill(document.createElement(tag), given, children);
}

/** Creates an SVG element. */
export function draw(
  tag: string,
  given: Given = {},
  ...children: (Node | string)[]
): SVGElement {
  const svg = "http://www.w3.org/2000/svg";
  return fill(document.createElementNS(svg, tag), given, children);
}

function fill<T extends Element>(
  element: T,
  given: Given,
  children: (Node | string)[],
): T {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** Colours of the style sheet, in the form that a canvas takes. */
export interface Palette {
  /** The background of the page. */
  readonly paper: string;
  readonly land: string;
  readonly ink: string;
  /** Secondary text. */
  readonly soft: string;
  /** Faint lines. */
  readonly faint: string;
  /** Grid lines. */
  readonly rule: string;
  /** What is selected. */
  readonly accent: string;
  /** Failures. */
  readonly bad: string;
  /** The bands of faults. */
  readonly band: string;
  /** Times in which servers are not up. */
  readonly down: string;
}

/** The present colours, light or dark. */
export function palette(): Palette {
  return coloursOf(
    "paper",
    "ink",
    "soft",
    "faint",
    "rule",
    "accent",
    "bad",
    "band",
    "down",
    "land",
  );
}

/** The present colours of the style sheet by their names. */
export function coloursOf<T extends string>(
  ...names: readonly T[]
): Readonly<Record<T, string>> {
  const probe = make("i", { hidden: "" });
  document.body.append(probe);
  const found = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(found) as Record<T, string>;
}

/**
 * Sizes a canvas for the screen's resolution, and returns its context, in CSS
 * pixels.
 */
export function canvasOf(
  canvas: HTMLCanvasElement,
  height: number,
  textPixels = 12,
): { context: CanvasRenderingContext2D; width: number } {
  const ratio = Math.max(
    globalThis.devicePixelRatio || 1,
    isPrinting() ? 3 : 1,
  );
  const width = canvas.clientWidth || 900;
  canvas.style.height = `${height}px`;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `${textPixels}px ${
    getComputedStyle(document.body).fontFamily
  }`;
  context.textBaseline = "middle";
  return { context, width };
}

export function isPrinting(): boolean {
  return document.documentElement.hasAttribute("data-printing");
}
