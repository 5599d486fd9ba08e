/**
 * `deno task mutants`: plants small bugs, one at a time, in a copy of the
 * project, and sees that the tests fail.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import bugs from "./bugs.json" with { type: "json" };

/** A bug: a text of a source file that occurs once, and what it becomes. */
interface Bug {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** How a planted bug ended. */
interface Outcome extends Bug {
  readonly outcome: "caught" | "timeout" | "survived";
}

const BUGS: readonly Bug[] = bugs;
const ROOT = new URL("../../", import.meta.url).pathname;
/** The tests of a layer take a tenth of this. */
const DEADLINE_MS = 400_000;
const HELP = `Plant small bugs in a copy of the project; the tests must fail.

Usage: deno task mutants [options]

  --sample N   draw N bugs (default: all, some ${BUGS.length} × 10 s)
  --seed S     what they are drawn by (default: today's date; it is printed)
  --only NAME  this bug alone
  --json       print the outcomes as JSON
  --help       print this

Exit codes: 0 all caught; 1 a bug survived; 2 wrong usage, a bug whose text is
no longer in its file exactly once, or tests that fail without a bug.
`;

/** Bugs in an order that follows from the seed: by a hash of seed and name. */
async function shuffled(seed: string): Promise<Bug[]> {
  const keyed = await Promise.all(BUGS.map(async (bug) => {
    const bytes = new TextEncoder().encode(`${seed} ${bug.name}`);
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    return { bug, key: new DataView(hash).getUint32(0) };
  }));
  return keyed.sort((a, b) => a.key - b.key).map(({ bug }) => bug);
}

/** What is wrong with the list, if anything is: it must not fall behind. */
async function stale(): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, file, find } of BUGS) {
    const source = await Deno.readTextFile(ROOT + file).catch(() => "");
    const count = source.split(find).length - 1;
    if (count !== 1) wrong.push(`${name}: ${count} times in ${file}: ${find}`);
  }
  return wrong;
}

/** Copies what git has or would have; never is a bug planted in the checkout. */
async function copyProject(folder: string): Promise<void> {
  const { stdout } = await new Deno.Command("git", {
    args: ["ls-files", "-co", "--exclude-standard", "-z"],
    cwd: ROOT,
  }).output();
  for (const file of new TextDecoder().decode(stdout).split("\0")) {
    if (file === "") continue;
    const to = `${folder}/${file}`;
    await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
    await Deno.copyFile(ROOT + file, to).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}

/** The tests that mirror a file, and those of its layer. */
async function testsOf(file: string): Promise<string[]> {
  const mirror = `tests/${file.replace(/\.ts$/, "_test.ts")}`;
  const layer = `tests/${file.split("/").slice(0, 2).join("/")}`;
  const hasMirror = await Deno.stat(ROOT + mirror).then(
    () => true,
    () => false,
  );
  return hasMirror ? [mirror, layer] : [layer];
}

/** How these tests end in a folder. */
async function run(tests: string, cwd: string): Promise<Outcome["outcome"]> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "-P",
      "--no-check",
      "--fail-fast",
      "--preload=tests/deadline.ts",
      tests,
    ],
    cwd,
    stdout: "null",
    stderr: "null",
    signal,
  }).output();
  if (success) return "survived";
  return signal.aborted ? "timeout" : "caught";
}

async function plant(bug: Bug, folder: string): Promise<Outcome> {
  const path = `${folder}/${bug.file}`;
  const source = await Deno.readTextFile(path);
  // By a function: "$" means nothing in what takes its place.
  await Deno.writeTextFile(path, source.replace(bug.find, () => bug.replace));
  try {
    for (const tests of await testsOf(bug.file)) {
      const outcome = await run(tests, folder);
      if (outcome !== "survived") return { ...bug, outcome };
    }
    return { ...bug, outcome: "survived" };
  } finally {
    await Deno.writeTextFile(path, source);
  }
}

/** Test folders that fail with no bug planted: they would catch anything. */
async function failing(bugs: readonly Bug[], folder: string) {
  const layers = await Promise.all(bugs.map(({ file }) => testsOf(file)));
  const wrong: string[] = [];
  for (const layer of new Set(layers.map((tests) => tests.at(-1)!))) {
    const outcome = await run(layer, folder);
    if (outcome !== "survived") wrong.push(`${layer}: fails without a bug`);
  }
  return wrong;
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
    console.log(HELP);
    return 0;
  }
  const seed = options.seed ?? new Date().toISOString().slice(0, 10);
  const sample = options.sample ?? `${BUGS.length}`;
  const chosen = options.only === undefined
    ? (await shuffled(seed)).slice(0, Number(sample))
    : BUGS.filter(({ name }) => name === options.only);
  const wrong = await stale();
  if (unknown.length > 0) wrong.push(`Unknown: ${unknown[0]}; see --help`);
  if (!/^[1-9]\d*$/.test(sample)) wrong.push(`--sample: no number: ${sample}`);
  if (chosen.length === 0) wrong.push(`--only: no bug of this name`);
  if (wrong.length > 0) {
    console.error(wrong.join("\n"));
    return 2;
  }
  if (!options.json) console.log(`${chosen.length} bugs, seed ${seed}`);
  const outcomes: Outcome[] = [];
  const folder = await Deno.makeTempDir({ prefix: "mutants-" });
  try {
    await copyProject(folder);
    const wrong = await failing(chosen, folder);
    if (wrong.length > 0) {
      console.error(wrong.join("\n"));
      return 2;
    }
    for (const bug of chosen) {
      const done = await plant(bug, folder);
      outcomes.push(done);
      if (options.json) continue;
      console.log(`${done.outcome.padEnd(8)}  ${bug.name}  ${bug.replace}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  if (options.json) console.log(JSON.stringify({ seed, outcomes }));
  return outcomes.some(({ outcome }) => outcome === "survived") ? 1 : 0;
}

Deno.exit(await main());
