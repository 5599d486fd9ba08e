/**
 * A herd without sockets, threads or clock: real nodes, and a network that is
 * simulated event by event. Its counts are exact, the same at each run, and
 * take milliseconds.
 *
 * Time is virtual. A node's output leaves immediately, as it does if sockets
 * keep up, and takes a random time for each piece, in order on each link.
 *
 * @module
 */
import TinyQueue from "tinyqueue";
import { ByteBlock } from "../../herd/core/bytes/block.ts";
import { type ByteString, LF } from "../../herd/core/bytes/bytes.ts";
import { instantOfMs } from "../../herd/core/bytes/decimal.ts";
import type { DisseminationMode } from "../../herd/core/dissemination/dissemination.ts";
import type { Link } from "../../herd/core/link/link.ts";
import { Line } from "../../herd/core/wire/line.ts";
import { LineBuffer } from "../../herd/core/wire/lines.ts";
import { Node } from "../../herd/core/node.ts";
import type { Digest } from "../../herd/core/store/store.ts";
import { DEFAULT_TUNING } from "../../herd/core/tuning.ts";
import { ByteWriter } from "../../herd/core/bytes/writer.ts";
import { Random } from "../../sim/model/random.ts";
import {
  neighboursOf,
  type Topology,
} from "../../sim/model/topology/topology.ts";

const PULL_BYTES = 65_536;
const LINE_BYTES_MAX = 1_000_000;
const START_MS = 1_700_000_000_000;
/** Minimum time over a link; the maximum is three times as long. */
const HOP_MS_MIN = 0.5;
/** Links take no part in learning trees in their first seconds. */
const SETTLING_SECONDS = 3;
const [A, T, SPACE] = [65, 84, 32];

/** What was sent over all links. */
export interface Traffic {
  readonly updates: number;
  /** All other lines. */
  readonly control: number;
  /** Bytes of both. */
  readonly bytes: number;
}

export interface NetworkOptions {
  readonly mode: DisseminationMode;
  /** Whether queued echoes are cancelled; true by default. */
  readonly echoCancellation?: boolean;
}

interface Event {
  readonly atMs: number;
  /** Orders events with equal times: first planned, first run. */
  readonly number: number;
  run(): void;
}

/** One direction of a link. */
interface Wire {
  /** The link at the sending server. */
  readonly link: Link;
  readonly lines: LineBuffer;
  /** When the last piece under way arrives. */
  busyUntilMs: number;
}

/** Linked nodes, and the pieces under way between them. */
export class PureNetwork {
  readonly names: readonly string[];
  readonly #nodes = new Map<string, Node<undefined>>();
  readonly #neighbours = new Map<string, readonly string[]>();
  readonly #wires = new Map<string, Wire>();
  readonly #armed = new Set<string>();
  /** Servers that have stored a fix since their output was last taken. */
  readonly #learned = new Set<string>();
  readonly #events = new TinyQueue<Event>(
    [],
    (a, b) => a.atMs - b.atMs || a.number - b.number,
  );
  readonly #random: Random;
  readonly #out = new ByteWriter();
  readonly #in = new ByteBlock(new Uint8Array(2 * PULL_BYTES));
  #nowMs = START_MS;
  #planned = 0;
  #traffic = { updates: 0, control: 0, bytes: 0 };

  /** Begins with links that have been up for some seconds. */
  constructor(topology: Topology, options: NetworkOptions) {
    this.#random = new Random(1, topology.name);
    this.names = topology.servers.map(({ name }) => name);
    for (const [index, name] of this.names.entries()) {
      this.#nodes.set(name, this.#newNode(name, index, options));
      this.#neighbours.set(name, neighboursOf(topology, name));
    }
    for (const name of this.names) {
      for (const peer of this.#neighbours.get(name)!) {
        this.#up(name, peer);
      }
    }
    for (const name of this.names) this.#flush(name);
    this.settle();
    for (let second = 0; second < SETTLING_SECONDS; second++) this.#beat();
    this.take();
  }

  /** A second passes on all links. */
  #beat(): void {
    for (const [name, peers] of this.#neighbours) {
      for (const peer of peers) {
        this.#wires.get(`${name}>${peer}`)!.link.heartbeat();
      }
      this.#flush(name);
    }
    this.settle();
  }

  #newNode(
    name: string,
    seed: number,
    { mode, echoCancellation = true }: NetworkOptions,
  ): Node<undefined> {
    return new Node({ name, seed, echoCancellation, mode }, {
      marked: (answer) => answer(),
      reserve: () => ({ lookup() {}, reply() {} }),
      arm: () => this.#arm(name),
      stored: () => void this.#learned.add(name),
      synced() {},
    });
  }

  /** What was sent over the links since the last call. */
  take(): Traffic {
    const traffic = this.#traffic;
    this.#traffic = { updates: 0, control: 0, bytes: 0 };
    return traffic;
  }

  /**
   * Plans a client's line, without a line feed, `afterMs` milliseconds from
   * now.
   */
  clientLine(server: string, line: ByteString, afterMs: number): void {
    this.#plan(this.#nowMs + afterMs, () => {
      const now = instantOfMs(this.#nowMs);
      this.#out.clear();
      const node = this.#nodes.get(server)!;
      node.onClientLine(undefined, Line.of(line), this.#out, now);
      this.#flush(server);
    });
  }

  /** Lets time pass until nothing is under way and no tick is needed. */
  settle(): void {
    for (;;) {
      const event = this.#events.pop();
      if (event === undefined) return;
      this.#nowMs = event.atMs;
      event.run();
    }
  }

  /** Takes the link between two servers down; pieces under way are lost. */
  cut(a: string, b: string): void {
    for (const [from, to] of [[a, b], [b, a]] as const) {
      this.#wires.get(`${from}>${to}`)?.link.down();
      this.#wires.delete(`${from}>${to}`);
    }
  }

  /** Brings the link between two servers up again. */
  heal(a: string, b: string): void {
    for (const [from, to] of [[a, b], [b, a]] as const) this.#up(from, to);
    for (const name of [a, b]) this.#flush(name);
  }

  #up(from: string, to: string): void {
    this.#wires.set(`${from}>${to}`, {
      link: this.#nodes.get(from)!.onLinkUp(to),
      lines: new LineBuffer(LINE_BYTES_MAX),
      busyUntilMs: 0,
    });
  }

  digest(server: string): Digest {
    return this.#nodes.get(server)!.digest();
  }

  #plan(atMs: number, run: () => void): void {
    this.#events.push({ atMs, number: this.#planned++, run });
  }

  #arm(name: string): void {
    if (this.#armed.has(name)) return;
    this.#armed.add(name);
    this.#plan(this.#nowMs + DEFAULT_TUNING.tickMs, () => {
      this.#armed.delete(name);
      if (this.#nodes.get(name)!.tick()) this.#arm(name);
      this.#flush(name);
    });
  }

  /** Sends all output of a node, or its output for some neighbours. */
  #flush(from: string, peers = this.#neighbours.get(from)!): void {
    this.#learned.delete(from);
    for (const to of peers) {
      const link = this.#wires.get(`${from}>${to}`)?.link;
      while (link?.hasOutput) {
        this.#out.clear();
        link.pull(this.#out, PULL_BYTES);
        if (this.#out.length === 0) break;
        this.#send(from, to, this.#out.bytes.slice());
      }
    }
  }

  #send(from: string, to: string, bytes: Uint8Array): void {
    this.#count(bytes);
    const wire = this.#wires.get(`${from}>${to}`)!;
    const hopMs = HOP_MS_MIN * (1 + 2 * this.#random.fraction());
    wire.busyUntilMs = Math.max(wire.busyUntilMs, this.#nowMs + hopMs);
    this.#plan(wire.busyUntilMs, () => {
      const isUp = this.#wires.get(`${from}>${to}`) === wire;
      if (isUp) this.#arrive(from, to, wire, bytes);
    });
  }

  #arrive(from: string, to: string, { lines }: Wire, bytes: Uint8Array): void {
    const { link } = this.#wires.get(`${to}>${from}`)!;
    let isForAll = false;
    for (let at = 0; at < bytes.length; at += PULL_BYTES) {
      const piece = bytes.subarray(at, at + PULL_BYTES);
      this.#in.bytes.set(piece);
      lines.feed(this.#in, piece.length);
      while (lines.next()) {
        const { line } = lines;
        if (line.is(0, "QUERY") || line.is(0, "ANSWER")) isForAll = true;
        const why = link.onLine(line);
        if (why !== undefined) throw new Error(`${why}: ${line.text}`);
      }
    }
    // With many links most lines bring nothing new, and concern only their
    // sender.
    const isNew = isForAll || this.#learned.has(to);
    this.#flush(to, isNew ? undefined : [from]);
  }

  #count(bytes: Uint8Array): void {
    const traffic = this.#traffic;
    traffic.bytes += bytes.length;
    for (let start = 0; start < bytes.length;) {
      const isUpdate = bytes[start] === A && bytes[start + 1] === T &&
        bytes[start + 2] === SPACE;
      if (isUpdate) traffic.updates++;
      else traffic.control++;
      start = bytes.indexOf(LF, start) + 1;
    }
  }
}
