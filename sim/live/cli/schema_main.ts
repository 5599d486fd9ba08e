/**
 * Writes the JSON schemas of scenarios, topologies, manifests and rubrics, by
 * which editors complete and check them, to where they are kept:
 *
 * ```text
 * deno run -P=herd sim/live/cli/schema_main.ts
 * ```
 *
 * @module
 */
import { manifestJsonSchema } from "../../model/manifest.ts";
import { scenarioJsonSchema } from "../../model/scenario/json_schema.ts";
import { rubricJsonSchema } from "../grade/rubric.ts";
import { topologyJsonSchema } from "../../model/topology/json_schema.ts";

const PROJECT = new URL("../../../", import.meta.url);

/** The path of each schema in the project, and its text as it should be. */
export const SCHEMA_FILES: ReadonlyMap<string, string> = new Map([
  ["sim/scenarios/scenario.schema.json", textOf(scenarioJsonSchema())],
  ["sim/live/grade/rubric.schema.json", textOf(rubricJsonSchema())],
  ["topologies/topology.schema.json", textOf(topologyJsonSchema())],
  [
    "sim/worlds/processes/manifest/herd.schema.json",
    textOf(manifestJsonSchema()),
  ],
]);

function textOf(schema: Record<string, unknown>): string {
  return JSON.stringify(schema, null, 2) + "\n";
}

if (import.meta.main) {
  for (const [path, text] of SCHEMA_FILES) {
    await Deno.writeTextFile(new URL(path, PROJECT), text);
  }
}
