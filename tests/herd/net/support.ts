/**
 * What the tests of herd/net share: raw connections, a record of events, herds
 * on free ports, and the handshake spoken by hand.
 *
 * @module
 */
import { abortable, delay } from "@std/async";
import { createHmac, hkdfSync, randomBytes } from "node:crypto";
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  bytesOf,
  type ByteString,
  byteString,
} from "../../../herd/core/bytes/bytes.ts";
import type { ServerEvent } from "../../../herd/core/server_event.ts";
import {
  DenoClock,
  denoPlatform,
  denoPlatformBy,
} from "../../../herd/net/deno_platform.ts";
import type {
  Connection,
  Platform,
  Timer,
} from "../../../herd/net/platform.ts";
import { Server } from "../../../herd/net/server.ts";
import type { ServerOptions } from "../../../herd/net/server_options.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import { freePorts } from "../../free_ports.ts";

/** Milliseconds after which whatever is waited for will not come. */
const DEADLINE_MS = 10_000;

/** How often a server is started whose port is taken, and milliseconds between. */
const STARTS_MAX = 10;
const STARTS_MS = 50;

/** The secret of all herds here. */
export const SECRET = "5a".repeat(32);

/** What clients are told the time by is set by hand: at first, 1,700,000,000 s. */
export class SetClock extends DenoClock {
  ms = 1_700_000_000_000;

  override wallMs(): number {
    return this.ms;
  }
}

/** This machine, but for a clock that stands still. */
export const STILL: Platform = denoPlatformBy(new SetClock());

/** What takes seconds is over in a part of that. */
class QuickClock extends DenoClock {
  readonly #times: number;

  constructor(times: number) {
    super();
    this.#times = times;
  }

  override nowMs(): number {
    return this.originMs + this.#times * performance.now();
  }

  override wallMs(): number {
    return this.nowMs();
  }

  override after(ms: number, run: () => void): Timer {
    return super.after(ms / this.#times, run);
  }
}

/** This machine, but for a clock by which time passes so many times as fast. */
export function quick(times: number): Platform {
  return denoPlatformBy(new QuickClock(times));
}

/** What a promise brings, or an error that names what was waited for. */
export async function soon<T>(
  what: string,
  promise: Promise<T>,
  deadlineMs: number = DEADLINE_MS,
): Promise<T> {
  const error = new Error(`Waited in vain for ${what}`);
  using late = new Deadline(denoPlatform.clock, deadlineMs, () => error);
  return await abortable(promise, late.signal);
}

/** Waits for a condition that no event tells of. */
export async function until(
  what: string,
  isTrue: () => boolean,
): Promise<void> {
  const endMs = performance.now() + DEADLINE_MS;
  while (!isTrue()) {
    assert(performance.now() < endMs, `Waited in vain for ${what}`);
    await delay(2);
  }
}

/** A raw connection. */
export class Wire implements Disposable {
  readonly #conn: Connection;
  #held: ByteString = "";

  constructor(conn: Connection) {
    conn.setNoDelay(true);
    this.#conn = conn;
  }

  static async open(port: number): Promise<Wire> {
    return new Wire(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Sends bytes, all of them. */
  async send(text: ByteString): Promise<void> {
    const bytes = bytesOf(text);
    for (let at = 0; at < bytes.length;) {
      at += await this.#conn.write(bytes.subarray(at));
    }
  }

  /** The next chunk; `undefined` at the end, reset or not. */
  async chunk(): Promise<ByteString | undefined> {
    const buffer = new Uint8Array(65_536);
    try {
      const count = await soon("bytes", this.#conn.read(buffer));
      if (count === null) return undefined;
      return byteString(buffer.subarray(0, count));
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionReset) return undefined;
      throw error;
    }
  }

  /** The next line, without its line feed. */
  async line(): Promise<ByteString> {
    return (await this.upTo("\n")).slice(0, -1);
  }

  /** What comes up to and with `end`. */
  async upTo(end: string): Promise<ByteString> {
    for (let from = 0;;) {
      const at = this.#held.indexOf(end, Math.max(from - end.length, 0));
      if (at >= 0) {
        const text = this.#held.slice(0, at + end.length);
        this.#held = this.#held.slice(at + end.length);
        return text;
      }
      from = this.#held.length;
      const chunk = await this.chunk();
      if (chunk === undefined) {
        throw new Error(`Connection over, and no line in "${this.#held}"`);
      }
      this.#held += chunk;
    }
  }

  /** All that still comes, until the server closes. */
  async rest(): Promise<ByteString> {
    let text = this.#held;
    this.#held = "";
    for (;;) {
      const chunk = await this.chunk();
      if (chunk === undefined) return text;
      text += chunk;
    }
  }

  /** Sends one line, takes one line. */
  async ask(line: ByteString): Promise<ByteString> {
    await this.send(line + "\n");
    return await this.line();
  }

  async closeWrite(): Promise<void> {
    await this.#conn.closeWrite();
  }

  close(): void {
    try {
      this.#conn.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** What a server told of itself, and who waits for more. */
export class Events {
  readonly all: ServerEvent[] = [];
  #wake = Promise.withResolvers<void>();

  readonly add = (event: ServerEvent): void => {
    this.all.push(event);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  };

  of(kind: ServerEvent["kind"]): ServerEvent[] {
    return this.all.filter((event) => event.kind === kind);
  }

  /** The event number `count`, from 1, of a kind. */
  async when<K extends ServerEvent["kind"]>(
    kind: K,
    count = 1,
  ): Promise<Extract<ServerEvent, { kind: K }>> {
    while (this.of(kind).length < count) {
      await soon(`${kind} number ${count}`, this.#wake.promise);
    }
    return this.of(kind)[count - 1] as Extract<ServerEvent, { kind: K }>;
  }
}

/** A server that runs, and what it told. */
export interface Running extends AsyncDisposable {
  readonly server: Server;
  readonly events: Events;
}

/** Starts a server on a free port, named Alford by default. */
export async function start(
  options: Partial<ServerOptions> = {},
): Promise<Running> {
  const events = new Events();
  const server = await started({
    name: "Alford",
    port: 0,
    neighbours: [],
    secret: SECRET,
    onEvent: events.add,
    ...options,
  });
  return { server, events, [Symbol.asyncDispose]: () => server.stop() };
}

/**
 * A port that was closed is held on to by a program that another file of tests is
 * just starting, for a moment.
 */
async function started(options: ServerOptions): Promise<Server> {
  for (let tries = 1;; tries++) {
    try {
      return await Server.start(options);
    } catch (error) {
      const isTaken = error instanceof Deno.errors.AddrInUse;
      if (!isTaken || tries === STARTS_MAX) throw error;
      await delay(STARTS_MS);
    }
  }
}

/** A free port, another one each time; none that a dial might take away. */
export function freePort(): number {
  return freePorts(1)[0]!;
}

/** A herd: by name, its servers, all linked. */
export interface SmallHerd extends AsyncDisposable {
  readonly [name: string]: Running;
}

/** Starts a herd, by its links (`A-B`); resolves when all links are up. */
export async function startHerd(
  links: readonly string[],
  options: Partial<ServerOptions> = {},
): Promise<SmallHerd> {
  const pairs = links.map((link) => link.split("-") as [string, string]);
  const ports = new Map(pairs.flat().map((name) => [name, freePort()]));
  const running: Record<string, Running> = {};
  for (const [name, port] of ports) {
    const neighbours = pairs.filter((pair) => pair.includes(name))
      .map(([a, b]) => address(a === name ? b : a, ports));
    running[name] = await start({ ...options, name, port, neighbours });
  }
  for (const [a, b] of pairs) {
    for (const [self, peer] of [[a, b], [b, a]] as const) {
      const { server } = running[self]!;
      await until(
        `${self} linked to ${peer}`,
        () => server.linked().includes(peer),
      );
    }
  }
  const stop = async () => {
    for (const { server } of Object.values(running)) await server.stop();
  };
  return Object.assign(running, { [Symbol.asyncDispose]: stop });
}

function address(name: string, ports: ReadonlyMap<string, number>) {
  return { name, hostname: "127.0.0.1", port: ports.get(name)! };
}

/** A proof, worked out from PROTOCOL.md alone. */
export function proof(
  role: "init" | "resp",
  exchange: { from: string; to: string; nonceA: string; nonceB: string },
  secret: string = SECRET,
): string {
  const { from, to, nonceA, nonceB } = exchange;
  const info = [from, to].sort().join("|");
  const key = hkdfSync("sha256", bytesOf(hex(secret)), "", info, 32);
  return createHmac("sha256", new Uint8Array(key))
    .update(["herd1", role, from, to, nonceA, nonceB].join("|")).digest("hex");
}

function hex(digits: string): ByteString {
  return digits.replace(
    /../g,
    (pair) => String.fromCharCode(parseInt(pair, 16)),
  );
}

/** A fresh nonce. */
export function nonce(): string {
  return randomBytes(16).toString("hex");
}

/** Dials a server and speaks the handshake as the neighbour `from`. */
export async function linkAs(
  from: string,
  server: Server,
): Promise<Wire> {
  const wire = await Wire.open(server.port);
  const nonceA = nonce();
  const chal = await wire.ask(`PEER 1 ${from} ${server.name} ${nonceA}`);
  assertMatch(chal, /^CHAL 1 [0-9a-f]{32}$/);
  const exchange = {
    from,
    to: server.name,
    nonceA,
    nonceB: chal.split(" ")[2]!,
  };
  assertEquals(
    await wire.ask(`PROOF ${proof("init", exchange)}`),
    `PEEROK ${proof("resp", exchange)}`,
  );
  return wire;
}

/** Takes a server's dial and speaks the handshake as the one it dialled. */
export async function answerAs(
  self: string,
  listener: Deno.TcpListener,
): Promise<Wire> {
  const wire = new Wire(await soon("a dial", listener.accept()));
  const [, , from, to, nonceA] = (await wire.line()).split(" ");
  assertEquals(to, self);
  const exchange = { from: from!, to: self, nonceA: nonceA!, nonceB: nonce() };
  assertEquals(
    await wire.ask(`CHAL 1 ${exchange.nonceB}`),
    `PROOF ${proof("init", exchange)}`,
  );
  await wire.send(`PEEROK ${proof("resp", exchange)}\n`);
  return wire;
}
