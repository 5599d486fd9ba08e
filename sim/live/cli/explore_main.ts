/**
 * `deno task explore`: explores all orders of events in a small herd.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { delay } from "../../../herd/net/timing.ts";
import { explore, type Explored } from "../../model/explore/explore.ts";
import { faultName, type Setup } from "../../model/explore/setup.ts";
import { EXPLORE_HELP, exploreOptions } from "./explore_options.ts";
import { EXIT, programOf } from "./program.ts";
import { onSignals } from "./signals.ts";
import { StatusLine } from "./status_line.ts";
import { runProgram } from "./user_folder.ts";

/** Lets signals be handled. */
function breath(): Promise<void> {
  return delay(denoPlatform.clock, 0);
}

/**
 * Explores one setup to its end, up to `statesMax`, or until `signal` aborts.
 */
async function explored(
  setup: Setup,
  statesMax: number,
  signal: AbortSignal,
): Promise<Explored> {
  const line = Deno.stdout.isTerminal() ? new StatusLine() : undefined;
  const run = explore(setup, statesMax);
  try {
    for (;;) {
      const { done, value } = run.next();
      if (done || signal.aborted) return value;
      line?.show(`${faultName(setup.fault)}: ${told(value)}`);
      await breath();
    }
  } finally {
    line?.clear();
  }
}

function told(
  { states, diverged }: Pick<Explored, "states" | "diverged">,
): string {
  const grouped = states.toLocaleString("en-US");
  return `${diverged.toLocaleString("en-US")} diverged of ${grouped} states`;
}

function tell(setup: Setup, found: Explored, isJson: boolean): void {
  const { mode, isSlow, plantedBug, fault } = setup;
  if (isJson) {
    const what = { mode, isSlow, ...plantedBug && { plantedBug } };
    const line = { fault: faultName(fault), ...what, ...found };
    return console.log(JSON.stringify(line));
  }
  const { orders, atRest, isWhole, shortest } = found;
  const ends = isWhole
    ? `${orders.toLocaleString("en-US")} orders`
    : "there are more states";
  console.log(
    `${faultName(fault)}: ${told(found)} (${
      atRest.toLocaleString("en-US")
    } at rest; ${ends})`,
  );
  if (shortest === undefined) return;
  for (const [at, step] of shortest.steps.entries()) {
    console.log(`${String(at + 1).padStart(4)}. ${step}`);
  }
  console.log(`      ${shortest.wrong}`);
}

const main = programOf(EXPLORE_HELP, exploreOptions, async (asked) => {
  const { setups, statesMax, isJson } = asked;
  const interrupt = new AbortController();
  const { signal } = interrupt;
  using _signals = onSignals(["SIGINT", "SIGTERM"], () => interrupt.abort());
  let [states, diverged, isWhole] = [0, 0, true];
  for (const setup of setups) {
    const found = await explored(setup, statesMax - states, signal);
    tell(setup, found, isJson);
    states += found.states;
    diverged += found.diverged;
    isWhole &&= found.isWhole;
    if (signal.aborted || !isWhole) break;
  }
  if (!isJson) {
    const all = told({ states, diverged });
    const verdict = signal.aborted
      ? "interrupted: "
      : isWhole
      ? ""
      : "not known, --states-max is reached: ";
    console.log(verdict + all);
  }
  if (signal.aborted) return EXIT.interrupted;
  return diverged === 0 && isWhole ? EXIT.fine : EXIT.failed;
});

if (import.meta.main) await runProgram(main);
