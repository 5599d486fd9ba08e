/**
 * Runs many seeds of a drill in virtual time, and shows the progress.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { groupedByCheck } from "../../model/report/failures.ts";
import { byVerdict } from "../../model/report/result.ts";
import { type Plan, seedOf } from "../drill/plan.ts";
import type { SeedOutcome } from "../drill/seed_run.ts";
import { searchSeeds } from "../drill/seed_search.ts";
import type { Drill, DrillCommand } from "./drill_command.ts";
import type { Seeds } from "./drill_view.ts";
import { SearchProgress } from "./search_progress.ts";

/** Seeds that failed by the same checks. */
export interface SeedGroup {
  /** Checks that failed for the first time at the first of these seeds. */
  readonly checks: readonly string[];
  readonly seeds: readonly number[];
  /** The run of the first seed. */
  readonly first: number;
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

/**
 * Runs all seeds in virtual time, or up to the first that fails; shows how far
 * it is.
 *
 * @param fresh The seed of the first run, if none is given.
 */
export async function searchDrill(
  { file, first, world }: Drill,
  fresh: number,
  runs: number,
  { options, view, signal }: DrillCommand,
) {
  const { seed, settings, topology, mode, durable, limits } = options;
  const { plantedBug, jobs = 1, keepsGoing, worlds = [] } = options;
  const wanted = {
    settings,
    ...given({ seed, topology, mode, durable, limits, world }),
  };
  view.begin(first);
  const { clock } = denoPlatform;
  using progress = new SearchProgress(clock, runs, whereOf(options));
  const isCompared = worlds.length > 1;
  const order = { file, wanted, fresh, isCompared, ...given({ plantedBug }) };
  const outcomes = await searchSeeds(order, {
    clock,
    runs,
    jobs,
    keepsGoing,
    signal,
    onOutcome: (outcome) => progress.count(outcome),
  }).finally(() => {
    // After an interrupt, the results so far are shown.
    progress[Symbol.dispose]();
    view.searched(progress);
  });
  return foundOf(outcomes, first, progress.reached);
}

function whereOf({ json, quiet }: DrillCommand["options"]) {
  if (Deno.stdout.isTerminal() && !json) return "terminal";
  return json || quiet ? "silent" : "plain";
}

function foundOf(
  outcomes: readonly SeedOutcome[],
  first: Plan,
  reached: ReadonlySet<string>,
) {
  const seeds = byVerdict<number>();
  for (const { verdict, run } of outcomes) {
    seeds[verdict].push(seedOf(first.seed, run));
  }
  const failed = outcomes.filter(({ verdict }) => verdict === "failed");
  return {
    seeds,
    /** What the seeds reached of what at least one has to. */
    reached,
    outcomes,
    groups: groupedByCheck(failed).map(({ checks, runs }): SeedGroup => ({
      checks,
      seeds: runs.map((run) => seedOf(first.seed, run)),
      first: runs[0]!,
    })),
  };
}
