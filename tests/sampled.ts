/**
 * What a build server tries of a long list: a few, others for each commit.
 *
 * @module
 */
import { shuffled } from "./mutants/mutants.ts";

/**
 * All names, or as many as the variable of the environment says, drawn by
 * `SPECIMENS_SEED`.
 */
export async function sampled(
  names: readonly string[],
  variable: string,
): Promise<readonly string[]> {
  const sample = Deno.env.get(variable);
  if (sample === undefined) return names;
  const seed = Deno.env.get("SPECIMENS_SEED") ?? "";
  const drawn = await shuffled(names.map((name) => ({ name })), seed);
  return drawn.slice(0, Number(sample)).map(({ name }) => name);
}
