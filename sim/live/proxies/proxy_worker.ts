/**
 * The worker of a herd's proxies: all of them in one thread.
 *
 * @module
 */
import { DenoClock } from "../../../herd/net/deno_platform.ts";
import type { Address, Clock } from "../../../herd/net/platform.ts";
import type { FaultSettings } from "../../model/steps/link_faults.ts";
import { TraceWriter } from "../../model/trace.ts";
import { Answerer, type FromAsked, type ToAsked } from "../../worlds/ask.ts";
import { parentPort } from "../../worlds/threads/port.ts";
import {
  alignedOrigin,
  type ClockQuestion,
} from "../../worlds/threads/thread_clock.ts";
import { Direction } from "./flow.ts";
import { LinkProxy } from "./link_proxy.ts";

/** A proxy that is wanted, for one server's dials to a neighbour. */
export interface ProxyWanted {
  /** The server that dials. */
  readonly from: string;
  /** The neighbour. */
  readonly to: string;
  /** Where the neighbour really listens. */
  readonly target: Address;
}

/** What passed in one direction of a link. */
export interface Traffic {
  /** Bytes that came from the sender. */
  readonly bytesIn: number;
  /** Bytes that were sent on. */
  readonly bytesOut: number;
}

/** What can be asked of the worker, and the answer's type. */
export interface ProxyAnswers {
  /** The ports of new proxies, in the order in which they were wanted. */
  readonly open: number[];
  /** The fault is on. */
  readonly begin: null;
  /** The fault is off: how many lines, chunks or connections it touched. */
  readonly end: number;
  /** How much a fault that is on has touched. */
  readonly touched: number;
  /** How many connections were reset. */
  readonly reset: number;
  /** What has passed, by direction. */
  readonly traffic: Record<string, Traffic>;
}

/** A question, or an order; directions are named `Alford>Parker`. */
export type ProxyQuestion =
  | { readonly ask: "open"; readonly proxies: readonly ProxyWanted[] }
  | {
    readonly ask: "begin";
    readonly id: string;
    readonly fault: FaultSettings;
    readonly directions: readonly string[];
  }
  | {
    readonly ask: "end";
    readonly id: string;
    readonly directions: readonly string[];
  }
  | { readonly ask: "touched"; readonly id: string }
  | { readonly ask: "reset"; readonly directions: readonly string[] }
  | { readonly ask: "traffic" };

/** What the worker is told first, and once. */
export interface StartProxies {
  /** Which message it is. */
  readonly kind: "start";
  /** What faults hit by chance follows from it. */
  readonly seed: number;
  /** Of `clockMemory`: by this the worker's clock is set. */
  readonly clock: SharedArrayBuffer;
  /** What faults make of lines is recorded in this; see `TraceWriter`. */
  readonly trace?: SharedArrayBuffer;
}

const HOSTNAME = "127.0.0.1";

const port = parentPort<
  StartProxies | ToAsked<ProxyQuestion>,
  ClockQuestion | FromAsked<ProxyAnswers>
>();

/** The proxies of a herd. */
class ProxyWorker {
  #clock: Clock = new DenoClock();
  #seed = 0;
  #trace: TraceWriter | undefined;
  readonly #directions = new Map<string, Direction>();
  /** The proxies by the direction of their dials. */
  readonly #proxies = new Map<string, LinkProxy>();

  readonly #answerer = new Answerer<ProxyQuestion, ProxyAnswers>(
    port.post,
    (question) => this.#find(question),
  );

  hear(message: StartProxies | ToAsked<ProxyQuestion>): void {
    if (message.kind === "start") this.#start(message);
    else this.#answerer.hear(message);
  }

  #start({ seed, clock, trace }: StartProxies): void {
    this.#seed = seed;
    this.#trace = trace && new TraceWriter([], trace);
    this.#clock = new DenoClock(alignedOrigin(clock, port.post));
  }

  #find(
    question: ProxyQuestion,
  ): ProxyAnswers[keyof ProxyAnswers] | Promise<number[]> {
    switch (question.ask) {
      case "open":
        return Promise.all(question.proxies.map((it) => this.#open(it)));
      case "begin":
        return this.#begin(question);
      case "end":
        return this.#end(question.id, question.directions);
      case "touched":
        return this.#touched(question.id);
      case "reset":
        return question.directions.reduce(
          (sum, name) => sum + (this.#proxies.get(name)?.reset() ?? 0),
          0,
        );
      case "traffic":
        return Object.fromEntries(
          [...this.#directions].map(([name, { bytesIn, bytesOut }]) => [
            name,
            { bytesIn, bytesOut },
          ]),
        );
    }
  }

  #direction(name: string): Direction {
    const direction = this.#directions.get(name);
    if (direction === undefined) {
      throw new RangeError(`Cannot do it on ${name}: it has no proxy`);
    }
    return direction;
  }

  /** The way from one server to another; both dials have the same two. */
  #directionOf(from: string, to: string): Direction {
    const name = `${from}>${to}`;
    const direction = this.#directions.get(name) ??
      new Direction(
        this.#clock,
        name,
        this.#seed,
        (connection, outcome) =>
          this.#trace?.altered(
            { from, to, connection, ...outcome },
            this.#clock.nowMs(),
          ),
      );
    this.#directions.set(name, direction);
    return direction;
  }

  #open({ from, to, target }: ProxyWanted): Promise<number> {
    const forth = this.#directionOf(from, to);
    const back = this.#directionOf(to, from);
    const proxy = new LinkProxy(this.#clock, forth, back, target);
    // Where ports were taken meanwhile, a herd is started anew on others.
    this.#proxies.get(forth.name)?.close();
    this.#proxies.set(forth.name, proxy);
    return proxy.listen(HOSTNAME);
  }

  #begin(order: Extract<ProxyQuestion, { ask: "begin" }>): null {
    const atMs = this.#clock.nowMs();
    for (const name of order.directions) {
      this.#direction(name).faults.begin(order.id, order.fault, atMs);
    }
    this.#pump();
    return null;
  }

  #end(id: string, directions: readonly string[]): number {
    let sum = 0;
    for (const name of directions) {
      const { faults, flows } = this.#direction(name);
      const { touched, held } = faults.end(id);
      sum += touched;
      for (const flow of flows) flow.release(id, held.get(flow));
    }
    this.#pump();
    return sum;
  }

  #touched(id: string): number {
    return [...this.#directions.values()].reduce(
      (sum, { faults }) => sum + faults.touched(id),
      0,
    );
  }

  #pump(): void {
    for (const proxy of this.#proxies.values()) proxy.pump();
  }
}

const worker = new ProxyWorker();
port.listen((message) => worker.hear(message));
