/**
 * The space-time diagram: a lane for each server, a line for each message.
 *
 * @module
 */
/// <reference lib="dom" />
import { UNKNOWN } from "./columns.ts";
import {
  distanceToLine,
  isSampled,
  MessageFinder,
  type Span,
} from "./diagram_hits.ts";
import { canvasOf, type Palette, palette } from "./dom.ts";
import {
  drawAxis,
  drawBands,
  drawFailures,
  drawHeld,
  drawLanes,
  line,
  UNKNOWN_DASH,
} from "./frame.ts";
import { BAND_HEIGHT, Places } from "./places.ts";
import type { Run } from "./run.ts";
import { lasting, moment } from "./text.ts";

/** The most lines drawn at once; more are slow, and can't be told apart. */
const DRAWN_MAX = 6_000;
const HIT_DISTANCE = 8;

export interface Drawn {
  readonly drawn: number;
  /** Messages in the window that pass the filters. */
  readonly inWindow: number;
  /** One in so many updates is drawn. */
  readonly oneIn: number;
}

/** What a pointer can hit. */
export type Hit =
  | { readonly kind: "message"; readonly message: number }
  | { readonly kind: "words"; readonly title: string; readonly text: string };

export class Diagram {
  /** Whether duplicates are drawn, which their receivers held already. */
  withDuplicates: boolean = true;
  /** The highlighted message, or -1. */
  marked: number = -1;
  readonly #run: Run;
  readonly #canvas: HTMLCanvasElement;
  readonly #finder: MessageFinder;
  readonly places: Places;
  #visible: number[] = [];
  #drawn: number[] = [];

  constructor(run: Run, canvas: HTMLCanvasElement) {
    this.#run = run;
    this.#canvas = canvas;
    this.#finder = new MessageFinder(run.messages);
    this.places = new Places(run);
  }

  /** Draws a time window; returns how much of it was drawn. */
  draw(window: Span): Drawn {
    this.places.window = window;
    const height = Places.heightOf(this.#run);
    const { context, width } = canvasOf(this.#canvas, height);
    const colours = palette();
    this.places.width = width;
    const names = [...this.#run.servers, "clients"];
    const widest = Math.max(
      ...names.map((name) => context.measureText(name).width),
    );
    this.places.gutter = Math.min(140, Math.ceil(widest) + 14);
    const found = this.#choose();
    drawBands(this.places, context, colours, height);
    drawLanes(this.#run, this.places, context, colours, names);
    context.save();
    context.beginPath();
    context.rect(this.places.gutter, 0, width, height);
    context.clip();
    this.#drawMessages(context, colours);
    drawFailures(this.#run, this.places, context, colours, height);
    this.#drawTroubles(context, colours);
    context.restore();
    drawAxis(this.places, context, colours, height);
    drawHeld(this.#run, this.places, context, colours, height);
    return found;
  }

  #choose(): Drawn {
    const { messages, isShown } = this.#run;
    const visible: number[] = [];
    this.#finder.each(this.places.window, (i) => {
      if (isShown[messages.update[i]!] === 0) return;
      if (!this.withDuplicates && this.#isDuplicate(i)) return;
      visible.push(i);
    });
    const oneIn = Math.max(1, visible.length / DRAWN_MAX);
    this.#visible = visible;
    this.#drawn = oneIn === 1 ? visible : visible.filter((i) => {
      const update = messages.update[i]!;
      return update === this.#run.update || isSampled(update, oneIn);
    });
    return { drawn: this.#drawn.length, inWindow: visible.length, oneIn };
  }

  #isDuplicate(message: number): boolean {
    const { isNew, receivedMs } = this.#run.messages;
    return isNew[message] === 0 && !Number.isNaN(receivedMs[message]!);
  }

  #drawMessages(
    context: CanvasRenderingContext2D,
    { soft, faint, accent, bad }: Palette,
  ): void {
    const { update: followed, messages } = this.#run;
    const few = Math.min(1, 600 / (this.#drawn.length + 1));
    const plain = new Path2D();
    const late = new Path2D();
    const lost = new Path2D();
    const chosen = new Path2D();
    const chosenLate = new Path2D();
    const unknown = new Path2D();
    const dots = new Path2D();
    for (const i of this.#drawn) {
      const [[x1, y1], [x2, y2]] = this.places.endsOf(i);
      const isNever = Number.isNaN(messages.receivedMs[i]!);
      const isUnknown = isNever && messages.isNew[i] === UNKNOWN;
      const isLost = isNever && !isUnknown;
      const path = isLost
        ? lost
        : isUnknown
        ? unknown
        : messages.update[i] === followed
        ? messages.isNew[i] === 1 ? chosen : chosenLate
        : messages.isNew[i] === 1
        ? plain
        : late;
      path.moveTo(x1, y1);
      path.lineTo(x2, y2);
      if (isLost) {
        path.moveTo(x2 - 3, y2 - 3);
        path.lineTo(x2 + 3, y2 + 3);
        path.moveTo(x2 - 3, y2 + 3);
        path.lineTo(x2 + 3, y2 - 3);
      } else if (messages.update[i] === followed && messages.isNew[i] === 1) {
        dots.moveTo(x2 + 2.5, y2);
        dots.arc(x2, y2, 2.5, 0, 7);
      }
    }
    context.lineWidth = 1;
    context.strokeStyle = faint;
    context.stroke(late);
    context.strokeStyle = soft;
    context.setLineDash(UNKNOWN_DASH);
    context.stroke(unknown);
    context.setLineDash([]);
    context.globalAlpha = 0.35 + 0.65 * few;
    context.stroke(plain);
    context.globalAlpha = 1;
    context.strokeStyle = bad;
    context.stroke(lost);
    context.strokeStyle = accent;
    context.fillStyle = accent;
    context.globalAlpha = 0.4;
    context.stroke(chosenLate);
    context.globalAlpha = 1;
    context.lineWidth = 1.5;
    context.stroke(chosen);
    context.fill(dots);
    if (this.marked >= 0) {
      context.lineWidth = 3;
      line(context, accent, this.places.endsOf(this.marked));
      context.lineWidth = 1;
    }
  }

  /** Requests that failed, or whose outcome is unknown. */
  #drawTroubles(context: CanvasRenderingContext2D, { bad }: Palette): void {
    const y = this.places.y(this.#run.servers.length);
    context.fillStyle = bad;
    for (const [request] of this.#troublesInWindow()) {
      const x = this.places.x(this.#run.requests.invokedMs[request]!);
      context.fillRect(x - 1, y - 5, 2, 10);
    }
  }

  /** The indexes of such requests, and the texts for them. */
  #troublesInWindow(): (readonly [number, string])[] {
    const { fromMs, toMs } = this.places.window;
    const { invokedMs } = this.#run.requests;
    return this.#run.data.troubles.filter(([request, text]) =>
      invokedMs[request]! >= fromMs && invokedMs[request]! <= toMs &&
      (this.#run.client === "" || text.includes(this.#run.client))
    );
  }

  hit(x: number, y: number): Hit | undefined {
    if (x < this.places.gutter) return undefined;
    let nearest = -1;
    let least = HIT_DISTANCE;
    for (const i of this.#drawn) {
      const distance = distanceToLine([x, y], ...this.places.endsOf(i));
      const isCloser = distance < least ||
        // Of lines that cross here, prefer the followed update's.
        distance === least && this.#run.messages.update[i] === this.#run.update;
      if (isCloser) [least, nearest] = [distance, i];
    }
    if (nearest >= 0) return { kind: "message", message: nearest };
    return this.#troubleAt(x, y) ?? this.#bandAt(x, y) ?? this.#downAt(x, y);
  }

  #troubleAt(x: number, y: number): Hit | undefined {
    if (Math.abs(y - this.places.y(this.#run.servers.length)) > 6) {
      return undefined;
    }
    const { invokedMs, outcome, server } = this.#run.requests;
    const near = this.#troublesInWindow().find(([request]) =>
      Math.abs(this.places.x(invokedMs[request]!) - x) < 4
    );
    if (near === undefined) return undefined;
    const [request, text] = near;
    const how = outcome[request] === 1 ? "failed" : "outcome unknown";
    return {
      kind: "words",
      title: `${this.#run.nameOf(server[request]!)}: request, ${how}`,
      text: `made at ${moment(invokedMs[request]!, 1)}\n${text}`,
    };
  }

  #bandAt(x: number, y: number): Hit | undefined {
    const row = Math.floor(y / BAND_HEIGHT);
    const ms = this.places.timeAt(x);
    const slackMs = this.places.timeAt(x + 2) - ms;
    const here = this.places.bands.filter(({ fromMs, toMs }, index) =>
      this.places.rows[index] === row && fromMs - slackMs <= ms &&
      ms <= toMs + slackMs
    );
    if (here.length === 0) return undefined;
    if (here.length === 1) {
      return { kind: "words", title: here[0]!.text, text: timesText(here[0]!) };
    }
    const times = here.map((band) => `${band.text}: ${timesText(band)}`);
    const title = `${here.length} faults`;
    return { kind: "words", title, text: times.join("\n") };
  }

  #downAt(x: number, y: number): Hit | undefined {
    const ms = this.places.timeAt(x);
    const { gap } = this.places;
    const down = this.#run.data.downTimes.find((time) =>
      time.fromMs <= ms && ms <= time.toMs &&
      Math.abs(this.places.y(time.server) - y) < gap * 0.3
    );
    if (down === undefined) return undefined;
    const { server, state } = down;
    const title = `${this.#run.nameOf(server)}: ${state}`;
    return { kind: "words", title, text: timesText(down) };
  }

  /**
   * Highlights the next or previous message of the window, and returns its
   * index.
   */
  step(by: 1 | -1): number {
    const all = this.#visible;
    if (all.length === 0) return this.marked = -1;
    const place = all.indexOf(this.marked);
    const next = place < 0 ? (by > 0 ? 0 : all.length - 1) : place + by;
    return this.marked = all[Math.min(all.length - 1, Math.max(0, next))]!;
  }

  /** The middle of a message's line, for placing text beside it. */
  middleOf(message: number): [number, number] {
    const [[x1, y1], [x2, y2]] = this.places.endsOf(message);
    return [(x1 + x2) / 2, (y1 + y2) / 2];
  }
}

function timesText({ fromMs, toMs }: Span): string {
  return `${moment(fromMs)} to ${moment(toMs)}, ${lasting(toMs - fromMs)}`;
}
