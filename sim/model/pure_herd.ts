/**
 * A herd of pure nodes, and the wires between them: nothing moves by itself.
 *
 * @module
 */
import { ByteBlock } from "../../herd/core/bytes/block.ts";
import {
  bytesOf,
  type ByteString,
  byteString,
} from "../../herd/core/bytes/bytes.ts";
import { type Instant, instantOfMs } from "../../herd/core/bytes/decimal.ts";
import type { DisseminationMode } from "../../herd/core/dissemination/dissemination.ts";
import type { Link } from "../../herd/core/link/link.ts";
import { Line } from "../../herd/core/wire/line.ts";
import { LineBuffer } from "../../herd/core/wire/lines.ts";
import type { WhatsatFields } from "../../herd/core/wire/message.ts";
import { Node } from "../../herd/core/node.ts";
import type { NodeOptions } from "../../herd/core/node_options.ts";
import type { NodeStats } from "../../herd/core/stats.ts";
import type { SyncOutcome } from "../../herd/core/link/sync.ts";
import { ByteWriter } from "../../herd/core/bytes/writer.ts";

/** Two servers and the link between them. */
export type Edge = readonly [string, string];

/** What a herd tells of itself; each is optional. */
export interface Watch {
  reply?(server: string, connection: string, text: ByteString): void;
  lookup?(
    server: string,
    connection: string,
    at: ByteString,
    position: ByteString,
    query: WhatsatFields,
  ): void;
  synced?(server: string, peer: string, outcome: SyncOutcome): void;
  pulled?(from: string, to: string, text: ByteString): void;
  unanswered?(server: string, client: ByteString, links: number): void;
  /** A server asks for a tick. */
  armed?(server: string): void;
  /** A server has stored a fix. */
  stored?(server: string): void;
  /** A server is about to take a neighbour's line. */
  read?(server: string, line: Line): void;
}

/** How the nodes are set up; `modeOf` where they differ. */
export interface HerdSetup
  extends Partial<Pick<NodeOptions, "echoCancellation" | "limits">> {
  readonly mode?: DisseminationMode;
  modeOf?(name: string): DisseminationMode;
}

/** One direction of a link: what was pulled and not yet delivered. */
interface Wire {
  readonly from: string;
  readonly to: string;
  /** The link of `from`. */
  readonly link: Link;
  text: ByteString;
  lines: LineBuffer;
}

const LINE_BYTES_MAX = 1_000_000;
export const PULL_BYTES = 65_536;

/** Nodes joined by wires. Links are down until `up()`. */
export class PureHerd {
  readonly names: readonly string[];
  readonly edges: readonly Edge[];
  /** The clock of all servers. */
  now: Instant = instantOfMs(1_700_000_000_000);
  readonly #setup: HerdSetup;
  /** Servers that have asked for a tick. */
  readonly #armed = new Set<string>();
  readonly #watch: Watch;
  readonly #nodes = new Map<string, Node<string>>();
  #lives = 0;
  readonly #wires = new Map<string, Wire>();
  /** All output goes through here, one after the other. */
  readonly #out = new ByteWriter();
  /** All that links read is read from here, one after the other. */
  readonly #read = new ByteBlock(new Uint8Array(PULL_BYTES));

  constructor(
    edges: readonly Edge[],
    watch: Watch = {},
    setup: HerdSetup = {},
  ) {
    this.edges = edges;
    this.names = [...new Set(edges.flat())];
    this.#watch = watch;
    this.#setup = setup;
    for (const name of this.names) this.#nodes.set(name, this.#newNode(name));
  }

  #newNode(name: string): Node<string> {
    const watch = this.#watch;
    const { echoCancellation = true, mode, modeOf, limits } = this.#setup;
    const seed = ++this.#lives;
    return new Node(
      {
        name,
        seed,
        echoCancellation,
        mode: modeOf?.(name) ?? mode ?? "flood",
        ...limits && { limits },
      },
      {
        marked: (answer) => answer(),
        reserve: (connection) => ({
          lookup: (at, position, query) =>
            watch.lookup?.(name, connection, at, position, query),
          reply: (text) => watch.reply?.(name, connection, text),
        }),
        arm: () => {
          this.#armed.add(name);
          watch.armed?.(name);
        },
        stored: () => watch.stored?.(name),
        synced: (peer, outcome) => watch.synced?.(name, peer, outcome),
        unanswered: (client, links) => watch.unanswered?.(name, client, links),
      },
    );
  }

  node(name: string): Node<string> {
    return this.#nodes.get(name)!;
  }

  /** A server's link to a neighbour; it must be up. */
  link(from: string, to: string): Link {
    return this.#wires.get(`${from}>${to}`)!.link;
  }

  /** A client's line, without its line feed. */
  client(connection: string, server: string, line: ByteString): void {
    const out = this.#out;
    out.clear();
    const node = this.node(server);
    node.onClientLine(connection, Line.of(line), out, this.now);
    const reply = byteString(out.bytes);
    if (reply !== "") this.#watch.reply?.(server, connection, reply);
  }

  /** Brings one end of a link up. The other one follows when bytes reach it. */
  up(from: string, to: string): void {
    if (this.#wires.has(`${from}>${to}`)) return;
    const link = this.node(from).onLinkUp(to);
    this.#wires.set(`${from}>${to}`, {
      from,
      to,
      link,
      text: "",
      lines: new LineBuffer(LINE_BYTES_MAX),
    });
  }

  /** Brings all links up, both ends. */
  upAll(): void {
    for (const [a, b] of this.edges) {
      this.up(a, b);
      this.up(b, a);
    }
  }

  /** Cuts a link: what was on its way is lost. */
  down(a: string, b: string): void {
    for (const [from, to] of [[a, b], [b, a]] as const) {
      this.#wires.get(`${from}>${to}`)?.link.down();
      this.#wires.delete(`${from}>${to}`);
    }
  }

  /** Kills a server and starts it again, empty, with all its links down. */
  crash(name: string): void {
    for (const [a, b] of this.edges) {
      if (a === name || b === name) this.down(a, b);
    }
    this.#armed.delete(name);
    this.#nodes.set(name, this.#newNode(name));
  }

  /** Takes output of `from` onto the wire to `to`; `false` if there was none. */
  pull(from: string, to: string, bytesMax = PULL_BYTES): boolean {
    const wire = this.#wires.get(`${from}>${to}`);
    if (wire === undefined || !wire.link.hasOutput) return false;
    this.#out.clear();
    wire.link.pull(this.#out, bytesMax);
    const text = byteString(this.#out.bytes);
    wire.text += text;
    if (text !== "") this.#watch.pulled?.(from, to, text);
    return text !== "";
  }

  /** Lets some bytes reach the other end; `false` if none were on the way. */
  deliver(from: string, to: string, bytes = PULL_BYTES): boolean {
    const wire = this.#wires.get(`${from}>${to}`);
    if (wire === undefined || wire.text === "") return false;
    this.up(to, from);
    const { lines } = wire;
    const chunk = bytesOf(wire.text.slice(0, bytes));
    wire.text = wire.text.slice(bytes);
    this.#read.bytes.set(chunk);
    lines.feed(this.#read, chunk.length);
    while (lines.next()) {
      this.#watch.read?.(to, lines.line);
      const why = this.link(to, from).onLine(lines.line);
      if (why !== undefined) throw new Error(`${why}: ${lines.line.text}`);
    }
    return true;
  }

  /** Loses what is on the way, though the link stays up; tells what it was. */
  lose(from: string, to: string): ByteString {
    const wire = this.#wires.get(`${from}>${to}`)!;
    const { text } = wire;
    wire.text = "";
    return text;
  }

  /** So many seconds go by for each link that is up. */
  heartbeat(seconds = 1): void {
    for (let i = 0; i < seconds; i++) {
      for (const { link } of this.#wires.values()) link.heartbeat();
    }
  }

  /** Both directions of each link, in the order of the links. */
  directions(): Edge[] {
    return this.edges.flatMap(([a, b]): Edge[] => [[a, b], [b, a]]);
  }

  /**
   * Goes on in rounds, in each of which all is pulled and then all delivered,
   * until nothing moves; then a tick passes, for as long as someone waits for
   * one.
   */
  settle(isHeld: (from: string, to: string) => boolean = () => false): void {
    for (let ticks = 0; ticks < 10_000; ticks++) {
      this.rest(isHeld);
      if (!this.tick()) return;
    }
    throw new Error("The herd's ticks do not come to an end");
  }

  /** As `settle`, without ticks. */
  rest(isHeld: (from: string, to: string) => boolean = () => false): void {
    for (let round = 0;; round++) {
      if (round > 10_000) throw new Error("The herd does not come to rest");
      const free = this.directions().filter(([a, b]) => !isHeld(a, b));
      const pulled = free.filter(([from, to]) => this.pull(from, to));
      const delivered = free.filter(([from, to]) => this.deliver(from, to));
      if (pulled.length + delivered.length === 0) return;
    }
  }

  /** A tick passes; `false` if nobody waited for one. */
  tick(): boolean {
    const armed = [...this.#armed];
    this.#armed.clear();
    for (const name of armed) {
      if (this.node(name).tick()) this.#armed.add(name);
    }
    return armed.length > 0;
  }

  /** A count of all servers together. */
  total(stat: keyof NodeStats): number {
    let total = 0;
    for (const node of this.#nodes.values()) total += node.stats[stat];
    return total;
  }

  /** What a server holds, in the order of the lines. */
  records(name: string): ByteString[] {
    return [...this.node(name).lines()].sort();
  }
}
