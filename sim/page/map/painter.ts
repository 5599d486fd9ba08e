/**
 * Draws the map: land, grid, clients, and the last search.
 *
 * @module
 */
/// <reference lib="dom" />
import type { SeenFix } from "../../model/web/batch.ts";
import { type Palette, pathAt } from "../../report_page/dom.ts";
import { grouped } from "../../report_page/text.ts";
import { type Dot, type Label, placed } from "./dots.ts";
import type { Place } from "./places.ts";
import {
  circle,
  gridStep,
  type Outlook,
  type Position,
  project,
  scaleBar,
  type Size,
} from "./projection.ts";

export interface ClientDot extends Dot {
  readonly fix: SeenFix;
}

/** A search for places around a position. */
export interface Search {
  readonly at: Position;
  /** In kilometres. */
  readonly radiusKm: number;
  readonly places: readonly Place[];
}

/** The input of a frame. */
export interface Scene {
  /** The newest fix of each client. */
  readonly fixes: Iterable<SeenFix>;
  /** The chosen client; empty for none. */
  readonly chosen: string;
  /** The server whose missing fixes are shown; empty for those of any. */
  readonly lacking: string;
  /** Where the next fix is to be sent from. */
  readonly mark: Position | null;
  readonly search: Search | null;
  /** Whether a cross marks the middle, for keyboard users. */
  readonly isAimed: boolean;
}

/** Up to so many visible clients are labelled. */
const NAMED_MAX = 400;
const LABELS_MAX = 60;
/** The distance from a dot to its label. */
const LABEL_PIXELS = 10;
/** With more dots than this, each is a square of two pixels. */
const ROUND_MAX = 3_000;
const FULL_TURN = 2 * Math.PI;
const PIN = "M0 0C-3-7-8-10-8-16A8 8 0 0 1 8-16C8-10 3-7 0 0";

/** Draws one frame on an empty canvas. */
export class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #size: Size;
  readonly #outlook: Outlook;
  readonly #colours: Palette;

  constructor(
    context: CanvasRenderingContext2D,
    size: Size,
    outlook: Outlook,
    colours: Palette,
  ) {
    this.#context = context;
    this.#size = size;
    this.#outlook = outlook;
    this.#colours = colours;
  }

  /** Draws everything; returns the visible clients. */
  draw(scene: Scene, land: Path2D | undefined): ClientDot[] {
    if (land !== undefined) this.#land(land);
    this.#grid();
    if (scene.search !== null) this.#search(scene.search);
    const dots = this.#dots(scene.fixes);
    this.#clients(dots, scene);
    this.#names(dots, scene);
    if (scene.mark !== null) this.#mark(scene.mark);
    if (scene.isAimed) this.#aim();
    this.#scaleBar();
    return dots;
  }

  #at(position: Position): [number, number] {
    return project(this.#outlook, this.#size, position);
  }

  #land(land: Path2D): void {
    const context = this.#context;
    const { scale } = this.#outlook;
    const [x, y] = this.#at({ latitude: 0, longitude: 0 });
    context.save();
    context.translate(x, y);
    context.scale(scale, scale);
    context.beginPath();
    context.rect(-180, -90, 360, 180);
    context.clip();
    context.fillStyle = this.#colours.land;
    context.fill(land, "evenodd");
    context.lineWidth = 0.75 / scale;
    context.strokeStyle = this.#colours.faint;
    context.stroke(land);
    context.restore();
  }

  #grid(): void {
    const context = this.#context;
    const step = gridStep(this.#outlook.scale);
    const [west, north] = this.#at({ latitude: 90, longitude: -180 });
    const [east, south] = this.#at({ latitude: -90, longitude: 180 });
    const { width, height } = this.#size;
    context.strokeStyle = this.#colours.rule;
    context.fillStyle = this.#colours.soft;
    context.lineWidth = 1;
    context.beginPath();
    for (let degrees = -180; degrees <= 180 + 1e-9; degrees += step) {
      const x = crisp(west + (degrees + 180) * this.#outlook.scale);
      if (x < -1 || x > width + 1) continue;
      context.moveTo(x, Math.max(0, north));
      context.lineTo(x, Math.min(height, south));
    }
    for (let degrees = -90; degrees <= 90 + 1e-9; degrees += step) {
      const y = crisp(south - (degrees + 90) * this.#outlook.scale);
      if (y < -1 || y > height + 1) continue;
      context.moveTo(Math.max(0, west), y);
      context.lineTo(Math.min(width, east), y);
    }
    context.stroke();
  }

  #search({ at, radiusKm, places }: Search): void {
    const context = this.#context;
    const { accent, ink } = this.#colours;
    context.beginPath();
    for (const corner of circle(at, radiusKm)) {
      context.lineTo(...this.#at(corner));
    }
    context.closePath();
    context.globalAlpha = 0.08;
    context.fillStyle = accent;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = accent;
    context.lineWidth = 1.25;
    context.stroke();
    context.fillStyle = ink;
    for (const place of places) {
      context.fill(pathAt("M0-4.5L4.5 0L0 4.5L-4.5 0", this.#at(place)));
    }
  }

  #dots(fixes: Iterable<SeenFix>): ClientDot[] {
    const dots: ClientDot[] = [];
    const { width, height } = this.#size;
    for (const fix of fixes) {
      const [x, y] = this.#at(fix);
      if (x < -8 || y < -8 || x > width + 8 || y > height + 8) continue;
      dots.push({ x, y, fix });
    }
    return dots;
  }

  #clients(dots: readonly ClientDot[], { chosen, lacking }: Scene): void {
    const context = this.#context;
    const { accent, bad, paper } = this.#colours;
    const isBehind = ({ fix }: ClientDot) =>
      lacking === "" ? fix.behind.length > 0 : fix.behind.includes(lacking);
    const behind = dots.filter(isBehind);
    const even = dots.filter((dot) => !isBehind(dot));
    const radius = dots.length > 600 ? 2.25 : 3.5;
    context.globalAlpha = dots.length > 600 || lacking !== "" ? 0.6 : 1;
    context.fillStyle = accent;
    this.#disks(even, radius);
    context.globalAlpha = 1;
    context.fillStyle = paper;
    this.#disks(behind, radius + 1.25);
    context.strokeStyle = bad;
    context.lineWidth = 1.75;
    context.beginPath();
    for (const { x, y } of behind) {
      context.moveTo(x + radius + 1.25, y);
      context.arc(x, y, radius + 1.25, 0, FULL_TURN);
    }
    context.stroke();
    const dot = dots.find(({ fix }) => fix.client === chosen);
    if (dot === undefined) return;
    context.strokeStyle = accent;
    context.beginPath();
    context.arc(dot.x, dot.y, 9, 0, FULL_TURN);
    context.stroke();
  }

  #disks(dots: readonly ClientDot[], radius: number): void {
    const context = this.#context;
    context.beginPath();
    for (const { x, y } of dots) {
      if (dots.length > ROUND_MAX) context.rect(x - 1, y - 1, 2.5, 2.5);
      else {
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, FULL_TURN);
      }
    }
    context.fill();
  }

  #names(dots: readonly ClientDot[], { chosen, search }: Scene): void {
    const labels: (Label & { isStrong: boolean })[] = [];
    const add = (text: string, [x, y]: readonly number[], isStrong = false) => {
      const { width } = this.#context.measureText(text);
      // At the right edge of the map a label is left of its dot.
      const isRoom = x! + LABEL_PIXELS + width < this.#size.width;
      const left = isRoom ? x! + LABEL_PIXELS : x! - LABEL_PIXELS - width;
      labels.push({ text, x: left, y: y!, width, isStrong });
    };
    const short = (text: string) =>
      text.length > 28 ? `${text.slice(0, 27)}…` : text;
    const chosenDot = dots.find(({ fix }) => fix.client === chosen);
    if (chosenDot) add(short(chosen), [chosenDot.x + 3, chosenDot.y], true);
    for (const place of search?.places ?? []) {
      add(short(place.name), this.#at(place));
    }
    if (dots.length <= NAMED_MAX) {
      for (const { fix, x, y } of dots) {
        if (fix.client !== chosen) add(short(fix.client), [x, y]);
      }
    }
    const { paper, ink, soft } = this.#colours;
    const context = this.#context;
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = paper;
    for (const { text, x, y, isStrong } of placed(labels, LABELS_MAX)) {
      context.strokeText(text, x, y);
      context.fillStyle = isStrong ? ink : soft;
      context.fillText(text, x, y);
    }
  }

  #mark(mark: Position): void {
    const context = this.#context;
    const at = this.#at(mark);
    const [x, y] = at;
    const { accent, paper } = this.#colours;
    const pin = pathAt(PIN, at);
    context.fillStyle = accent;
    context.strokeStyle = paper;
    context.lineWidth = 1.5;
    context.fill(pin);
    context.stroke(pin);
    context.beginPath();
    context.arc(x, y - 16, 3, 0, FULL_TURN);
    context.fillStyle = paper;
    context.fill();
  }

  #aim(): void {
    const context = this.#context;
    const x = crisp(this.#size.width / 2);
    const y = crisp(this.#size.height / 2);
    context.strokeStyle = this.#colours.ink;
    context.lineWidth = 1;
    context.stroke(pathAt("M4 0H14M-4 0H-14M0 4V14M0-4V-14", [x, y]));
  }

  #scaleBar(): void {
    const context = this.#context;
    const { km, pixels } = scaleBar(this.#outlook);
    const [x, y] = [12.5, crisp(this.#size.height - 14)];
    context.strokeStyle = this.#colours.soft;
    context.lineWidth = 1;
    context.stroke(pathAt(`M0-4V0H${pixels}V-4`, [x, y]));
    const text = km < 1 ? `${km * 1_000} m` : `${grouped(km)} km`;
    context.fillStyle = this.#colours.soft;
    context.fillText(text, x + pixels + 8, y - 3);
  }
}

/** A one-pixel line is sharp in the middle of a pixel. */
function crisp(pixels: number): number {
  return Math.round(pixels) + 0.5;
}
