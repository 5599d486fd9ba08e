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
import { nemesisUse, writtenAction } from "../steps/faults.ts";
import {
  RANDOM_LINK_FAULTS,
  RANDOM_WEIGHTS,
  type RandomStep,
} from "../steps/random.ts";
import type { ProcessFault } from "../steps/server_faults.ts";
import type { Topology } from "../topology/topology.ts";
import type { YamlValue } from "../yaml.ts";
import { Course } from "./feasible.ts";

const FIRST_SECOND = 1_600_000_000;
const WAIT_MS_MAX = 100;
const FAULT_MS_MAX = 1_500;
/** How much more often an action may be drawn than usually. */
const SWARM_TIMES = [1, 2, 4] as const;

/** A step as it is written in a file: `{ kill: "Powell" }`. */
export type WrittenStep = Readonly<Record<string, unknown>>;

/** A step that was drawn, as the reader of a file has it. */
export type DrawnStep = { [name: string]: YamlValue };

export function randomSteps(
  settings: RandomStep,
  topology: Topology,
  random: Random,
): DrawnStep[] {
  const drawer = new Drawer(settings, topology, random);
  return Array.from({ length: settings.count }, () => drawer.draw());
}

class Drawer {
  readonly #settings: RandomStep;
  readonly #random: Random;
  readonly #course: Course;
  readonly #topology: Topology;
  /** How often each action is drawn; 0: never. */
  readonly #weights: Readonly<Record<string, number>>;

  constructor(
    settings: RandomStep,
    topology: Topology,
    random: Random,
  ) {
    this.#settings = settings;
    this.#topology = topology;
    this.#random = random;
    this.#course = new Course(topology.servers.map(({ name }) => name));
    this.#weights = settings.swarm
      ? swarmWeights(settings.of, random)
      : RANDOM_WEIGHTS;
  }

  draw(): DrawnStep {
    const choices = this.#settings.of.filter((action) => this.#isOpen(action));
    const tickets = choices.flatMap((action) =>
      Array<string>(this.#weights[action]!).fill(action)
    );
    const action = tickets.length === 0 ? "wait" : this.#random.pick(tickets);
    if (action === "iamat") return this.#iamat();
    if (action === "wait") {
      return { wait: `${1 + this.#random.below(WAIT_MS_MAX)}ms` };
    }
    return isOfLinks(action)
      ? this.#linkFault(action)
      : this.#fault(action as ProcessFault);
  }

  #isOpen(action: string): boolean {
    const { up } = this.#course;
    if (isOfLinks(action)) return this.#topology.links.length > 0;
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
        return this.#course.candidates(action as ProcessFault).length > 0;
    }
  }

  #fault(fault: ProcessFault): DrawnStep {
    const server = this.#random.pick(this.#course.candidates(fault));
    this.#course.inflict(fault, server);
    return { [fault]: server };
  }

  /** One that ends by itself, for all faults are to have ended once. */
  #linkFault(fault: string): DrawnStep {
    const random = this.#random;
    const link = random.pick(this.#topology.links).join("-");
    const faultMs = 1 + random.below(FAULT_MS_MAX);
    const { action } = nemesisUse(fault);
    const step = action([link], faultMs, this.#topology, random);
    return writtenAction(step) as DrawnStep;
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

function isOfLinks(action: string): boolean {
  return RANDOM_LINK_FAULTS.includes(action);
}

/**
 * Weights of a part of all actions: faults that are always there may keep a run
 * from what only comes about without them, and one among many is too seldom (Groce
 * et al., Swarm Testing, 2012). Without fixes nothing is to be seen.
 */
function swarmWeights(
  actions: readonly string[],
  random: Random,
): Record<string, number> {
  return Object.fromEntries(actions.map((action) => {
    const isUsed = random.below(2) === 0 || action === "iamat";
    const times = random.pick(SWARM_TIMES);
    return [action, isUsed ? RANDOM_WEIGHTS[action]! * times : 0];
  }));
}

function degrees(random: Random, max: number): string {
  const value = random.below(2 * max + 1) - max;
  return value < 0 ? String(value) : `+${value}`;
}
