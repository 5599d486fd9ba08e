/**
 * Many seeds of one drill in virtual time, by several threads: each is told in a
 * line, for a seed that failed can be run again, and is then the same run.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { Thread } from "../../worlds/threads/thread.ts";
import { type SearchOrder, type SeedOutcome, SeedRunner } from "./seed_run.ts";
import type { SearchAnswers, SearchQuestion } from "./search_worker.ts";

/** How seeds are gone through. */
export interface SearchOptions {
  readonly clock: Clock;
  /** How often the drill is run. */
  readonly runs: number;
  /**
   * Threads that share the runs. One is this one; of several none is, for it
   * would be too busy to hear that another has come to an end.
   */
  readonly jobs: number;
  /** Whether it goes on when one has failed. */
  readonly keepsGoing: boolean;
  /** Ends it; the search then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onOutcome: (outcome: SeedOutcome) => void;
}

/** Goes through all seeds, or to the first that fails; by their runs. */
export async function searchSeeds(
  order: SearchOrder,
  { clock, runs, jobs, keepsGoing, signal, onOutcome }: SearchOptions,
): Promise<SeedOutcome[]> {
  const found: SeedOutcome[] = [];
  let next = 0;
  let isOver = false;
  const take = async (runNext: (run: number) => Promise<SeedOutcome>) => {
    while (next < runs && !isOver) {
      signal.throwIfAborted();
      const outcome = await runNext(next++);
      found.push(outcome);
      onOutcome(outcome);
      if (outcome.verdict === "failed" && !keepsGoing) isOver = true;
    }
  };
  const threads = Array.from(
    { length: jobs > 1 ? Math.min(jobs, runs) : 0 },
    () => searchThread(clock, order),
  );
  const own = new SeedRunner(order);
  try {
    await Promise.all([
      ...jobs > 1 ? [] : [take((run) => own.run(run))],
      ...threads.map((it) => take((run) => it.run(run))),
    ]);
  } finally {
    for (const thread of threads) thread.end();
  }
  return found.toSorted((a, b) => a.run - b.run);
}

/** Starts a thread that runs seeds. */
function searchThread(clock: Clock, order: SearchOrder) {
  const end = (why = "the search is over") =>
    thread.end(new Error(`A thread of seeds ended: ${why}`));
  const thread = new Thread<SearchQuestion, SearchAnswers, never, never>({
    name: "seeds",
    module: new URL(import.meta.resolve("./search_worker.ts")),
    permissions: { read: true, env: ["LOG_TOKENS", "LOG_STREAM"] },
    clock,
    onError: end,
  });
  const ready = thread.ask<"take">({ ask: "take", order });
  // Who asks for a seed hears of it.
  ready.catch(() => {});
  const run = (run: number) =>
    ready.then(() => thread.ask<"run">({ ask: "run", run }));
  return { run, end };
}
