/**
 * Golden transcripts: what a herd of pure nodes says, line by line.
 *
 * A transcript is a text of lines of two columns. What goes in:
 *
 * ```text
 * # a comment
 * herd      ash-elm elm-fig     links between servers, brought up in this order
 * stub      mal-ash             a neighbour of ash, played by hand; its link is up
 * clock     1621464828.21       the clock of all servers, in seconds
 * kiwi>ash  IAMAT …             a line of a client, or of a neighbour played by hand
 * hold      ash>elm             nothing gets through this way until `free`
 * free      ash>elm
 * cut       ash-elm             the link goes down, until `heal`
 * heal      ash-elm
 * crash     ash                 the server starts again, empty; its links are down
 * heartbeat      ash>elm             a second has passed on the link
 * ```
 *
 * What comes out stands after what went in: lines of servers to each other, to
 * clients (`ash>kiwi`) and to the places lookup (`ash>places`), the end of a sync
 * (`ash ended`) and a neighbour's line that was refused (`ash refused`). Bytes
 * that are no printable ASCII are written as `\xff`; `\\` is a backslash.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";
import type { Link } from "../../../herd/core/link/link.ts";
import { Line } from "../../../herd/core/wire/line.ts";
import { parseInstant } from "../../../herd/core/wire/message.ts";
import { written } from "./pure.ts";
import { type Edge, PureHerd } from "../../../sim/model/pure_herd.ts";

const COLUMN = 10;
const PULL_BYTES = 65_536;

function escape(text: ByteString): string {
  return text.replace(
    /[^ -~]|\\/g,
    (char) =>
      char === "\\"
        ? "\\\\"
        : "\\x" + char.charCodeAt(0).toString(16).padStart(2, "0"),
  );
}

function unescape(text: string): ByteString {
  return text.replace(
    /\\(\\|x([0-9a-f]{2}))/g,
    (_, it, hex) => it === "\\" ? "\\" : String.fromCharCode(parseInt(hex, 16)),
  );
}

/** Plays a transcript's input, and writes the whole of it down again. */
export function replay(text: string): string {
  const player = new Player();
  for (const line of text.split("\n")) player.play(line);
  return player.text;
}

class Player {
  #written: string[] = [];
  #herd = new PureHerd([]);
  readonly #stubs = new Map<string, Link>();
  readonly #held = new Set<string>();

  get text(): string {
    return this.#written.join("\n");
  }

  /** One line: input is played and kept, output is left out to be made anew. */
  play(line: string): void {
    const [word = "", ...rest] = line.split(/ +/);
    if (word === "" || word.startsWith("#")) {
      this.#written.push(line);
    } else if (word.includes(">")) {
      this.#playLine(word, line);
    } else if (rest[0] !== "ended" && rest[0] !== "refused") {
      this.#written.push(line);
      this.#command(word, rest);
      this.#settle();
    }
  }

  #playLine(word: string, line: string): void {
    const [from, to] = word.split(">") as [string, string];
    const isServer = (name: string) => this.#herd.names.includes(name);
    if (isServer(from) || !isServer(to)) return;
    this.#written.push(line);
    const said = unescape(line.slice(Math.max(COLUMN, word.length + 1)));
    const stub = this.#stubs.get(`${from}-${to}`);
    if (stub !== undefined) {
      const why = stub.onLine(Line.of(said));
      if (why !== undefined) this.#write(to, `refused ${from}: ${why}`);
    } else this.#herd.client(from, to, said);
    this.#settle();
  }

  #command(word: string, rest: readonly string[]): void {
    const [a = "", b = ""] = rest[0]?.split(/[->]/) ?? [];
    switch (word) {
      case "herd":
        this.#herd = this.#newHerd(
          rest.map((it) => it.split("-") as [string, string]),
        );
        return;
      case "clock":
        this.#herd.now = parseInstant(a)!;
        return;
      case "stub":
        this.#stubs.set(`${a}-${b}`, this.#herd.node(b).onLinkUp(a));
        return;
      case "hold":
        this.#held.add(`${a}>${b}`);
        return;
      case "free":
        this.#held.delete(`${a}>${b}`);
        return;
      case "cut":
        return this.#herd.down(a, b);
      case "heal":
        return this.#up([a, b]);
      case "crash":
        return this.#herd.crash(a);
      case "heartbeat":
        if (!this.#link(a, b).heartbeat()) {
          this.#write(a, `refused ${b}: silent`);
        }
        return;
      default:
        throw new SyntaxError(`A transcript has no command ${word}`);
    }
  }

  #link(server: string, peer: string): Link {
    return this.#stubs.get(`${peer}-${server}`) ??
      this.#herd.link(server, peer);
  }

  #newHerd(edges: readonly Edge[]): PureHerd {
    const herd = new PureHerd(edges, {
      reply: (server, client, text) => this.#says(server, client, text),
      lookup: (server, client, at, position, { radiusKm, items }) => {
        this.#write(`${server}>places`, `${position} ${radiusKm} ${items}`);
        this.#says(server, client, `${at}\n`);
      },
      synced: (server, peer, { role, listed, sent, wanted }) =>
        this.#write(
          server,
          `ended sync with ${peer}: ${role}, listed ${listed}, sent ${sent}, wanted ${wanted}`,
        ),
      pulled: (from, to, text) => this.#says(from, to, text),
    });
    this.#herd = herd;
    for (const edge of edges) this.#up(edge);
    return herd;
  }

  #up([a, b]: Edge): void {
    this.#herd.up(a, b);
    this.#herd.up(b, a);
  }

  /** Whatever moves on the links is written, until nothing moves. */
  #settle(): void {
    this.#herd.settle((from, to) => this.#held.has(`${from}>${to}`));
    for (const [stub, link] of this.#stubs) {
      const [peer, server] = stub.split("-") as [string, string];
      if (link.hasOutput) {
        const text = written((out) => link.pull(out, PULL_BYTES));
        this.#says(server, peer, text);
      }
    }
  }

  #says(from: string, to: string, text: ByteString): void {
    for (const line of text.split("\n").slice(0, -1)) {
      this.#write(`${from}>${to}`, escape(line));
    }
  }

  #write(who: string, text: string): void {
    this.#written.push(`${who} `.padEnd(COLUMN) + text);
  }
}
