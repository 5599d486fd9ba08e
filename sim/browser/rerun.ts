/**
 * Replays a drill in virtual time in a page, with commands added at given
 * moments.
 *
 * @module
 */
import { Commands } from "../live/commands/commands.ts";
import { resultText } from "../live/console/console_view.ts";
import { type Plan, planOf } from "../live/drill/plan.ts";
import { runScenario } from "../live/drill/runner.ts";
import type { Herd } from "../live/herd/herd.ts";
import type { TownsFound } from "../live/places/towns_found.ts";
import { completeCommand, parseCommand } from "../model/command/command.ts";
import { linkTargetNames } from "../model/faults/targets.ts";
import { given } from "../model/given.ts";
import { pageData } from "../model/report/page_data.ts";
import type { Act, ActOutcome, Rerun } from "../model/report/rerun.ts";
import type { RerunAnswer } from "../model/report/rerun_messages.ts";
import { runRecord } from "../model/report/run_record.ts";
import { putFile } from "./machine/deno.ts";
import { putTowns, unknownTowns } from "./machine/towns.ts";

type Ran = Extract<RerunAnswer, { kind: "ran" }>;
type Completed = Extract<RerunAnswer, { kind: "completed" }>;

/** Commands that are refused, with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  quit: "the run ends by itself",
  log: "servers write no log here",
};

/** The answer to a command that came too late. */
const ENDED = "the run had ended by then";

/** The plan of the run, unchanged. */
function planned(rerun: Rerun): Plan {
  const { drill, seed, settings, topology, towns } = rerun;
  const { mode, durable, limits } = rerun;
  if (topology.text !== undefined) {
    putFile(topology.name, topology.text);
    putFile(`topologies/${topology.name}.yaml`, topology.text);
  }
  putTowns(towns as TownsFound);
  return planOf({ ...drill, folder: "/" }, {
    seed,
    settings,
    topology: topology.name,
    world: "virtual",
    ...given({ mode, durable, limits }),
  });
}

/**
 * Replays the run to its end.
 *
 * @param acts The commands, with their times. Without any, the run is the same
 * as before.
 * @param onStep Called with the time at which each step has ended.
 * @throws {Error} If it can't be run.
 */
export async function runAgain(
  rerun: Rerun,
  acts: readonly Act[],
  onStep: (atMs: number) => void = () => {},
): Promise<Omit<Ran, "kind">> {
  const { scenario, topology, seed } = planned(rerun);
  const { plantedBug } = rerun;
  const outcomes = new Map<Act, ActOutcome>();
  const result = await runScenario(scenario, topology, {
    seed,
    ...plantedBug && { plantedBug },
    onHerd: (herd) => {
      const over = new AbortController();
      for (const act of acts) {
        void carryOut(herd, act, over.signal).then((outcome) =>
          outcomes.set(act, outcome)
        );
      }
      return Promise.resolve({
        [Symbol.asyncDispose]: () => Promise.resolve(over.abort()),
      });
    },
    onStep: ({ startedMs, tookMs }) => onStep(startedMs + tookMs),
  });
  const record = runRecord(result, topology, new Date().toISOString());
  return {
    page: pageData(record, result.history),
    outcomes: acts.map((act) =>
      outcomes.get(act) ??
        { ...act, ok: false, told: ENDED }
    ),
    unknownTowns: unknownTowns(),
  };
}

/** Waits without drawing a random number, which would change the run. */
function until(herd: Herd, ms: number): Promise<void> {
  const { host } = herd.world;
  if (host === undefined) throw new TypeError("Cannot wait: time is real");
  return new Promise((resolve) => host.interject(ms, resolve));
}

async function carryOut(
  herd: Herd,
  act: Act,
  signal: AbortSignal,
): Promise<ActOutcome> {
  const commands = new Commands(herd);
  try {
    await until(herd, act.atMs);
    signal.throwIfAborted();
    const parsed = commands.parse(act.command);
    if (parsed === undefined) throw new Error("no command");
    if (!parsed.ok) throw new Error(parsed.why);
    const { command } = parsed;
    const refused = REFUSED[command.kind];
    if (refused !== undefined) throw new Error(refused);
    const result = await commands.execute(command, { signal });
    return { ...act, ok: true, told: resultText(result) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...act, ok: false, told: signal.aborted ? ENDED : why };
  }
}

/** The completions of a command, and what is wrong with it so far. */
export function completed(
  rerun: Rerun,
  text: string,
): Omit<Completed, "kind"> {
  const { topology } = planned(rerun);
  const names = topology.servers.map(({ name }) => name);
  const [ways, word] = completeCommand(text, names, linkTargetNames(topology));
  const start = text.slice(0, text.length - word.length);
  const parsed = parseCommand(text, names);
  const refused = parsed?.ok ? REFUSED[parsed.command.kind] : undefined;
  const problem = parsed?.ok === false ? parsed.why : refused;
  return {
    texts: ways.map((way) => (start + way).trimEnd())
      .filter((way) => REFUSED[way] === undefined),
    ...problem !== undefined && { problem },
  };
}
