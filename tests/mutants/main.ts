/**
 * `deno task mutants`: plants small bugs, one at a time, in a copy of the
 * project, and sees that the tests fail.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import list from "./bugs.json" with { type: "json" };
import { type Bug, Copy, mistakes, type Outcome, shuffled } from "./mutants.ts";

const BUGS: readonly Bug[] = list;
const ROOT = new URL("../../", import.meta.url).pathname;
export const MUTANTS_HELP =
  `Plant small bugs in a copy of the project; the tests must fail.

Usage: deno task mutants [options]

  --sample N   draw N bugs (default: all ${BUGS.length})
  --seed S     what they are drawn by (default: today's date; it is printed)
  --only NAME  this bug alone
  --json       print the outcomes as JSON
  --help       print this

Exit codes: 0 all caught; 1 a bug survived; 2 wrong usage, a bug whose text is
no longer in its file exactly once, or tests that fail without a bug.
`;

/** Plants each, and tells of it as soon as it has ended. */
async function plantAll(
  bugs: readonly Bug[],
  tell: (text: string) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const beganMs = performance.now();
  await using copy = await Copy.of(ROOT);
  for (const bug of bugs) {
    const done = await copy.plant(bug);
    outcomes.push(done);
    tell(`${done.outcome.padEnd(8)}  ${done.name}`);
    if (done.outcome === "survived") {
      tell(`  ${bug.file}: ${bug.find}\n  became ${bug.replace}`);
    }
  }
  const survived = outcomes.filter((it) => it.outcome === "survived").length;
  const seconds = Math.round((performance.now() - beganMs) / 1_000);
  const caught = outcomes.length - survived;
  // As tests close, so that who counts them counts these too.
  tell(
    `\n${survived > 0 ? "FAILED" : "ok"} | ${caught} passed | ` +
      `${survived} failed (${seconds}s)`,
  );
  return outcomes;
}

async function main(): Promise<number> {
  const unknown: string[] = [];
  const options = parseArgs(Deno.args, {
    string: ["sample", "seed", "only"],
    boolean: ["json", "help"],
    unknown: (argument) => {
      unknown.push(argument);
      return false;
    },
  });
  if (options.help) {
    console.log(MUTANTS_HELP);
    return 0;
  }
  const seed = options.seed ?? new Date().toISOString().slice(0, 10);
  const sample = options.sample ?? `${BUGS.length}`;
  const chosen = options.only === undefined
    ? (await shuffled(BUGS, seed)).slice(0, Number(sample))
    : BUGS.filter(({ name }) => name === options.only);
  const wrong = await mistakes(BUGS, ROOT);
  if (unknown.length > 0) wrong.push(`Unknown: ${unknown[0]}; see --help`);
  if (!/^[1-9]\d*$/.test(sample)) wrong.push(`--sample: no number: ${sample}`);
  else if (chosen.length === 0) wrong.push(`--only: no bug of this name`);
  if (wrong.length > 0) {
    console.error(wrong.join("\n"));
    return 2;
  }
  const tell = (text: string) => {
    if (!options.json) console.log(text);
  };
  tell(`${chosen.length} bugs, seed ${seed}`);
  try {
    const outcomes = await plantAll(chosen, tell);
    if (options.json) console.log(JSON.stringify({ seed, outcomes }));
    return outcomes.some(({ outcome }) => outcome === "survived") ? 1 : 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
}

if (import.meta.main) Deno.exit(await main());
