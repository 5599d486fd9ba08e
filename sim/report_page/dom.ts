/**
 * Creates elements, and reads the style sheet's colours.
 *
 * @module
 */
/// <reference lib="dom" />

/** Attributes, or listeners under `onclick` and the like. */
export type Given = Record<string, string | number | (() => void)>;

/** What an element is made with: attributes, and children. */
export type Part = Given | Node | string;

type Tag = keyof HTMLElementTagNameMap;

/** A tag, with an ID and classes as in CSS: `p#help.soft`. */
type Kind = Tag | `${Tag}#${string}` | `${Tag}.${string}`;

type ElementOf<K> = K extends Tag ? HTMLElementTagNameMap[K]
  : K extends `${infer T extends Tag}#${string}` ? HTMLElementTagNameMap[T]
  : K extends `${infer T extends Tag}.${string}` ? HTMLElementTagNameMap[T]
  : never;

/** Creates an element. Strings become text nodes, never HTML. */
export function make<K extends Kind>(
  kind: K,
  ...parts: readonly Part[]
): ElementOf<K> {
  const [tag = "", ...marks] = kind.split(/(?=[#.])/);
  const element = document.createElement(tag);
  for (const mark of marks) {
    if (mark.startsWith("#")) element.id = mark.slice(1);
    else element.classList.add(mark.slice(1));
  }
  return filled(element, parts) as ElementOf<K>;
}

/** Creates an SVG element. */
export function draw(tag: string, ...parts: readonly Part[]): SVGElement {
  const svg = "http://www.w3.org/2000/svg";
  return filled(document.createElementNS(svg, tag), parts) as SVGElement;
}

function filled(element: Element, parts: readonly Part[]): Element {
  for (const part of parts) {
    if (typeof part === "string" || part instanceof Node) element.append(part);
    else setAll(element, part);
  }
  return element;
}

function setAll(element: Element, given: Given): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else element.setAttribute(name, String(value));
  }
}

/** A button of the page itself: it submits no form. */
export function button(
  text: string,
  act: () => void,
  given: Given = {},
): HTMLButtonElement {
  return make("button", { type: "button", ...given, onclick: act }, text);
}

/** The head of a table; `#` marks a column of numbers. */
export function tableHead(...heads: readonly string[]): HTMLElement {
  const cells = heads.map((head) => {
    const kind = head.startsWith("#") ? "th.number" : "th";
    return make(kind, { scope: "col" }, head.replace("#", ""));
  });
  return make("thead", make("tr", ...cells));
}

/** A form that the page itself takes. */
export function form(act: () => void, ...parts: readonly Part[]) {
  const element = make("form", ...parts);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    act();
  });
  return element;
}

/** A listener that acts by key; with Ctrl and the like it is the browser's. */
export function byKey(
  keys: Readonly<Record<string, () => void>>,
): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

export function onClick(id: string, act: () => void): void {
  byId(id).addEventListener("click", act);
}

/** Colours of the style sheet, in the form that a canvas takes. */
export type Palette = Readonly<Record<typeof COLOURS[number], string>>;

const COLOURS = [
  // The background of the page, and of land on a map.
  ...["paper", "land"],
  // Text, secondary text, faint lines, grid lines.
  ...["ink", "soft", "faint", "rule"],
  // What is selected; failures, and what may become one.
  ...["accent", "bad", "warn"],
  // The bands of faults, and times in which servers are not up.
  ...["band", "down"],
] as const;

/** The present colours, light or dark. */
export function palette(): Palette {
  return coloursOf(...COLOURS);
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

/** A path in the form of SVG, moved to a point of a canvas. */
export function pathAt(
  text: string,
  [x, y]: readonly [x: number, y: number],
  scale = 1,
): Path2D {
  const path = new Path2D();
  path.addPath(new Path2D(text), new DOMMatrix([scale, 0, 0, scale, x, y]));
  return path;
}

export function isPrinting(): boolean {
  return document.documentElement.hasAttribute("data-printing");
}
