/**
 * The proxies of a herd on several machines: each server's dials go by those on
 * its own machine, so what they pass on takes the way that the link has.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import type { Machines } from "../../worlds/machines.ts";
import { AskedProcess } from "../../worlds/processes/asked_process.ts";
import type {
  ProxyAnswers,
  ProxyQuestion,
  ProxyWanted,
  Traffic,
} from "./proxies.ts";
import type { StartMachineProxies } from "./proxy_process.ts";

/** Those of one machine. */
interface Machine {
  readonly process: AskedProcess<
    ProxyQuestion,
    ProxyAnswers,
    StartMachineProxies,
    never
  >;
  /** The ways on which it has some. */
  readonly ways: Set<string>;
}

/** As `ProxyThread`, in a process on each machine. */
export class ProxiesOnMachines {
  /** What they make of lines is not seen from here. */
  readonly trace = undefined;
  readonly #clock: Clock;
  readonly #machines: Machines;
  readonly #seed: number;
  readonly #running = new Map<string, Machine>();

  /** No proxies yet; what faults hit by chance follows from the seed. */
  constructor(clock: Clock, machines: Machines, seed: number) {
    this.#clock = clock;
    this.#machines = machines;
    this.#seed = seed;
  }

  #at(name: string): Machine {
    const known = this.#running.get(name);
    if (known !== undefined) return known;
    const machine: Machine = {
      process: new AskedProcess({
        name: `The links' proxies on ${name}`,
        spawned: this.#machines.startProxies(name),
        clock: this.#clock,
      }),
      ways: new Set(),
    };
    machine.process.tell({ kind: "start", seed: this.#seed });
    this.#running.set(name, machine);
    return machine;
  }

  /**
   * Asks them, or has them do something.
   *
   * @throws {Error} If those of a machine have ended, or can't.
   */
  async ask<K extends ProxyQuestion["ask"]>(
    question: Extract<ProxyQuestion, { readonly ask: K }>,
  ): Promise<ProxyAnswers[K]> {
    return await this.#answer(question) as ProxyAnswers[K];
  }

  async #answer(
    question: ProxyQuestion,
  ): Promise<ProxyAnswers[keyof ProxyAnswers]> {
    switch (question.ask) {
      case "open":
        return await this.#open(question.proxies);
      case "begin":
        await this.#each(question);
        return null;
      case "end":
      case "reset":
      case "touched":
        return sum(await this.#each(question) as number[]);
      case "traffic":
        return merged(
          await this.#each(question) as ProxyAnswers["traffic"][],
        );
    }
  }

  async #open(proxies: readonly ProxyWanted[]): Promise<number[]> {
    const ports = new Map<ProxyWanted, number>();
    const byMachine = Map.groupBy(
      proxies,
      ({ from }) => this.#machines.machineOf(from),
    );
    await Promise.all([...byMachine].map(async ([name, wanted]) => {
      const { process, ways } = this.#at(name);
      const opened = await process.ask<"open">({
        ask: "open",
        proxies: wanted,
      });
      for (const [at, it] of wanted.entries()) {
        ports.set(it, opened[at]!);
        ways.add(`${it.from}>${it.to}`).add(`${it.to}>${it.from}`);
      }
    }));
    return proxies.map((it) => ports.get(it)!);
  }

  /** Asks those of each machine, for the ways that it has. */
  async #each(question: ProxyQuestion): Promise<unknown[]> {
    const asked = [...this.#running.values()].map(({ process, ways }) => {
      if (!("directions" in question)) return process.ask(question);
      const directions = question.directions.filter((it) => ways.has(it));
      return process.ask({ ...question, directions });
    });
    return await Promise.all(asked);
  }

  /** Ends them all, with their connections. */
  stop(): void {
    for (const { process } of this.#running.values()) {
      process.kill(new Error("The links' proxies ended: they were stopped"));
    }
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

const NOTHING: Traffic = {
  bytesIn: 0,
  chunks: 0,
  bytesOut: 0,
  connections: 0,
};

function merged(
  all: readonly Record<string, Traffic>[],
): Record<string, Traffic> {
  const ways: Record<string, Traffic> = {};
  for (const [way, it] of all.flatMap((one) => Object.entries(one))) {
    const before = ways[way] ?? NOTHING;
    ways[way] = {
      bytesIn: before.bytesIn + it.bytesIn,
      chunks: before.chunks + it.chunks,
      bytesOut: before.bytesOut + it.bytesOut,
      connections: before.connections + it.connections,
    };
  }
  return ways;
}
