/**
 * `deno task scenario`: runs a drill, and says by its exit code whether it
 * passed.
 *
 * @module
 */
import { InvalidFile, printProblems } from "../model/problem.ts";
import { SEED_MAX } from "../model/random.ts";
import {
  type Paint,
  passed,
  resultJson,
  stepJson,
  stepLine,
  summary,
} from "../model/report.ts";
import { parseScenario } from "../model/scenario_parse.ts";
import { hintFor } from "../model/suggest.ts";
import { drawRandom, hasRandom } from "../model/drawn.ts";
import type { Scenario } from "../model/scenario.ts";
import type { Topology } from "../model/topology.ts";
import { UsageError } from "./herd_options.ts";
import { type LoadOptions, loadTopology } from "./load.ts";
import { runSeeds } from "./fuzz_drill.ts";
import { runScenario } from "./runner.ts";
import {
  parseScenarioArguments,
  SCENARIO_HELP,
  type ScenarioArguments,
} from "./scenario_options.ts";

const SHIPPED = new URL("../scenarios/", import.meta.url);
const SHIPPED_NAME = "sim/scenarios/";

const PASSED = 0;
const FAILED = 1;
const WRONG_INPUT = 2;
const INTERNAL = 3;
const INTERRUPTED = 130;

const COLOURS = { good: 32, bad: 31, faint: 2 };

/** Runs what the command line asks for; resolves to the exit code. */
async function main(args: string[], signal: AbortSignal): Promise<number> {
  try {
    const options = parseScenarioArguments(args);
    if (options !== "help") return await drill(options, signal);
    console.log(SCENARIO_HELP);
    return PASSED;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    if (error instanceof UsageError) {
      console.error(`error: ${error.message}`);
      console.error("the usage: deno task scenario --help");
      return WRONG_INPUT;
    }
    if (error instanceof InvalidFile) {
      console.error(error.message);
      return WRONG_INPUT;
    }
    console.error("internal error:", error);
    return INTERNAL;
  }
}

async function drill(
  options: ScenarioArguments,
  signal: AbortSignal,
): Promise<number> {
  const { json, quiet, logDirectory, logLevel } = options;
  const { file, text } = readScenario(options.file);
  const freshSeed = Math.floor(Math.random() * (SEED_MAX + 1));
  const { scenario, topology, problems } = parseScenario(
    text,
    file.name,
    (spec, fileSeed) =>
      topologyOf(spec, options, {
        seed: options.seed ?? fileSeed ?? freshSeed,
        folder: file.folder,
        warn: (warning) => console.error(warning),
      }),
  );
  if (scenario === undefined || topology === undefined) {
    console.error(printProblems(problems, text));
    return WRONG_INPUT;
  }
  const seed = options.seed ?? scenario.seed ?? freshSeed;
  const paint = Deno.stdout.isTerminal() && !Deno.noColor ? colour : undefined;
  const { runs, plantedBug } = options;
  const planted = plantedBug && { plantedBug };
  if (runs !== undefined) {
    const plan = { text, file: file.name, topology, seed, runs, signal };
    const view = {
      json,
      paint,
      print: (line: string | Record<string, unknown>) =>
        console.log(typeof line === "string" ? line : JSON.stringify(line)),
    };
    return await runSeeds({ ...plan, ...planted }, view) ? PASSED : FAILED;
  }
  if (json) {
    const { name } = scenario;
    print({ event: "start", scenario: name, topology: topology.name, seed });
  } else if (!quiet) {
    const herd = `${topology.servers.length} servers of ${topology.name}`;
    console.log(`${scenario.name}: ${herd}, seed ${seed}`);
  }
  const result = await runScenario(
    drawn(scenario, text, topology, seed),
    topology,
    {
      seed,
      signal,
      ...planted,
      ...logDirectory !== undefined &&
        { log: { directory: logDirectory, level: logLevel } },
      onStep: (step) => {
        if (json) print(stepJson(step));
        else if (!quiet) console.log(stepLine(step, paint));
      },
    },
  );
  if (json) print(resultJson(result));
  else console.log(`${quiet ? "" : "\n"}${summary(result, paint)}`);
  return passed(result) ? PASSED : FAILED;
}

/** The scenario with its random steps drawn. */
function drawn(
  scenario: Scenario,
  text: string,
  topology: Topology,
  seed: number,
): Scenario {
  if (!hasRandom(scenario.steps)) return scenario;
  const names = topology.servers.map(({ name }) => name);
  const plan = drawRandom(text, scenario.steps, names, seed);
  return parseScenario(plan, scenario.file, () => topology).scenario!;
}

function print(event: Record<string, unknown>): void {
  console.log(JSON.stringify(event));
}

const colour: Paint = (text, tone) => `\x1b[${COLOURS[tone]}m${text}\x1b[0m`;

/** The topology that the command line names, else the one of the file. */
function topologyOf(
  spec: string,
  { topology }: ScenarioArguments,
  options: LoadOptions,
): Topology {
  if (topology === undefined) return loadTopology(spec, options);
  try {
    return loadTopology(topology, { ...options, folder: "." });
  } catch (error) {
    if (error instanceof InvalidFile || !(error instanceof Error)) throw error;
    throw new UsageError(`--topology: ${error.message}`);
  }
}

/** A scenario's file: its name for people, and the folder it lies in. */
interface ScenarioFile {
  readonly name: string;
  readonly folder: string;
}

/** Finds a scenario in the working folder, or among those that ship. */
function readScenario(name: string): { file: ScenarioFile; text: string } {
  const places = [
    { name, path: name, folder: name.replace(/[^/\\]*$/, "") || "." },
    { name: SHIPPED_NAME + name, path: new URL(name, SHIPPED), folder: "." },
  ];
  for (const { path, ...file } of places) {
    try {
      return { file, text: Deno.readTextFileSync(path) };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      if (!(error instanceof Error)) throw error;
      throw new UsageError(`cannot read ${file.name}: ${error.message}`);
    }
  }
  const shipped = [...Deno.readDirSync(SHIPPED)].map((entry) => entry.name)
    .filter((file) => file.endsWith(".yaml")).sort();
  const hint = Object.values(hintFor(name, shipped));
  throw new UsageError([`no scenario "${name}"`, ...hint].join(", "));
}

if (import.meta.main) {
  const interrupted = new AbortController();
  const stop = () => {
    // Who asks twice does not want to wait for a stop in good order.
    if (interrupted.signal.aborted) Deno.exit(INTERRUPTED);
    interrupted.abort(new Error("interrupted"));
  };
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGTERM", stop);
  Deno.exit(await main(Deno.args, interrupted.signal));
}
