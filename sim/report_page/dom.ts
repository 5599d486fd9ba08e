/**
 * Elements of the page, and its colours.
 *
 * @module
 */
/// <reference lib="dom" />

/** What an element is given: attributes, or listeners by `onclick` and such. */
export type Given = Record<string, string | number | (() => void)>;

/** A new element. Text is only ever set as text. */
export function make(
  tag: string,
  given: Given = {},
  ...children: (Node | string)[]
): HTMLElement {
  return fill(document.createElement(tag), given, children);
}

/** A new element of a drawing. */
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

/** The element of the page with this ID. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** The colours of the style sheet, as a canvas takes them. */
export interface Palette {
  /** The page. */
  readonly paper: string;
  /** The land of a map. */
  readonly land: string;
  /** Text. */
  readonly ink: string;
  /** Lesser text. */
  readonly soft: string;
  /** Lines that stay back. */
  readonly faint: string;
  /** Lines that stay further back. */
  readonly rule: string;
  /** What is chosen. */
  readonly accent: string;
  /** What failed. */
  readonly bad: string;
  /** Times of faults. */
  readonly band: string;
  /** Servers that are not up. */
  readonly down: string;
}

/** The colours as they are now, light or dark. */
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

/** Colours of the style sheet by their names, as they are now. */
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

/** A canvas made ready to be drawn on, in units of the page. */
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

/** Whether the page is being drawn for paper. */
export function isPrinting(): boolean {
  return document.documentElement.hasAttribute("data-printing");
}
