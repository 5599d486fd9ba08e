/**
 * The step `random`: a list of steps drawn by chance, each of which can be
 * carried out.
 *
 * Times are drawn from few, so that two fixes of a client often have the same:
 * then the order by which servers agree must decide, and a wrong one shows.
 *
 * @module
 */
import type { Random } from "../random.ts";
import {
  RANDOM_WEIGHTS,
  type RandomAction,
  type RandomStep,
} from "../steps/random.ts";
import type { ProcessFault } from "../steps/server_faults.ts";
import type { YamlValue } from "../yaml.ts";
import { Course } from "./feasible.ts";

const FIRST_SECOND = 1_600_000_000;
const WAIT_MS_MAX = 100;

/** A step as it is written in a file: `{ kill: "Powell" }`. */
export type WrittenStep = Readonly<Record<string, unknown>>;

/** A step that was drawn, as the reader of a file has it. */
export type DrawnStep = { [name: string]: YamlValue };

export function randomSteps(
  settings: RandomStep,
  servers: readonly string[],
  random: Random,
): DrawnStep[] {
  const drawer = new Drawer(settings, servers, random);
  return Array.from({ length: settings.count }, () => drawer.draw());
}

class Drawer {
  readonly #settings: RandomStep;
  readonly #random: Random;
  readonly #course: Course;

  constructor(
    settings: RandomStep,
    servers: readonly string[],
    random: Random,
  ) {
    this.#settings = settings;
    this.#random = random;
    this.#course = new Course(servers);
  }

  draw(): DrawnStep {
    const choices = this.#settings.of.filter((action) => this.#isOpen(action));
    const tickets = choices.flatMap((action) =>
      Array<RandomAction>(RANDOM_WEIGHTS[action]).fill(action)
    );
    const action = tickets.length === 0 ? "wait" : this.#random.pick(tickets);
    if (action === "iamat") return this.#iamat();
    if (action === "wait") {
      return { wait: `${1 + this.#random.below(WAIT_MS_MAX)}ms` };
    }
    return this.#fault(action);
  }

  #isOpen(action: RandomAction): boolean {
    const { up } = this.#course;
    switch (action) {
      case "wait":
        return true;
      case "iamat":
        return up.length > 0;
      case "kill":
      case "restart":
      case "pause":
        return up.length > this.#settings.minAlive;
      default:
        return this.#course.candidates(action).length > 0;
    }
  }

  #fault(fault: ProcessFault): DrawnStep {
    const server = this.#random.pick(this.#course.candidates(fault));
    this.#course.inflict(fault, server);
    return { [fault]: server };
  }

  #iamat(): DrawnStep {
    const random = this.#random;
    const { clients, times } = this.#settings;
    return {
      iamat: {
        client: `c${1 + random.below(clients)}`,
        position: degrees(random, 90) + degrees(random, 180),
        to: random.pick(this.#course.up),
        time: String(FIRST_SECOND + random.below(times)),
      },
    };
  }
}

function degrees(random: Random, max: number): string {
  const value = random.below(2 * max + 1) - max;
  return value < 0 ? String(value) : `+${value}`;
}
