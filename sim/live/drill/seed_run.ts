/**
 * Seeds of a drill in virtual time, each told in short.
 *
 * @module
 */
import type { PlantedBug } from "../../../herd/core/planted_bug.ts";
import { type CheckOutcome, outcomesOf } from "../../model/report/compared.ts";
import { failuresOf } from "../../model/report/failures.ts";
import { type DrillVerdict, verdictOf } from "../../model/report/result.ts";
import type { ScenarioFile } from "./files.ts";
import { Planner, type PlanOptions } from "./plan.ts";
import { pointsOf, reachedBy } from "../../model/report/points.ts";
import { runScenario } from "./runner.ts";

/** A drill of which seeds are run. */
export interface SearchOrder {
  readonly file: ScenarioFile;
  /** What goes before what the file says; its world is virtual. */
  readonly wanted: PlanOptions;
  /** The first seed, where there is no other. */
  readonly fresh: number;
  /** Whether each outcome is to tell all checks. */
  readonly isCompared?: boolean;
  /** A bug that is planted on purpose. */
  readonly plantedBug?: PlantedBug;
}

/** How one run came out. */
export interface SeedOutcome {
  /** Its number, from 0. */
  readonly run: number;
  readonly verdict: DrillVerdict;
  /** What failed, by its kind. */
  readonly kinds: readonly string[];
  /** The points that it reached; see `pointsOf`. */
  readonly points: readonly string[];
  /** What it was of what one of many runs is to be. */
  readonly reached: readonly string[];
  /** How all steps and checks came out, where that is asked for. */
  readonly checks: readonly CheckOutcome[];
}

/** Runs seeds of one order. */
export class SeedRunner {
  readonly #planner: Planner;
  readonly #order: SearchOrder;

  /** Runs none yet. */
  constructor(order: SearchOrder) {
    const { file, wanted, fresh } = order;
    this.#planner = new Planner(file, wanted, fresh);
    this.#order = order;
  }

  /** Runs one seed; what can't be run has failed, and says why. */
  async run(run: number): Promise<SeedOutcome> {
    const { plantedBug, isCompared } = this.#order;
    try {
      const { scenario, topology, seed } = this.#planner.plan(run);
      const options = { seed, ...plantedBug && { plantedBug } };
      const result = await runScenario(scenario, topology, options);
      const verdict = verdictOf(result);
      const kinds = verdict === "failed" ? [...failuresOf(result)] : [];
      const points = pointsOf(result);
      const reached = reachedBy(result);
      const checks = isCompared ? outcomesOf(result) : [];
      return { run, verdict, kinds, points, reached, checks };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const nothing = { points: [], reached: [], checks: [] };
      return { run, verdict: "failed", kinds: [why], ...nothing };
    }
  }
}
