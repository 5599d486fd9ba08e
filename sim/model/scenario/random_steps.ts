/**
 * The step `random`: a random list of steps, each of which is possible.
 *
 * Times are drawn from few, so that two fixes of a client often have the same
 * one: then the order that servers agree on must decide, and a wrong one is
 * noticed.
 *
 * @module
 */
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { Random } from "../random.ts";
import {
  nemesisUse,
  SERVER_FAULT_KINDS,
  writtenAction,
} from "../steps/faults.ts";
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
/** Trees form, and announcements leave, only after some heartbeats. */
const TREE_WAIT_MS_MAX = 1_000;
/** How many times as many waits are drawn there. */
const TREE_WAITS = 3;
const FAULT_MS_MAX = 1_500;
/** Factors by which an action's weight may increase. */
const SWARM_TIMES = [1, 2, 4] as const;

/** A step as written in a file: `{ kill: "Powell" }`. */
export type WrittenStep = Readonly<Record<string, unknown>>;

/** A drawn step, as a file's reader returns it. */
export type DrawnStep = { [name: string]: YamlValue };

export function randomSteps(
  settings: RandomStep,
  topology: Topology,
  random: Random,
  mode: DisseminationMode = "flood",
): DrawnStep[] {
  // In other modes a server answers from what it holds: a question moves nothing.
  const of = settings.of.filter((it) =>
    it !== "whatsat" || mode === "ondemand"
  );
  const isTree = mode === "tree";
  const drawer = new Drawer({ ...settings, of }, topology, random, isTree);
  return Array.from({ length: settings.count }, () => drawer.draw());
}

class Drawer {
  readonly #settings: RandomStep;
  readonly #random: Random;
  readonly #course: Course;
  readonly #topology: Topology;
  readonly #isTree: boolean;
  /** Number of fixes drawn so far. */
  #fixes = 0;
  /** The weight of each action; 0: never. */
  readonly #weights: Readonly<Record<string, number>>;

  constructor(
    settings: RandomStep,
    topology: Topology,
    random: Random,
    isTree: boolean,
  ) {
    this.#isTree = isTree;
    this.#settings = settings;
    this.#topology = topology;
    this.#random = random;
    this.#course = new Course(topology.servers.map(({ name }) => name));
    const weights = settings.swarm
      ? swarmWeights(settings.of, random)
      : RANDOM_WEIGHTS;
    this.#weights = isTree
      ? { ...weights, wait: weights.wait! * TREE_WAITS }
      : weights;
  }

  draw(): DrawnStep {
    const choices = this.#settings.of.filter((action) => this.#isOpen(action));
    const tickets = choices.flatMap((action) =>
      Array<string>(this.#weights[action]!).fill(action)
    );
    const action = tickets.length === 0 ? "wait" : this.#random.pick(tickets);
    if (action === "iamat") return this.#iamat();
    if (action === "whatsat") return this.#whatsat();
    if (action === "wait") {
      const waitMsMax = this.#isTree ? TREE_WAIT_MS_MAX : WAIT_MS_MAX;
      return { wait: `${1 + this.#random.below(waitMsMax)}ms` };
    }
    return isOfLinks(action)
      ? this.#linkFault(action)
      : this.#fault(action as ProcessFault);
  }

  #isOpen(action: string): boolean {
    const { up } = this.#course;
    if (isOfLinks(action)) return this.#topology.links.length > 0;
    if (action === "wait") return true;
    if (action === "iamat" || action === "whatsat") return up.length > 0;
    return SERVER_FAULT_KINDS.includes(action)
      ? up.length > this.#settings.minAlive
      : this.#course.candidates(action as ProcessFault).length > 0;
  }

  #fault(fault: ProcessFault): DrawnStep {
    const server = this.#random.pick(this.#course.candidates(fault));
    this.#course.inflict(fault, server);
    return { [fault]: server };
  }

  /** A fault with a duration, because all faults must have ended once. */
  #linkFault(fault: string): DrawnStep {
    const random = this.#random;
    const link = random.pick(this.#topology.links).join("-");
    const faultMs = 1 + random.below(FAULT_MS_MAX);
    const { action } = nemesisUse(fault);
    const step = action([link], faultMs, this.#topology, random);
    return writtenAction(step) as DrawnStep;
  }

  #whatsat(): DrawnStep {
    const random = this.#random;
    return {
      whatsat: {
        client: `c${1 + random.below(this.#settings.clients)}`,
        radius: "1",
        items: "0",
        to: random.pick(this.#course.up),
        within: "1s",
        expect: "any",
        may: "fail",
      },
    };
  }

  #iamat(): DrawnStep {
    const random = this.#random;
    const { clients, times } = this.#settings;
    return {
      iamat: {
        client: `c${1 + random.below(clients)}`,
        position: degrees(random, 90) + degrees(random, 180),
        to: random.pick(this.#course.up),
        time: String(this.#firstSecond() + random.below(times)),
      },
    };
  }

  /**
   * In a tree, the first of the times that are drawn from moves on, by a second
   * for each fix of a client: what repairs a tree needs fixes that are newer
   * than those that formed it.
   */
  #firstSecond(): number {
    if (!this.#isTree) return FIRST_SECOND;
    return FIRST_SECOND + Math.floor(this.#fixes++ / this.#settings.clients);
  }
}

function isOfLinks(action: string): boolean {
  return RANDOM_LINK_FAULTS.includes(action);
}

/**
 * Weights for a subset of all actions: faults that are always there may hide
 * what only happens without them, and one among many is too rare (Groce et al.,
 * Swarm Testing, 2012). Fixes are always in it, because without them nothing
 * can be observed.
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
