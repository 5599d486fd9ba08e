/**
 * Whether the steps of a plan can run one after the other, as far as their own
 * faults decide it: no server is killed twice, none is asked while it is down.
 * It checks plain lists of steps, and not what happens inside `parallel`,
 * `repeat`, `load` and `churn`.
 *
 * @module
 */
import type { Whereabouts } from "../steps/server_fault.ts";
import {
  courseOf,
  isFaultStep,
  type ProcessFault,
} from "../steps/server_faults.ts";
import type { Step } from "./scenario.ts";

/** Follows servers through a list of steps. All are up at first. */
export class Course {
  readonly #servers = new Map<string, Whereabouts>();

  constructor(servers: readonly string[]) {
    for (const server of servers) this.#servers.set(server, "up");
  }

  get up(): string[] {
    return this.#at("up");
  }

  #at(place: Whereabouts): string[] {
    return [...this.#servers].filter(([, at]) =>
      at === place || at === "anywhere"
    )
      .map(([server]) => server);
  }

  candidates(fault: ProcessFault): string[] {
    return this.#at(courseOf(fault).from[0]);
  }

  inflict(fault: ProcessFault, server: string): void {
    this.#servers.set(server, courseOf(fault).to);
  }

  /**
   * Takes a step if it is possible and has an effect; returns whether. Reviving
   * all servers when all are up has none.
   */
  take(step: Step): boolean {
    if (isFaultStep(step)) return this.#takeFault(step.kind, step.servers);
    switch (step.kind) {
      case "iamat":
      case "whatsat":
      case "send":
        return this.up.includes(step.to);
      default:
        return true;
    }
  }

  #takeFault(fault: ProcessFault, list: readonly string[]): boolean {
    const candidates = this.candidates(fault);
    const servers = list.includes("all") ? candidates : list;
    if (!servers.every((server) => candidates.includes(server))) return false;
    for (const server of servers) this.inflict(fault, server);
    return servers.length > 0;
  }
}

/** The steps that are possible and have an effect, without the others. */
export function feasibleSteps<T extends Step>(
  steps: readonly T[],
  servers: readonly string[],
): T[] {
  const course = new Course(servers);
  return steps.filter((step) => course.take(step));
}
