/**
 * Proxies on several machines. Each server's dials go through proxies on its
 * own machine, so that the traffic takes the same route as without them.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import type { Machines } from "../../worlds/machines.ts";
import { AskedProcess } from "../../worlds/processes/asked_process.ts";
import { NO_TRAFFIC, type Traffic } from "./flow.ts";
import type {
  ProxyAnswer,
  ProxyAnswers,
  ProxyQuestion,
  ProxyWanted,
  RunningProxies,
} from "./proxies.ts";
import type { StartMachineProxies } from "./proxy_process.ts";

/** The proxies of one machine. */
interface Machine {
  readonly process: AskedProcess<
    ProxyQuestion,
    ProxyAnswers,
    StartMachineProxies,
    never
  >;
  /** The directions for which it has a proxy. */
  readonly ways: Set<string>;
}

/**
 * Like `proxyThread`, in a process on each machine. What faults do to lines
 * there is not recorded.
 */
export class ProxiesOnMachines implements RunningProxies {
  readonly #clock: Clock;
  readonly #machines: Machines;
  readonly #seed: number;
  readonly #running = new Map<string, Machine>();

  /** Starts without proxies; the seed decides random choices of faults. */
  constructor(clock: Clock, machines: Machines, seed: number) {
    this.#clock = clock;
    this.#machines = machines;
    this.#seed = seed;
  }

  #at(name: string): Machine {
    return this.#running.getOrInsertComputed(name, () => {
      const process: Machine["process"] = new AskedProcess({
        name: `The links' proxies on ${name}`,
        spawned: this.#machines.startProxies(name),
        clock: this.#clock,
      });
      process.tell({ kind: "start", seed: this.#seed });
      return { process, ways: new Set() };
    });
  }

  /**
   * Sends a question or an order.
   *
   * @throws {Error} If the proxies of a machine have ended, or can't carry it
   * out.
   */
  readonly ask: RunningProxies["ask"] = async (question) =>
    await this.#answer(question) as ProxyAnswers[typeof question["ask"]];

  async #answer(question: ProxyQuestion): Promise<ProxyAnswer> {
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

  /** Asks the proxies of each machine about the directions that they have. */
  async #each(question: ProxyQuestion): Promise<unknown[]> {
    const asked = [...this.#running.values()].map(({ process, ways }) => {
      if (!("directions" in question)) return process.ask(question);
      const directions = question.directions.filter((it) => ways.has(it));
      return process.ask({ ...question, directions });
    });
    return await Promise.all(asked);
  }

  /** Ends all processes, and with them the connections. */
  stop(): void {
    for (const { process } of this.#running.values()) {
      process.kill(new Error("The links' proxies ended: they were stopped"));
    }
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

function merged(
  all: readonly Record<string, Traffic>[],
): Record<string, Traffic> {
  const ways: Record<string, Traffic> = {};
  for (const [way, it] of all.flatMap((one) => Object.entries(one))) {
    const sum = ways[way] ??= { ...NO_TRAFFIC };
    for (const key of Object.keys(sum) as (keyof Traffic)[]) {
      sum[key] += it[key];
    }
  }
  return ways;
}
