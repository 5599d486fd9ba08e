/**
 * Places texts on the graph without overlap; a text without room is left out.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Palette } from "../../report_page/dom.ts";
import type { Point } from "./layout.ts";
import type { Sheet } from "./paint.ts";

/** Large enough to be read from the last row of a room. */
const PIXELS = 14;
const LINE_PIXELS = PIXELS + 3;

export type ColouredLine = readonly [text: string, colour: string];

/** The space of a text. */
export type Box = Readonly<ReturnType<typeof boxOf>>;

/** Places texts; call it for the most important ones first. */
export class Texts {
  readonly #sheet: Sheet;
  readonly #colours: Palette;
  readonly #font: string;
  readonly #taken: Box[];

  /** `taken` is space that is in use already. */
  constructor(sheet: Sheet, colours: Palette, font: string, taken: Box[]) {
    this.#sheet = sheet;
    this.#colours = colours;
    this.#font = `500 ${PIXELS}px ${font}`;
    this.#taken = taken;
  }

  /** Puts lines under a point, or over it where there is no room below. */
  below(
    { x, y }: Point,
    distance: number,
    lines: readonly ColouredLine[],
    { isNeeded, isAbove }: { isNeeded: boolean; isAbove: boolean },
  ): void {
    const widths = lines.map(([text]) => this.#measure(text));
    const height = lines.length * LINE_PIXELS;
    const half = Math.max(...widths) / 2 + 2;
    const middle = Math.min(Math.max(x, half), this.#sheet.width - half);
    const under = boxOf(middle, y + distance + height / 2, half, height / 2);
    const over = boxOf(middle, y - distance - height / 2, half, height / 2);
    const sides = isAbove ? [over, under] : [under, over];
    const room = this.#take(sides, isNeeded);
    if (room === undefined) return;
    let top = room.top + LINE_PIXELS / 2;
    for (const [text, colour] of lines) {
      this.#write(text, middle, top, colour);
      top += LINE_PIXELS;
    }
  }

  /** Puts a text beside a point, on the given side, or else on the other. */
  at(
    x: number,
    y: number,
    [nx, ny]: readonly [number, number],
    text: string,
    colour: string,
    isNeeded: boolean,
  ): void {
    const half = this.#measure(text) / 2 + 3;
    const away = 14 + Math.abs(nx) * half;
    const boxes = [1, -1].map((side) =>
      boxOf(x + nx * away * side, y + ny * away * side, half, LINE_PIXELS / 2)
    );
    const room = this.#take(boxes, isNeeded);
    if (room === undefined) return;
    const middle = (room.left + room.right) / 2;
    const most = this.#sheet.width - half;
    const middleX = Math.min(Math.max(middle, half), most);
    this.#write(text, middleX, (room.top + room.bottom) / 2, colour);
  }

  /** The first box that is free; if the text is needed, any will do. */
  #take(boxes: readonly Box[], isNeeded: boolean): Box | undefined {
    const room = boxes.find((box) => this.#isFree(box)) ??
      (isNeeded ? boxes[0] : undefined);
    if (room !== undefined) this.#taken.push(room);
    return room;
  }

  #measure(text: string): number {
    const { context } = this.#sheet;
    context.font = this.#font;
    return context.measureText(text).width;
  }

  #write(text: string, x: number, y: number, colour: string): void {
    const { context } = this.#sheet;
    context.font = this.#font;
    context.textAlign = "center";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = this.#colours.paper;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }

  #isFree(box: Box): boolean {
    const { width, height } = this.#sheet;
    if (box.top < 0 || box.bottom > height || box.left < 0) return false;
    if (box.right > width) return false;
    return !this.#taken.some((other) =>
      box.left < other.right && box.right > other.left &&
      box.top < other.bottom && box.bottom > other.top
    );
  }
}

export function boxOf(
  x: number,
  y: number,
  halfWidth: number,
  halfHeight: number,
) {
  return {
    left: x - halfWidth,
    right: x + halfWidth,
    top: y - halfHeight,
    bottom: y + halfHeight,
  };
}
