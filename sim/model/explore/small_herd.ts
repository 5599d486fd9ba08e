/**
 * A herd of nodes without sockets, threads or clock, in which chosen events
 * happen one after the other.
 *
 * @module
 */
import { ByteBlock } from "../../../herd/core/bytes/block.ts";
import {
  bytesOf,
  type ByteString,
  byteString,
} from "../../../herd/core/bytes/bytes.ts";
import { type Instant, instantOfMs } from "../../../herd/core/bytes/decimal.ts";
import { ByteWriter } from "../../../herd/core/bytes/writer.ts";
import type { Link } from "../../../herd/core/link/link.ts";
import { Node } from "../../../herd/core/node.ts";
import { Line } from "../../../herd/core/wire/line.ts";
import type { TopologyLink } from "../topology/topology.ts";
import type { Histories } from "./histories.ts";
import { type Move, moveKey } from "./moves.ts";
import { newest } from "./newest.ts";
import type { Setup } from "./setup.ts";

const NOW: Instant = instantOfMs(1_700_000_000_000);
const PULL_BYTES = 65_536;
/** Links take no part in learning trees in their first seconds. */
const SETTLING_SECONDS = 4;
/** A herd that has not settled after so many rounds never will. */
const ROUNDS_MAX = 1_000;

/** One direction of a link that is up. */
interface Wire {
  readonly from: string;
  readonly to: string;
  readonly link: Link;
  /** Lines that were written and not yet read. */
  readonly lines: ByteString[];
}

/** The nodes, and the lines between them. */
export class SmallHerd {
  readonly #setup: Setup;
  readonly #histories: Histories;
  readonly #nodes = new Map<string, Node<undefined>>();
  readonly #wires = new Map<string, Wire>();
  readonly #armed = new Set<string>();
  readonly #out = new ByteWriter();
  readonly #line = new Line();
  /** The number of each server's history. */
  readonly #met: Map<string, number>;
  readonly #untold: Set<number>;
  /** AT lines of fixes that were sent, and did not die with their server. */
  #alive: ByteString[] = [];
  #fault: "to come" | "on" | "over";

  /** Begins with all links up for long enough that trees use them. */
  constructor(setup: Setup, histories: Histories) {
    this.#setup = setup;
    this.#histories = histories;
    this.#untold = new Set(setup.told.keys());
    this.#fault = setup.fault.kind === "none" ? "over" : "to come";
    this.#met = new Map(setup.servers.map((name) => [name, 0]));
    for (const name of setup.servers) this.#start(name);
    for (const link of setup.links) this.#join(link);
    this.#writeAll();
    this.#settle();
    const seconds = setup.mode === "tree" ? SETTLING_SECONDS : 0;
    for (let second = 0; second < seconds; second++) {
      for (const { link } of this.#wires.values()) link.heartbeat();
      this.#writeAll();
      this.#settle();
    }
  }

  #start(name: string): void {
    const { mode, plantedBug } = this.#setup;
    this.#nodes.set(
      name,
      new Node({
        name,
        // Servers with the same history must be equal.
        seed: 1,
        echoCancellation: true,
        mode,
        ...plantedBug && { plantedBug },
      }, {
        marked: (answer) => answer(),
        reserve: () => ({ lookup() {}, reply() {} }),
        arm: () => void this.#armed.add(name),
        stored() {},
        synced() {},
      }),
    );
  }

  #settle(): void {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const [move] = this.#ownMoves();
      if (move === undefined) return;
      this.#carryOut(move);
      this.#writeAll();
    }
    throw new Error("The herd does not come to rest");
  }

  /** All events that can happen next. */
  moves(): Move[] {
    const moves = this.#ownMoves();
    for (const told of this.#untold) {
      const { server } = this.#setup.told[told]!;
      if (this.#nodes.has(server)) moves.push({ kind: "tell", told });
    }
    const { fault, links } = this.#setup;
    if (this.#fault === "to come") moves.push({ kind: "break" });
    if (this.#fault === "on") moves.push({ kind: "mend" });
    if (this.#fault === "over" && fault.kind === "restart") {
      for (const link of links) {
        if (!this.#isUp(link)) moves.push({ kind: "join", link });
      }
    }
    return moves;
  }

  /** Whether nothing more happens by itself. */
  get isAtRest(): boolean {
    return this.#ownMoves().length === 0;
  }

  #ownMoves(): Move[] {
    const moves: Move[] = [];
    for (const { from, to, lines } of this.#wires.values()) {
      for (let count = lines.length; count > 0; count--) {
        moves.push({ kind: "read", from, to, count });
      }
    }
    // Lines are faster than ticks.
    if (moves.length > 0 || this.#armed.size === 0) return moves;
    return [{ kind: "tick" }];
  }

  #from(server: string): Wire[] {
    return [...this.#wires.values()].filter(({ from }) => from === server);
  }

  #isUp([a, b]: TopologyLink): boolean {
    return this.#wires.has(`${a}>${b}`);
  }

  /** The servers that a move concerns. */
  #concerned(move: Move): readonly string[] {
    const { fault, told, links } = this.#setup;
    switch (move.kind) {
      case "tell":
        return [told[move.told]!.server];
      case "read":
        return [move.to];
      case "tick":
        return [...this.#armed];
      case "join":
        return move.link;
      case "break":
      case "mend":
        if (fault.kind === "cut") return fault.link;
        if (fault.kind === "none") return [];
        return move.kind === "mend" ? [fault.server] : [
          ...new Set(links.filter((it) => it.includes(fault.server)).flat()),
        ];
    }
  }

  /** A key for the state that a move leads to. */
  keyAfter(move: Move): string {
    return this.#setup.servers.map((server) => this.#metAfter(server, move))
      .join();
  }

  #metAfter(server: string, move: Move): number {
    const met = this.#met.get(server)!;
    return this.#concerned(move).includes(server)
      ? this.#histories.after(met, moveKey(move, this.linesOf(move)))
      : met;
  }

  /** The lines that a move reads, if any. */
  linesOf(move: Move): readonly ByteString[] {
    if (move.kind !== "read") return [];
    const { lines } = this.#wires.get(`${move.from}>${move.to}`)!;
    return lines.slice(0, move.count);
  }

  /** Carries out a move, one of {@linkcode moves}. */
  take(move: Move): void {
    const { servers } = this.#setup;
    const met = servers.map((server) => this.#metAfter(server, move));
    this.#carryOut(move);
    this.#writeAll();
    for (const [at, server] of servers.entries()) {
      this.#met.set(server, met[at]!);
    }
  }

  #carryOut(move: Move): void {
    switch (move.kind) {
      case "tell":
        return this.#tell(move.told);
      case "read":
        return this.#read(move);
      case "tick":
        return this.#tick();
      case "break":
        this.#fault = "on";
        return this.#break();
      case "mend":
        this.#fault = "over";
        return this.#mend();
      case "join":
        return this.#join(move.link);
    }
  }

  #tell(told: number): void {
    const { server, line } = this.#setup.told[told]!;
    this.#untold.delete(told);
    this.#out.clear();
    this.#nodes.get(server)!
      .onClientLine(undefined, Line.of(line), this.#out, NOW);
    this.#alive.push(byteString(this.#out.bytes).trimEnd());
  }

  #read(move: Move & { readonly kind: "read" }): void {
    const { from, to } = move;
    const { link } = this.#wires.get(`${to}>${from}`)!;
    const { lines } = this.#wires.get(`${from}>${to}`)!;
    for (const line of lines.splice(0, move.count)) {
      this.#line.scan(new ByteBlock(bytesOf(line)), 0, line.length, true);
      const why = link.onLine(this.#line);
      if (why !== undefined) throw new Error(`${why}: ${line}`);
    }
  }

  /** Writes everything due; servers without an event have nothing. */
  #writeAll(): void {
    for (const wire of this.#wires.values()) this.#write(wire);
  }

  #write({ link, lines }: Wire): void {
    for (let round = 0; link.hasOutput; round++) {
      if (round > ROUNDS_MAX) throw new Error("A link never ends to write");
      this.#out.clear();
      link.pull(this.#out, PULL_BYTES);
      lines.push(...byteString(this.#out.bytes).split("\n").slice(0, -1));
    }
  }

  #tick(): void {
    const armed = [...this.#armed];
    this.#armed.clear();
    for (const name of armed) {
      if (this.#nodes.get(name)!.tick()) this.#armed.add(name);
    }
  }

  #join([a, b]: TopologyLink): void {
    for (const [from, to] of [[a, b], [b, a]] as const) {
      const link = this.#nodes.get(from)!.onLinkUp(to);
      this.#wires.set(`${from}>${to}`, { from, to, link, lines: [] });
    }
  }

  #cut([a, b]: TopologyLink): void {
    for (const way of [`${a}>${b}`, `${b}>${a}`]) {
      this.#wires.get(way)!.link.down();
      this.#wires.delete(way);
    }
  }

  #break(): void {
    const { fault, links } = this.#setup;
    if (fault.kind === "cut") this.#cut(fault.link);
    if (fault.kind !== "restart") return;
    const { server } = fault;
    for (const link of links) if (link.includes(server)) this.#cut(link);
    this.#nodes.delete(server);
    this.#armed.delete(server);
    // A fix died with the server if nobody else holds it or a newer one.
    const held = [...this.#nodes.values()].map((node) => [...node.lines()]);
    this.#alive = this.#alive.filter((fix) =>
      held.some((lines) => newest([...lines, fix]).join() === lines.join())
    );
  }

  #mend(): void {
    const { fault } = this.#setup;
    if (fault.kind === "cut") this.#join(fault.link);
    else if (fault.kind === "restart") this.#start(fault.server);
  }

  /**
   * What is wrong with a settled herd, if anything: linked servers must hold
   * the same, and, if all are linked, the newest surviving fixes.
   */
  wrong(): string | undefined {
    const parts = this.#parts();
    for (const [first, ...others] of parts) {
      const held = this.#held(first!);
      for (const other of others) {
        if (this.#held(other) === held) continue;
        return `${first} holds ${held}, ${other} holds ${this.#held(other)}`;
      }
    }
    if (parts.length > 1 || this.#nodes.size < this.#setup.servers.length) {
      return undefined;
    }
    const held = this.#held(parts[0]![0]!);
    const due = tellLines(newest(this.#alive));
    return held === due ? undefined : `all hold ${held}, not ${due}`;
  }

  #held(server: string): string {
    return tellLines([...this.#nodes.get(server)!.lines()]);
  }

  /** Servers that are up, in groups that are linked with each other. */
  #parts(): string[][] {
    const rest = new Set(this.#nodes.keys());
    const parts: string[][] = [];
    for (const first of rest) {
      const part = new Set([first]);
      for (const name of part) {
        rest.delete(name);
        for (const { to } of this.#from(name)) part.add(to);
      }
      parts.push([...part]);
    }
    return parts;
  }
}

function tellLines(lines: readonly string[]): string {
  return lines.length === 0 ? "nothing" : lines.toSorted().join(" and ");
}
