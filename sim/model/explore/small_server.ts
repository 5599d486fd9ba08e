/**
 * One server of a small herd, without sockets, threads or clock.
 *
 * @module
 */
import { ByteBlock } from "../../../herd/core/bytes/block.ts";
import {
  bytesOf,
  type ByteString,
  byteString,
} from "../../../herd/core/bytes/bytes.ts";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import { type Instant, instantOfMs } from "../../../herd/core/bytes/decimal.ts";
import { ByteWriter } from "../../../herd/core/bytes/writer.ts";
import type { Link } from "../../../herd/core/link/link.ts";
import { Node } from "../../../herd/core/node.ts";
import { Line } from "../../../herd/core/wire/line.ts";
import { OpenSyncs } from "./open_syncs.ts";
import type { Setup } from "./setup.ts";

const NOW: Instant = instantOfMs(1_700_000_000_000);
const PULL_BYTES = 65_536;
/** A link that still writes after so many pulls never ends. */
const PULLS_MAX = 1_000;

/** What can happen to one server. */
export type ServerEvent =
  /** A client's line comes. */
  | { readonly kind: "told"; readonly line: ByteString }
  | {
    readonly kind: "read";
    readonly from: string;
    readonly lines: readonly ByteString[];
  }
  /** What is due to a neighbour is written. */
  | { readonly kind: "write"; readonly to: string }
  | { readonly kind: "up" | "down"; readonly peer: string }
  | { readonly kind: "tick" | "heartbeat" };

/** A key that two events share only if they are the same. */
export function eventKey(event: ServerEvent): string {
  switch (event.kind) {
    case "told":
      return `told ${event.line}`;
    case "read":
      return `read ${event.from} ${event.lines.join("\n")}`;
    case "write":
      return `write ${event.to}`;
    case "up":
    case "down":
      return `${event.kind} ${event.peer}`;
    default:
      return event.kind;
  }
}

/** What a server has answered to a question. */
export interface Answer {
  /** An AT line, or none. */
  readonly held: readonly ByteString[];
  /** Whether it says that others, who did not answer it, may know more. */
  readonly isPartial: boolean;
}

/** Where a server stands. */
export interface Standing {
  /** The neighbours to whom it has still to write. */
  readonly owing: readonly string[];
  /** Whether it waits for a tick. */
  readonly isArmed: boolean;
  /** The AT lines that it holds. */
  readonly held: readonly ByteString[];
  /**
   * What alone tells what it will do, if that is known. Where updates are
   * flooded it is, once nothing is owed: its links, what it holds, and what has
   * passed in syncs that are under way.
   */
  readonly gist?: string;
}

/** What comes of an event beside that. */
export interface Outcome {
  /** The lines that are written, by neighbour. */
  readonly written: ReadonlyMap<string, readonly ByteString[]>;
  /** What is answered, if anything is. */
  readonly answer?: Answer;
}

/** A node, its links, and what it has written to them. */
export class SmallServer {
  readonly #node: Node<undefined>;
  readonly #links = new Map<string, Link>();
  readonly #syncs = new OpenSyncs();
  readonly #mode: DisseminationMode;
  /** Whether it writes by a `write` only, and not after each event. */
  readonly #isSlow: boolean;
  readonly #out = new ByteWriter();
  readonly #line = new Line();
  #isArmed = false;
  #answer: Answer | undefined;
  #isPartial = false;

  constructor(name: string, { mode, isSlow, plantedBug }: Setup) {
    this.#mode = mode;
    this.#isSlow = isSlow;
    this.#node = new Node({
      name,
      // Servers with the same history must be equal.
      seed: 1,
      echoCancellation: true,
      mode,
      ...plantedBug && { plantedBug },
    }, {
      marked: (answer) => answer(),
      reserve: () => ({
        lookup: (at) => this.#answered([at]),
        reply: () => this.#answered([]),
      }),
      unanswered: () => this.#isPartial = true,
      arm: () => this.#isArmed = true,
      stored() {},
      synced: (peer) => this.#syncs.done(peer),
    });
  }

  #answered(held: readonly ByteString[]): void {
    this.#answer = { held, isPartial: this.#isPartial };
  }

  meet(event: ServerEvent): Outcome & { readonly standing: Standing } {
    this.#answer = undefined;
    this.#isPartial = false;
    this.#handle(event);
    const answer = this.#answer as Answer | undefined;
    const written = new Map<string, readonly ByteString[]>();
    const owing: string[] = [];
    for (const [peer, link] of this.#links) {
      if (!link.hasOutput) continue;
      const isDue = !this.#isSlow ||
        event.kind === "write" && event.to === peer;
      if (isDue) written.set(peer, this.#pulled(link));
      else owing.push(peer);
    }
    const standing = this.#standing(owing);
    return { written, standing, ...answer && { answer } };
  }

  #standing(owing: readonly string[]): Standing {
    const held = this.#held();
    const isKnown = this.#mode === "flood" && owing.length === 0;
    const links = [...this.#links.keys()].sort();
    const gist = `${links}\n${held.join("\n")}\n${this.#syncs}`;
    return { owing, isArmed: this.#isArmed, held, ...isKnown && { gist } };
  }

  #held(): ByteString[] {
    return [...this.#node.lines()].sort();
  }

  #handle(event: ServerEvent): void {
    switch (event.kind) {
      case "told":
        this.#out.clear();
        return this.#node
          .onClientLine(undefined, Line.of(event.line), this.#out, NOW);
      case "read":
        return this.#read(event.from, event.lines);
      case "up":
        this.#syncs.begin(event.peer);
        this.#links.set(event.peer, this.#node.onLinkUp(event.peer));
        return;
      case "down":
        this.#syncs.forget(event.peer);
        this.#links.get(event.peer)!.down();
        this.#links.delete(event.peer);
        return;
      case "tick":
        // The node may ask for another tick by `arm` too.
        this.#isArmed = false;
        this.#isArmed = this.#node.tick() || this.#isArmed;
        return;
      case "heartbeat":
        for (const link of this.#links.values()) link.heartbeat();
    }
  }

  #read(from: string, lines: readonly ByteString[]): void {
    const link = this.#links.get(from)!;
    for (const line of lines) {
      this.#line.scan(new ByteBlock(bytesOf(line)), 0, line.length, true);
      const why = link.onLine(this.#line);
      if (why !== undefined) throw new Error(`${why}: ${line}`);
      this.#syncs.read(from, line, `${this.#held()}`);
    }
  }

  #pulled(link: Link): ByteString[] {
    this.#out.clear();
    for (let pulls = 0; link.hasOutput; pulls++) {
      if (pulls > PULLS_MAX) throw new Error("A link never ends to write");
      link.pull(this.#out, PULL_BYTES);
    }
    const lines = byteString(this.#out.bytes).split("\n").slice(0, -1);
    const held = `${this.#held()}`;
    for (const line of lines) this.#syncs.wrote(link.peer, line, held);
    return lines;
  }
}
