/**
 * The worker of the links' proxies: all of them in one thread.
 *
 * @module
 */
import { DenoClock } from "../../../herd/net/deno_platform.ts";
import type { Address, Clock } from "../../../herd/net/platform.ts";
import type { FaultSettings } from "../../model/steps/link_faults.ts";
import { TraceWriter } from "../../model/trace.ts";
import {
  alignedOrigin,
  type ClockQuestion,
} from "../../worlds/threads/thread_clock.ts";
import { Direction } from "./link_flow.ts";
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
export interface LinksAnswers {
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
export type LinksQuestion =
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

/** What is said to the worker: first `start`, once. */
export type ToLinks =
  | {
    readonly kind: "start";
    readonly seed: number;
    /** Of `clockMemory`: by this the worker's clock is set. */
    readonly clock: SharedArrayBuffer;
    /** What faults make of lines is recorded in this; see `TraceWriter`. */
    readonly trace?: SharedArrayBuffer;
  }
  | {
    readonly kind: "ask";
    readonly number: number;
    readonly question: LinksQuestion;
  };

/** What the worker says. */
export type FromLinks =
  | ClockQuestion
  | {
    readonly kind: "answer";
    readonly number: number;
    readonly answer: LinksAnswers[keyof LinksAnswers];
  }
  | {
    readonly kind: "no-answer";
    readonly number: number;
    readonly why: string;
  };

/** A worker's own side of its message port, which the DOM types leave out. */
interface Port {
  onmessage: ((event: MessageEvent<ToLinks>) => void) | null;
  postMessage(message: FromLinks): void;
}

const HOSTNAME = "127.0.0.1";

const port = globalThis as unknown as Port;

/** The proxies of a herd. */
class LinksWorker {
  #clock: Clock = new DenoClock();
  #seed = 0;
  #trace: TraceWriter | undefined;
  readonly #directions = new Map<string, Direction>();
  /** The proxies by the direction of their dials. */
  readonly #proxies = new Map<string, LinkProxy>();

  handle(message: ToLinks): void {
    if (message.kind === "start") this.#start(message);
    else void this.#answer(message.number, message.question);
  }

  #start({ seed, clock, trace }: Extract<ToLinks, { kind: "start" }>): void {
    this.#seed = seed;
    this.#trace = trace && new TraceWriter([], trace);
    const originMs = alignedOrigin(clock, (it) => port.postMessage(it));
    this.#clock = new DenoClock(originMs);
  }

  async #answer(number: number, question: LinksQuestion): Promise<void> {
    try {
      const answer = await this.#find(question);
      port.postMessage({ kind: "answer", number, answer });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      port.postMessage({ kind: "no-answer", number, why });
    }
  }

  #find(
    question: LinksQuestion,
  ): LinksAnswers[keyof LinksAnswers] | Promise<number[]> {
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

  #begin(order: Extract<LinksQuestion, { ask: "begin" }>): null {
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

const worker = new LinksWorker();
port.onmessage = (event) => worker.handle(event.data);
