/**
 * The requests of the HTTP API about drills.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { InvalidFile, type Problem } from "../../model/problem.ts";
import type { WorldName } from "../../model/world_name.ts";
import { allSteps } from "../../model/scenario/scenario.ts";
import { describeStep } from "../../model/steps/kinds.ts";
import {
  drillsAround,
  readScenario,
  type ScenarioFile,
} from "../drill/files.ts";
import { type Plan, planOf } from "../drill/plan.ts";
import type { DrillRuns } from "./drill_runs.ts";
import type { Handlers } from "./router.ts";
import { RouteError } from "./route_error.ts";

/** The folder of the user's drills, and the name of a text that has none. */
const FOLDER = ".";
const UNNAMED = "drill.yaml";

/**
 * The handlers for drills.
 *
 * @param world The world of all drills; by default the one their files ask for.
 */
export function drillHandlers(
  runs: DrillRuns,
  world?: WorldName,
) {
  return {
    drills: () => drillsAround(FOLDER),
    async drill({ params: { name } }) {
      const { text } = await drillNamed(name);
      return { name, text };
    },
    runs: () => runs.all(),
    run: ({ params: { id } }) => runs.of(id).document,
    runEvents: ({ params: { id } }) => runs.watch(id),
    report: ({ params: { id } }) => runs.reported(id, "report.html"),
    history: ({ params: { id } }) => runs.reported(id, "history.jsonl"),
    junit: ({ params: { id } }) => runs.reported(id, "junit.xml"),
    checkDrill: ({ body: { text } }) => check(text),
    async startRun({ body }) {
      const { name = UNNAMED, text, seed, seeds } = body;
      const file = text === undefined
        ? await drillNamed(name)
        : { name, folder: FOLDER, text };
      const plan = planned(file, seed, world ?? body.world);
      return { id: await runs.start(plan, seeds) };
    },
    async endRun({ params: { id } }) {
      const run = runs.of(id);
      run.interrupt();
      await run.over;
      return run.document;
    },
  } satisfies Partial<Handlers>;
}

/** Reads a drill of the list; other files can't be read. */
async function drillNamed(name: string): Promise<ScenarioFile> {
  if (!drillsAround(FOLDER).some((it) => it.name === name)) {
    throw new RouteError(404, `no drill "${name}"`);
  }
  return await readScenario(name);
}

function planned(
  file: ScenarioFile,
  seed: number | undefined,
  world: WorldName | undefined,
): Plan {
  try {
    return planOf(file, given({ seed, world }));
  } catch (error) {
    if (!(error instanceof InvalidFile)) throw error;
    throw new RouteError(422, error.message, { cause: error });
  }
}

function check(text: string) {
  const file = { name: UNNAMED, folder: FOLDER, text };
  const doubts: Problem[] = [];
  try {
    const onWarnings = (found: readonly Problem[]) => doubts.push(...found);
    const { scenario } = planOf(file, { onWarnings });
    return {
      problems: doubts.map(problemView),
      steps: allSteps(scenario.steps).map(describeStep),
    };
  } catch (error) {
    if (!(error instanceof InvalidFile)) throw error;
    return { problems: error.problems.map(problemView), steps: [] };
  }
}

function problemView({ line, column, message, hint, severity }: Problem) {
  return {
    line,
    column,
    message: hint === undefined ? message : `${message}, ${hint}`,
    isWarning: severity === "warning",
  };
}
