/**
 * Prints the SHA-256 of the history of a drill in virtual time, a line for each
 * of some seeds, as a program: `virtual_seeds.ts <drill> <first seed> <seeds>`.
 *
 * @module
 */
import { readScenario } from "../../../../sim/live/drill/files.ts";
import { planOf } from "../../../../sim/live/drill/plan.ts";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import { historyLines } from "../../../../sim/model/history.ts";

/** The hashes, by one seed after the other. */
export async function virtualHashes(
  drill: string,
  first: number,
  seeds: number,
): Promise<string[]> {
  const file = await readScenario(drill);
  const hashes: string[] = [];
  for (let seed = first; seed < first + seeds; seed++) {
    const { scenario, topology } = planOf(file, { seed, world: "virtual" });
    const { history } = await runScenario(scenario, topology, { seed });
    const bytes = new TextEncoder().encode([...historyLines(history)].join(""));
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    hashes.push(new Uint8Array(hash).toHex());
  }
  return hashes;
}

/** The hashes as another process has them. */
export async function virtualHashesElsewhere(
  drill: string,
  first: number,
  seeds: number,
): Promise<string[]> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "-P=herd",
      new URL(import.meta.url).pathname,
      drill,
      String(first),
      String(seeds),
    ],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("it has failed");
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

if (import.meta.main) {
  const [drill = "", first = "0", seeds = "1"] = Deno.args;
  for (const hash of await virtualHashes(drill, +first, +seeds)) {
    console.log(hash);
  }
}
