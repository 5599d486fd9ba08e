/**
 * What the runs of drills by one command share.
 *
 * @module
 */
import type { WorldName } from "../../model/world_name.ts";
import type { ScenarioFile } from "../drill/files.ts";
import type { Plan } from "../drill/plan.ts";
import type { DrillView } from "./drill_view.ts";
import type { ScenarioArguments } from "./scenario_options.ts";

/** A command line, and how its runs are shown and ended. */
export interface DrillCommand {
  readonly options: ScenarioArguments;
  readonly view: DrillView;
  /** Ends it; what is known by then is written and reported. */
  readonly signal: AbortSignal;
}

/** A valid drill, and its first plan. */
export interface Drill {
  readonly file: ScenarioFile;
  readonly first: Plan;
  /** The world to run it in, if the command line says so. */
  readonly world?: WorldName;
}
