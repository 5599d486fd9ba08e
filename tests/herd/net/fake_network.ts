/**
 * Machines that are joined by nothing but this program: connections are queues
 * of bytes, time is told by hand, and chance comes from a seed.
 *
 * @module
 */
import { createHmac } from "node:crypto";
import { setImmediate } from "node:timers";
import type {
  Address,
  Connection,
  Network,
  Platform,
  TcpListener,
} from "../../../herd/net/platform.ts";
import { byteString } from "../../../herd/core/bytes/bytes.ts";
import { ManualClock } from "./manual_clock.ts";

/** Milliseconds from one machine to another. */
const HOP_MS = 1;

/** An error as the operating system's are. */
function systemError(kind: new () => Error, code: string): Error {
  return Object.assign(new kind(), { code });
}

/** The way from one machine to another: what is sent arrives in its order. */
class Way {
  #isCut = false;
  #held: (() => void)[] = [];

  constructor(
    readonly clock: ManualClock,
    readonly tell: (what: string) => void,
  ) {}

  send(arrive: () => void): void {
    this.clock.after(HOP_MS, () => {
      if (this.#isCut) this.#held.push(arrive);
      else arrive();
    });
  }

  cut(): void {
    this.#isCut = true;
  }

  heal(): void {
    this.#isCut = false;
    for (const arrive of this.#held.splice(0)) arrive();
  }
}

/** One end of a connection. */
class End implements Connection {
  #other: End | undefined;
  #chunks: Uint8Array[] = [];
  #isEnded = false;
  #isClosed = false;
  #reader:
    | { into: Uint8Array; done: PromiseWithResolvers<number | null> }
    | undefined;

  constructor(readonly remoteAddr: Address, readonly way: Way) {}

  static join(a: End, b: End): void {
    a.#other = b;
    b.#other = a;
  }

  setNoDelay(): void {}

  read(into: Uint8Array): Promise<number | null> {
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource());
    const done = Promise.withResolvers<number | null>();
    this.#reader = { into, done };
    this.#feed();
    return done.promise;
  }

  #feed(): void {
    if (this.#reader === undefined) return;
    const { into, done } = this.#reader;
    const chunk = this.#chunks.shift();
    if (chunk === undefined && !this.#isEnded) return;
    this.#reader = undefined;
    if (chunk === undefined) return done.resolve(null);
    const taken = chunk.subarray(0, into.length);
    into.set(taken);
    if (taken.length < chunk.length) {
      this.#chunks.unshift(chunk.subarray(taken.length));
    }
    done.resolve(taken.length);
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource());
    if (this.#other!.#isClosed) {
      return Promise.reject(systemError(Deno.errors.BrokenPipe, "EPIPE"));
    }
    const chunk = bytes.slice();
    this.way.tell(byteString(chunk));
    this.way.send(() => {
      this.#other!.#chunks.push(chunk);
      this.#other!.#feed();
    });
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    this.way.send(() => {
      this.#other!.#isEnded = true;
      this.#other!.#feed();
    });
    return Promise.resolve();
  }

  close(): void {
    if (this.#isClosed) throw new Deno.errors.BadResource();
    void this.closeWrite();
    this.#isClosed = true;
    this.#reader?.done.reject(new Deno.errors.Interrupted());
    this.#reader = undefined;
  }
}

/** A port of one machine. */
class Port implements TcpListener {
  readonly #came: Connection[] = [];
  #acceptor: PromiseWithResolvers<Connection> | undefined;
  #isClosed = false;

  constructor(readonly addr: Address, readonly onClose: () => void) {}

  accept(): Promise<Connection> {
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource());
    const conn = this.#came.shift();
    if (conn !== undefined) return Promise.resolve(conn);
    this.#acceptor = Promise.withResolvers();
    return this.#acceptor.promise;
  }

  take(conn: Connection): void {
    if (this.#acceptor === undefined) this.#came.push(conn);
    else this.#acceptor.resolve(conn);
    this.#acceptor = undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.onClose();
    this.#acceptor?.reject(new Deno.errors.BadResource());
  }
}

/** Machines, and the ways between them. */
export class FakeNetwork {
  readonly clock: ManualClock = new ManualClock();
  /** All that was dialled and written: when, from whom to whom, and what. */
  readonly told: string[] = [];
  readonly #ports = new Map<string, Port>();
  readonly #ways = new Map<string, Way>();
  #random: number;

  constructor(seed: number) {
    this.#random = seed;
  }

  #way(from: string, to: string): Way {
    const name = `${from}>${to}`;
    const way = this.#ways.get(name) ??
      new Way(this.clock, (what) => this.#tell(name, what));
    this.#ways.set(name, way);
    return way;
  }

  #tell(way: string, what: string): void {
    this.told.push(`${this.clock.nowMs()} ${way} ${what}`);
  }

  /** From now on no byte passes between two machines, nor an end. */
  cut(a: string, b: string): void {
    this.#way(a, b).cut();
    this.#way(b, a).cut();
  }

  /** What was held passes, and what comes. */
  heal(a: string, b: string): void {
    this.#way(a, b).heal();
    this.#way(b, a).heal();
  }

  /** Lets virtual time pass; after each thing that happens, what follows from it. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.clock.nowMs() + ms;
    do await new Promise<void>((resolve) => setImmediate(resolve)); while (
      this.clock.step(untilMs)
    );
  }

  /** The machine of this name, which is its address too. */
  machine(name: string): Platform {
    const network: Network = {
      listen: (address) => this.#listen(address),
      connect: (address, signal) => this.#connect(name, address, signal),
    };
    return {
      clock: this.clock,
      network,
      randomBytes: (count) => Uint8Array.from({ length: count }, this.#byte),
      hmac: (key, text) =>
        Promise.resolve(
          new Uint8Array(createHmac("sha256", key).update(text).digest()),
        ),
    };
  }

  /** As Numerical Recipes' generator has it. */
  readonly #byte = (): number => {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#random >>> 24;
  };

  #listen(address: Address): TcpListener {
    const key = `${address.hostname}:${address.port}`;
    if (this.#ports.has(key)) throw new Deno.errors.AddrInUse();
    const port = new Port(address, () => this.#ports.delete(key));
    this.#ports.set(key, port);
    return port;
  }

  #connect(
    from: string,
    { hostname: to, port }: Address,
    signal?: AbortSignal,
  ): Promise<Connection> {
    this.#tell(`${from}>${to}`, "dial");
    const { promise, resolve, reject } = Promise.withResolvers<Connection>();
    signal?.addEventListener("abort", () => reject(signal.reason));
    const [forth, back] = [this.#way(from, to), this.#way(to, from)];
    forth.send(() => {
      const target = this.#ports.get(`${to}:${port}`);
      back.send(() => {
        if (signal?.aborted) return;
        if (target === undefined) {
          const kind = Deno.errors.ConnectionRefused;
          return reject(systemError(kind, "ECONNREFUSED"));
        }
        const ours = new End({ hostname: to, port }, forth);
        const theirs = new End({ hostname: from, port: 40_000 }, back);
        End.join(ours, theirs);
        target.take(theirs);
        resolve(ours);
      });
    });
    return promise;
  }
}
