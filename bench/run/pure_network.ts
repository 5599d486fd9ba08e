/**
 * A herd without sockets, threads or clock, and a network that is simulated
 * event by event. Its counts are exact, the same at each run, and take
 * milliseconds.
 *
 * Time is virtual. A node's output leaves immediately, as it does if sockets
 * keep up, and takes a random time for each piece, in order on each link.
 *
 * @module
 */
import TinyQueue from "tinyqueue";
import type { ByteString } from "../../herd/core/bytes/bytes.ts";
import { instantOfMs } from "../../herd/core/bytes/decimal.ts";
import type { DisseminationMode } from "../../herd/core/dissemination/dissemination.ts";
import type { Digest } from "../../herd/core/store/store.ts";
import { DEFAULT_TUNING } from "../../herd/core/tuning.ts";
import { PULL_BYTES, PureHerd } from "../../sim/model/pure_herd.ts";
import { Random } from "../../sim/model/random.ts";
import {
  neighboursOf,
  type Topology,
} from "../../sim/model/topology/topology.ts";

const START_MS = 1_700_000_000_000;
/** Minimum time over a link; the maximum is three times as long. */
const HOP_MS_MIN = 0.5;
/** Links take no part in learning trees in their first seconds. */
const SETTLING_SECONDS = 3;

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

/** One direction of a link, while it is up. */
interface Way {
  /** When the last piece under way arrives. */
  busyUntilMs: number;
}

/** Linked nodes, and the pieces under way between them. */
export class PureNetwork {
  readonly names: readonly string[];
  readonly #herd: PureHerd;
  readonly #neighbours = new Map<string, readonly string[]>();
  readonly #ways = new Map<string, Way>();
  readonly #armed = new Set<string>();
  /** Servers that have stored a fix since their output was last taken. */
  readonly #learned = new Set<string>();
  /** Whether what has just arrived concerns more than its sender. */
  #isForAll = false;
  readonly #events = new TinyQueue<Event>(
    [],
    (a, b) => a.atMs - b.atMs || a.number - b.number,
  );
  readonly #random: Random;
  #nowMs = START_MS;
  #planned = 0;
  #traffic = { updates: 0, control: 0, bytes: 0 };

  /** Begins with links that have been up for some seconds. */
  constructor(topology: Topology, options: NetworkOptions) {
    this.#random = new Random(1, topology.name);
    this.names = topology.servers.map(({ name }) => name);
    this.#herd = new PureHerd(topology.links, {
      armed: (name) => this.#arm(name),
      stored: (name) => void this.#learned.add(name),
      pulled: (from, to, text) => this.#send(from, to, text),
      read: (_, line) => {
        if (line.is(0, "QUERY") || line.is(0, "ANSWER")) this.#isForAll = true;
      },
    }, options);
    for (const name of this.names) {
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
      for (const peer of peers) this.#herd.link(name, peer).heartbeat();
      this.#flush(name);
    }
    this.settle();
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
      this.#herd.now = instantOfMs(this.#nowMs);
      this.#herd.client("", server, line);
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
    this.#herd.down(a, b);
    for (const way of [`${a}>${b}`, `${b}>${a}`]) this.#ways.delete(way);
  }

  /** Brings the link between two servers up again. */
  heal(a: string, b: string): void {
    for (const [from, to] of [[a, b], [b, a]] as const) this.#up(from, to);
    for (const name of [a, b]) this.#flush(name);
  }

  #up(from: string, to: string): void {
    this.#herd.up(from, to);
    this.#ways.set(`${from}>${to}`, { busyUntilMs: 0 });
  }

  digest(server: string): Digest {
    return this.#herd.node(server).digest();
  }

  #plan(atMs: number, run: () => void): void {
    this.#events.push({ atMs, number: this.#planned++, run });
  }

  #arm(name: string): void {
    if (this.#armed.has(name)) return;
    this.#armed.add(name);
    this.#plan(this.#nowMs + DEFAULT_TUNING.tickMs, () => {
      this.#armed.delete(name);
      if (this.#herd.node(name).tick()) this.#arm(name);
      this.#flush(name);
    });
  }

  /** Sends all output of a node, or its output for some neighbours. */
  #flush(from: string, peers = this.#neighbours.get(from)!): void {
    this.#learned.delete(from);
    for (const to of peers) while (this.#herd.pull(from, to));
  }

  #send(from: string, to: string, text: ByteString): void {
    this.#count(text);
    const way = this.#ways.get(`${from}>${to}`)!;
    const hopMs = HOP_MS_MIN * (1 + 2 * this.#random.fraction());
    way.busyUntilMs = Math.max(way.busyUntilMs, this.#nowMs + hopMs);
    this.#plan(way.busyUntilMs, () => {
      const isUp = this.#ways.get(`${from}>${to}`) === way;
      if (isUp) this.#arrive(from, to, text.length);
    });
  }

  #arrive(from: string, to: string, bytes: number): void {
    this.#isForAll = false;
    for (let left = bytes; left > 0; left -= PULL_BYTES) {
      this.#herd.deliver(from, to, Math.min(left, PULL_BYTES));
    }
    // With many links most lines bring nothing new, and concern only their
    // sender.
    const isNew = this.#isForAll || this.#learned.has(to);
    this.#flush(to, isNew ? undefined : [from]);
  }

  #count(text: ByteString): void {
    const traffic = this.#traffic;
    traffic.bytes += text.length;
    for (let start = 0; start < text.length;) {
      if (text.startsWith("AT ", start)) traffic.updates++;
      else traffic.control++;
      start = text.indexOf("\n", start) + 1;
    }
  }
}
