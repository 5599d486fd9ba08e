/**
 * Runs many seeds of a drill in virtual time, and shows the progress.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { groupedByCheck } from "../../model/report/failures.ts";
import { SEED_MAX } from "../../model/random.ts";
import type { WorldName } from "../../model/world_name.ts";
import type { ScenarioFile } from "../drill/files.ts";
import type { Plan } from "../drill/plan.ts";
import type { SeedOutcome } from "../drill/seed_run.ts";
import { searchSeeds } from "../drill/seed_search.ts";
import type { DrillView, Seeds } from "./drill_view.ts";
import type { ScenarioArguments } from "./scenario_options.ts";
import { SearchProgress } from "./search_progress.ts";

/** The drill to search. */
export interface SearchedDrill {
  readonly file: ScenarioFile;
  /** The plan of the first seed. */
  readonly first: Plan;
  /** The seed of the first run, if none is given. */
  readonly fresh: number;
  readonly world?: WorldName;
}

/** Seeds that failed by the same checks. */
export interface SeedGroup {
  /** Checks that failed for the first time at the first of these seeds. */
  readonly checks: readonly string[];
  readonly seeds: readonly number[];
  /** The run of the first seed. */
  readonly first: number;
}

/** The results of a search. */
export interface SearchFound {
  readonly seeds: Seeds;
  /** What the seeds reached of what at least one has to. */
  readonly reached: ReadonlySet<string>;
  readonly outcomes: readonly SeedOutcome[];
  readonly groups: readonly SeedGroup[];
}

/**
 * The verdicts of a search after the first seed of each group was run again. A
 * seed is unknown then, if it is in no group whose first one failed again.
 */
export function settled(
  seeds: Seeds,
  groups: readonly (SeedGroup & { readonly isSettled: boolean })[],
): Seeds {
  const seedsOf = (wanted: boolean) =>
    new Set(
      groups.filter(({ isSettled }) => isSettled === wanted)
        .flatMap(({ seeds }) => seeds),
    );
  const doubtful = seedsOf(false).difference(seedsOf(true));
  return {
    passed: seeds.passed,
    failed: seeds.failed.filter((seed) => !doubtful.has(seed)),
    unknown: [...seeds.unknown, ...doubtful],
  };
}

export class SeedSearch {
  readonly #options: ScenarioArguments;
  readonly #view: DrillView;
  readonly #signal: AbortSignal;

  constructor(
    options: ScenarioArguments,
    view: DrillView,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#view = view;
    this.#signal = signal;
  }

  /** Runs all seeds, or up to the first that fails. */
  async run(drill: SearchedDrill, runs: number): Promise<SearchFound> {
    const { file, first, fresh, world } = drill;
    const { seed, settings, topology, mode, durable, limits } = this.#options;
    const { plantedBug, jobs = 1, keepsGoing, worlds = [] } = this.#options;
    const wanted = {
      settings,
      ...given({ seed, topology, mode, durable, limits, world }),
    };
    this.#view.begin(first);
    const { clock } = denoPlatform;
    using progress = new SearchProgress(clock, runs, this.#where);
    const isCompared = worlds.length > 1;
    const planted = plantedBug && { plantedBug };
    const order = { file, wanted, fresh, isCompared, ...planted };
    const outcomes = await searchSeeds(order, {
      clock,
      runs,
      jobs,
      keepsGoing,
      signal: this.#signal,
      onOutcome: (outcome) => progress.count(outcome),
    }).finally(() => {
      // After an interrupt, the results so far are shown.
      progress[Symbol.dispose]();
      this.#view.searched(progress);
    });
    return foundOf(outcomes, first, progress.reached);
  }

  get #where(): "terminal" | "plain" | "silent" {
    const { json, quiet } = this.#options;
    if (Deno.stdout.isTerminal() && !json) return "terminal";
    return json || quiet ? "silent" : "plain";
  }
}

function foundOf(
  outcomes: readonly SeedOutcome[],
  first: Plan,
  reached: ReadonlySet<string>,
): SearchFound {
  const seedOf = (run: number) => (first.seed + run) % (SEED_MAX + 1);
  const of = (wanted: SeedOutcome["verdict"]) =>
    outcomes.filter(({ verdict }) => verdict === wanted);
  const seeds = (wanted: SeedOutcome["verdict"]) =>
    of(wanted).map(({ run }) => seedOf(run));
  return {
    seeds: {
      failed: seeds("failed"),
      unknown: seeds("unknown"),
      passed: seeds("passed"),
    },
    reached,
    outcomes,
    groups: groupedByCheck(of("failed")).map(({ checks, runs }) => ({
      checks,
      seeds: runs.map(seedOf),
      first: runs[0]!,
    })),
  };
}
