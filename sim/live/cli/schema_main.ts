/**
 * Writes the JSON schema of scenarios, by which editors complete and check
 * them, to `sim/scenarios/scenario.schema.json`:
 *
 * ```text
 * deno run -P=herd sim/live/cli/schema_main.ts
 * ```
 *
 * @module
 */
import { scenarioJsonSchema } from "../../model/scenario/schema.ts";

/** Where the schema is kept, beside the drills that name it. */
export const SCHEMA_FILE: URL = new URL(
  "../../scenarios/scenario.schema.json",
  import.meta.url,
);

/** The file's text as it should be. */
export function schemaText(): string {
  return JSON.stringify(scenarioJsonSchema(), null, 2) + "\n";
}

if (import.meta.main) await Deno.writeTextFile(SCHEMA_FILE, schemaText());
