/**
 * The tests in a few large modules instead of many small ones. Deno gives each
 * module that it tests a thread of its own. That costs a third of a second of
 * processor time before the first test, for its code of benchmarks fills 80 MB
 * of memory in each; and all that the module imports is compiled anew. Together
 * that was a third of the time that all tests took.
 *
 * Each file of tests can still be tested alone.
 *
 * @module
 */

const TESTS = new URL("../", import.meta.url);

/**
 * The folders and files of each group: a file is in the group that names the
 * longest part of its path. Groups start in the order of their
 * names: those that take long are not to be the last.
 */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  api: ["sim/live/web/"],
  cli: ["sim/live/cli/"],
  console: ["sim/live/console/"],
  core: ["herd/core/"],
  drill: ["sim/live/drill/"],
  drill_runner: ["sim/live/drill/runner_test.ts"],
  faults: ["sim/live/faults/", "sim/live/proxies/"],
  herd: ["sim/live/herd/"],
  live: ["sim/live/", "sim/worlds/"],
  model: ["sim/model/", "sim/page/", "sim/report_page/"],
  net: ["herd/net/"],
  others: [""],
};

/** All files of tests but the groups themselves, by their path in `tests/`. */
export async function testFiles(folder = ""): Promise<string[]> {
  const files: string[] = [];
  const url = new URL(`./${folder}`, TESTS);
  for await (const { name, isDirectory } of Deno.readDir(url)) {
    const path = folder + name;
    if (isDirectory && path !== "groups") {
      files.push(...await testFiles(`${path}/`));
    } else if (name.endsWith("_test.ts")) files.push(path);
  }
  return files.sort();
}

/** The name of the group that a file of tests is in. */
export function groupOf(path: string): string {
  let found = "";
  let length = -1;
  for (const [group, parts] of Object.entries(GROUPS)) {
    for (const part of parts) {
      if (!path.startsWith(part) || part.length <= length) continue;
      found = group;
      length = part.length;
    }
  }
  return found;
}

/** Registers the tests of the group that the module at `url` is named after. */
export async function loadGroup(url: string): Promise<void> {
  const name = /([^/]+)_test\.ts$/.exec(url)?.[1];
  for (const path of await testFiles()) {
    if (groupOf(path) === name) await import(new URL(path, TESTS).href);
  }
}
