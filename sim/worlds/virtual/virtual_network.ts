/**
 * The network of a virtual world: one host, whose ports its machines share.
 *
 * @module
 */
import type {
  Address,
  Connection,
  DatagramSocket,
  TcpListener,
  WebClient,
} from "../../../herd/net/platform.ts";
import type { Random } from "../../model/random.ts";
import type { WebAnswer, WebRequest } from "../host.ts";
import { delayMs } from "./delays.ts";
import { systemError, VirtualConnection } from "./virtual_connection.ts";
import type { VirtualDatagrams } from "./virtual_datagrams.ts";
import type {
  MachineNetwork,
  Open,
  VirtualMachine,
} from "./virtual_machine.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** How many connections may wait to be accepted; further ones are ignored. */
const BACKLOG_MAX = 128;
/**
 * A dial without an answer is repeated after this time, then after twice that.
 */
const AGAIN_MS = 1_000;
/** Free ports are given from here on, to listeners and to diallers. */
const LISTENER_PORT_MIN = 10_000;
const DIALLER_PORT_MIN = 40_000;
const DIALLER_PORTS = 20_000;

/** A port of a machine. */
class Port implements TcpListener, Open {
  readonly addr: Address;
  readonly machine: VirtualMachine;
  readonly #onClose: () => void;
  readonly #came: VirtualConnection[] = [];
  #acceptor: PromiseWithResolvers<Connection> | undefined;
  #isClosed = false;

  constructor(machine: VirtualMachine, addr: Address, onClose: () => void) {
    this.addr = addr;
    this.machine = machine;
    this.#onClose = onClose;
    machine.opened(this);
  }

  get isFull(): boolean {
    return this.#came.length >= BACKLOG_MAX;
  }

  accept(): Promise<Connection> {
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource());
    const { promise } = this.#acceptor = Promise.withResolvers<Connection>();
    this.#give();
    return promise;
  }

  take(connection: VirtualConnection): void {
    this.#came.push(connection);
    if (this.#acceptor !== undefined) this.machine.run(this.#give);
  }

  /** Gives the acceptor the next connection; one that was reset is an error. */
  readonly #give = (): void => {
    const acceptor = this.#acceptor;
    const next = acceptor && this.#came.shift();
    if (next === undefined) return;
    this.#acceptor = undefined;
    if (!next.isReset) return acceptor!.resolve(next);
    next.abandon();
    acceptor!.reject(systemError("ENOTCONN"));
  };

  close(): void {
    if (this.machine.isOver) return;
    if (this.#isClosed) throw new Deno.errors.BadResource();
    this.machine.closed(this);
    this.#acceptor?.reject(new Deno.errors.BadResource());
    this.abandon();
  }

  abandon(): void {
    this.#isClosed = true;
    this.#acceptor = undefined;
    for (const connection of this.#came) connection.reset();
    this.#onClose();
  }
}

type Answer = (request: WebRequest) => Promise<WebAnswer>;

/** All ports, and the connections between them. */
export class VirtualNetwork implements MachineNetwork {
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #ports = new Map<number, Port>();
  readonly #web = new Map<number, Answer>();
  readonly #datagrams: VirtualDatagrams;
  #freePort = LISTENER_PORT_MIN;
  #dials = 0;

  /**
   * @param random Decides delays, and how bytes are cut.
   * @param datagrams Carries datagrams.
   */
  constructor(time: VirtualTime, random: Random, datagrams: VirtualDatagrams) {
    this.#time = time;
    this.#random = random;
    this.#datagrams = datagrams;
  }

  #isTaken(port: number): boolean {
    return this.#ports.has(port) || this.#web.has(port);
  }

  #free(): number {
    while (this.#isTaken(this.#freePort)) this.#freePort++;
    return this.#freePort;
  }

  /** Like `Network.listen`, on a machine. */
  listen(machine: VirtualMachine, { hostname, port }: Address): TcpListener {
    const own = port || this.#free();
    if (this.#isTaken(own)) {
      throw systemError("EADDRINUSE");
    }
    const address = { hostname, port: own };
    const it = new Port(machine, address, () => this.#ports.delete(own));
    this.#ports.set(own, it);
    return it;
  }

  /** Like `Network.bindDatagrams`, on a machine. */
  bindDatagrams(
    machine: VirtualMachine,
    address: Address,
    hear: (bytes: Uint8Array, from: Address) => void,
  ): Promise<DatagramSocket> {
    return this.#datagrams.bind(machine, address, hear);
  }

  /** Like `Network.connect`, from a machine. */
  connect(
    machine: VirtualMachine,
    address: Address,
    signal?: AbortSignal,
  ): Promise<VirtualConnection> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        dial.isOver = true;
        reject(signal!.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      const dial: Dial = {
        machine,
        address,
        isOver: false,
        end: (outcome) => {
          signal?.removeEventListener("abort", abort);
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome);
        },
      };
      this.#dial(dial, AGAIN_MS);
    });
  }

  #later(run: () => void): void {
    this.#time.after(delayMs(this.#random), run);
  }

  #dial(dial: Dial, againMs: number): void {
    this.#later(() => {
      if (dial.isOver || dial.machine.isOver) return;
      const port = this.#ports.get(dial.address.port);
      if (port === undefined) return this.#refuse(dial);
      if (!port.isFull) return this.#let(dial, port);
      this.#time.after(againMs, () => this.#dial(dial, 2 * againMs));
    });
  }

  #refuse({ machine, end }: Dial): void {
    const refused = systemError("ECONNREFUSED");
    this.#later(() => machine.run(() => end(refused)));
  }

  #let(dial: Dial, port: Port): void {
    const { machine, address, end } = dial;
    const number = DIALLER_PORT_MIN + this.#dials++ % DIALLER_PORTS;
    const from = { hostname: address.hostname, port: number };
    const ours = new VirtualConnection(machine, address, this.#random);
    const theirs = new VirtualConnection(port.machine, from, this.#random);
    VirtualConnection.join(ours, theirs);
    port.take(theirs);
    this.#later(() =>
      machine.run(() => {
        if (dial.isOver) ours.reset();
        else end(ours);
      })
    );
  }

  /** Serves a web service on a port of its own. */
  serveWeb(answer: Answer): { readonly base: string; close(): void } {
    const port = this.#free();
    this.#web.set(port, answer);
    return {
      base: `http://127.0.0.1:${port}`,
      close: () => void this.#web.delete(port),
    };
  }

  /** A client of web services, on a machine. */
  webClient(machine: VirtualMachine): WebClient {
    return {
      get: (url, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          this.#later(() => {
            const back = (outcome: Response | Error) =>
              this.#later(() =>
                machine.run(() =>
                  outcome instanceof Error ? reject(outcome) : resolve(outcome)
                )
              );
            void this.#ask(new URL(url), back);
          });
        }),
      close() {},
    };
  }

  async #ask(
    url: URL,
    back: (outcome: Response | Error) => void,
  ): Promise<void> {
    const service = this.#web.get(Number(url.port));
    if (service === undefined) {
      return back(new TypeError("connection refused"));
    }
    const answer = await service({ method: "GET", url });
    if (answer === "stall") return;
    if (answer === "reset") return back(new TypeError("connection reset"));
    const { status, type, body } = answer;
    const headers = { "content-type": type };
    back(new Response(body, { status, headers }));
  }
}

/** A dial under way. */
interface Dial {
  readonly machine: VirtualMachine;
  readonly address: Address;
  /** Whether nobody waits for it any more. */
  isOver: boolean;
  readonly end: (outcome: VirtualConnection | Error) => void;
}
