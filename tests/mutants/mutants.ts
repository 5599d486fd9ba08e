/**
 * Plants small bugs, one at a time, in a copy of a project, and tells whether
 * its tests fail.
 *
 * @module
 */

/** A bug: a text of a source file that occurs once, and what it becomes. */
export interface Bug {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /**
   * The test files that see it. Without them the tests that mirror the file are
   * run, and if these see nothing, those of its layer.
   */
  readonly tests?: readonly string[];
}

/** How tests ended; with a bug planted, only `passed` is bad. */
export type Ending = "passed" | "failed" | "timeout";

/** What became of a planted bug. */
export interface Outcome {
  readonly name: string;
  readonly outcome: "caught" | "timeout" | "survived";
}

/** With a bug planted, tests may take as many times as long as without. */
const SLOWER_MAX = 10;
/** However short they are, the machine may be busy with something else. */
const TIMEOUT_MS_MIN = 20_000;
/** What tests may take that no bug has to do with. */
const BASELINE_TIMEOUT_MS = 400_000;

/** What has names, in an order that follows from a seed: by a hash of both. */
export async function shuffled<T extends { readonly name: string }>(
  all: readonly T[],
  seed: string,
): Promise<T[]> {
  const keyed = await Promise.all(all.map(async (one) => {
    const bytes = new TextEncoder().encode(`${seed} ${one.name}`);
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    return { one, key: new DataView(hash).getUint32(0) };
  }));
  return keyed.sort((a, b) => a.key - b.key).map(({ one }) => one);
}

/** What is wrong with a list, if anything is: it must not fall behind. */
export async function mistakes(
  bugs: readonly Bug[],
  root: string,
): Promise<string[]> {
  const wrong: string[] = [];
  const names = new Set<string>();
  for (const { name, file, find, replace, tests = [] } of bugs) {
    const source = await Deno.readTextFile(`${root}/${file}`).catch(() => "");
    const count = source.split(find).length - 1;
    if (count !== 1) wrong.push(`${name}: ${count} times in ${file}: ${find}`);
    if (find === replace) wrong.push(`${name}: changes nothing`);
    if (names.has(name)) wrong.push(`${name}: a name used twice`);
    names.add(name);
    for (const test of tests) {
      if (!await exists(`${root}/${test}`)) wrong.push(`${name}: no ${test}`);
    }
  }
  return wrong;
}

/** A copy of a project, in which bugs are planted; never in the checkout. */
export class Copy implements AsyncDisposable {
  readonly #folder: string;
  readonly #timeoutMsMin: number;
  /** How long tests take without a bug; `undefined` if they fail. */
  readonly #baselines = new Map<string, number | undefined>();

  private constructor(folder: string, timeoutMsMin: number) {
    this.#folder = folder;
    this.#timeoutMsMin = timeoutMsMin;
  }

  /**
   * Copies what git has or would have.
   *
   * @param timeoutMsMin Milliseconds that tests may take with a bug planted, at
   *   the least, before it counts as one that hangs.
   */
  static async of(root: string, timeoutMsMin = TIMEOUT_MS_MIN): Promise<Copy> {
    const { stdout, success } = await new Deno.Command("git", {
      args: ["ls-files", "-co", "--exclude-standard", "-z"],
      cwd: root,
    }).output();
    if (!success) throw new Error(`Cannot copy ${root}: git lists no files`);
    const folder = await Deno.makeTempDir({ prefix: "mutants-" });
    for (const file of new TextDecoder().decode(stdout).split("\0")) {
      // A file that was deleted since is listed still.
      if (file === "" || !await exists(`${root}/${file}`)) continue;
      const to = `${folder}/${file}`;
      await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
      await Deno.copyFile(`${root}/${file}`, to);
    }
    return new Copy(folder, timeoutMsMin);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }

  /**
   * Plants a bug, runs the tests that should see it, and takes it out again.
   *
   * @throws {Error} If these tests fail without it: they would catch anything.
   */
  async plant(bug: Bug): Promise<Outcome> {
    const { name, file } = bug;
    const path = `${this.#folder}/${file}`;
    for (const tests of await this.#testsOf(bug)) {
      const timeoutMs = await this.#timeoutMs(tests);
      const source = await Deno.readTextFile(path);
      // By a function: "$" means nothing in what takes its place.
      const planted = source.replace(bug.find, () => bug.replace);
      await Deno.writeTextFile(path, planted);
      const ending = await this.#run(tests, timeoutMs);
      await Deno.writeTextFile(path, source);
      if (ending === "failed") return { name, outcome: "caught" };
      if (ending === "timeout") return { name, outcome: "timeout" };
    }
    return { name, outcome: "survived" };
  }

  async #testsOf({ file, tests }: Bug): Promise<(readonly string[])[]> {
    if (tests !== undefined) return [tests];
    const mirror = `tests/${file.replace(/\.ts$/, "_test.ts")}`;
    const layer = `tests/${file.split("/").slice(0, 2).join("/")}`;
    const hasMirror = await exists(`${this.#folder}/${mirror}`);
    return hasMirror ? [[mirror], [layer]] : [[layer]];
  }

  /** How long tests may take; a bug may make them hang. */
  async #timeoutMs(tests: readonly string[]): Promise<number> {
    const key = tests.join(" ");
    if (!this.#baselines.has(key)) {
      const beganMs = performance.now();
      const ending = await this.#run(tests, BASELINE_TIMEOUT_MS);
      const tookMs = performance.now() - beganMs;
      this.#baselines.set(key, ending === "passed" ? tookMs : undefined);
    }
    const tookMs = this.#baselines.get(key);
    if (tookMs === undefined) throw new Error(`${key}: fails without a bug`);
    return Math.max(this.#timeoutMsMin, SLOWER_MAX * tookMs);
  }

  async #run(tests: readonly string[], timeoutMs: number): Promise<Ending> {
    const signal = AbortSignal.timeout(timeoutMs);
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "-P",
        "--no-check",
        "--fail-fast",
        "--preload=tests/deadline.ts",
        ...tests,
      ],
      cwd: this.#folder,
      stdin: "null",
      stdout: "null",
      stderr: "null",
      signal,
    }).output();
    if (success) return "passed";
    return signal.aborted ? "timeout" : "failed";
  }
}

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}
