/**
 * The proxies of a herd, independent of where they run.
 *
 * @module
 */
import type { Address } from "../../../herd/net/platform.ts";
import type { FaultSettings } from "../../model/steps/link_faults.ts";
import { DirectionFaults } from "../../model/link/direction_faults.ts";
import type { TraceMemory, TraceWriter } from "../../model/trace.ts";
import type { Ask } from "../../worlds/ask.ts";
import { type Direction, NO_TRAFFIC, type Traffic } from "./flow.ts";
import { LinkProxy, type ProxyPlatform } from "./link_proxy.ts";

/** A proxy to open, for one server's dials to a neighbour. */
export interface ProxyWanted {
  /** The server that dials. */
  readonly from: string;
  /** The neighbour. */
  readonly to: string;
  /** Where the neighbour listens. */
  readonly target: Address;
}

/** The answers to questions and orders, by their names. */
export interface ProxyAnswers {
  /** The ports of the new proxies, in the order of the request. */
  readonly open: number[];
  /** The fault has begun. */
  readonly begin: null;
  /** The fault has ended: how many lines, chunks or connections it touched. */
  readonly end: number;
  /** How much an active fault has touched. */
  readonly touched: number;
  /** How many connections were reset. */
  readonly reset: number;
  /** By direction. */
  readonly traffic: Record<string, Traffic>;
}

/** Any of them. */
export type ProxyAnswer = ProxyAnswers[keyof ProxyAnswers];

/** A question or an order; directions are named like `Alford>Parker`. */
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

/** The proxies of a herd at work, wherever they are. */
export interface RunningProxies {
  /**
   * The trace of what faults do to lines, if it is recorded; see `readTrace`.
   */
  readonly trace?: TraceMemory | undefined;
  /**
   * Sends a question or an order.
   *
   * @throws {Error} If they have ended, or can't carry it out.
   */
  readonly ask: Ask<ProxyQuestion, ProxyAnswers>;
  /** Closes all proxies, with their connections. */
  stop(): void;
}

const HOSTNAME = "127.0.0.1";

/** All proxies of a herd; starts without any. */
export class Proxies {
  readonly #host: ProxyPlatform;
  readonly #seed: number;
  readonly #trace: TraceWriter | undefined;
  readonly #directions = new Map<string, Direction>();
  /** By the direction of their dials. */
  readonly #proxies = new Map<string, LinkProxy>();

  /**
   * Starts without proxies.
   *
   * @param seed Decides random choices of faults.
   * @param trace Records what faults do to lines.
   */
  constructor(host: ProxyPlatform, seed: number, trace?: TraceWriter) {
    this.#host = host;
    this.#seed = seed;
    this.#trace = trace;
  }

  /** Answers a question, or carries out an order. */
  answer(question: ProxyQuestion): ProxyAnswer | Promise<ProxyAnswer> {
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
          [...this.#directions].map(([name, it]) => [name, { ...it.traffic }]),
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

  /**
   * The direction from one server to another, shared by both servers' dials.
   */
  #directionOf(from: string, to: string): Direction {
    const name = `${from}>${to}`;
    const { clock } = this.#host;
    return this.#directions.getOrInsertComputed(name, () => ({
      clock,
      name,
      faults: new DirectionFaults(this.#seed, name),
      flows: new Set(),
      traffic: { ...NO_TRAFFIC },
      onAltered: (connection, outcome) =>
        this.#trace?.altered(
          { from, to, connection, ...outcome },
          clock.nowMs(),
        ),
    }));
  }

  #open({ from, to, target }: ProxyWanted): Promise<number> {
    const forth = this.#directionOf(from, to);
    const back = this.#directionOf(to, from);
    const proxy = new LinkProxy({ ...this.#host, forth, back, target });
    // After a conflict of ports, a herd is started again on others.
    this.#proxies.get(forth.name)?.close();
    this.#proxies.set(forth.name, proxy);
    return proxy.listen(HOSTNAME);
  }

  #begin(
    order: Extract<ProxyQuestion, { ask: "begin" }>,
  ): null | Promise<null> {
    const atMs = this.#host.clock.nowMs();
    for (const name of order.directions) {
      this.#direction(name).faults.begin(order.id, order.fault, atMs);
    }
    this.#pump();
    return this.#refusing(null);
  }

  #end(
    id: string,
    directions: readonly string[],
  ): number | Promise<number> {
    let sum = 0;
    for (const name of directions) {
      const { faults, flows } = this.#direction(name);
      const { touched, held } = faults.end(id);
      sum += touched;
      for (const flow of flows) flow.release(id, held.get(flow));
    }
    this.#pump();
    return this.#refusing(sum);
  }

  /**
   * Answers after all proxies have begun or ended refusing, as the faults ask.
   */
  #refusing<T>(answer: T): T | Promise<T> {
    const changing = [...this.#proxies.values()]
      .map((proxy) => proxy.mirrorRefusal())
      .filter((it) => it !== undefined);
    if (changing.length === 0) return answer;
    return Promise.all(changing).then(() => answer);
  }

  #touched(id: string): number {
    return [...this.#directions.values()].reduce(
      (sum, { faults }) => sum + faults.touched(id),
      0,
    );
  }

  /** Closes all proxies, with their connections. */
  stop(): void {
    for (const proxy of this.#proxies.values()) proxy.close();
    this.#proxies.clear();
  }

  #pump(): void {
    for (const proxy of this.#proxies.values()) proxy.pump();
  }
}
