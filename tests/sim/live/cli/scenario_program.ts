/**
 * `deno task scenario` as a program of its own.
 *
 * All tests are of one process, and so share its working folder: what writes to
 * its own needs a program.
 *
 * @module
 */
import type { Ended } from "./printed.ts";

const ROOT = new URL("../../../../", import.meta.url);
const MAIN = new URL("sim/live/cli/scenario_main.ts", ROOT);
/** The smallest plan that failed. */
const PLAN = "minimal.yaml";

/** What it has left in its folder. */
export interface Left extends Ended {
  readonly folder: readonly string[];
  /** The smallest plan that failed, if there is one. */
  readonly plan: string | undefined;
}

/** The program; its working folder is not that of the tests. */
export function scenarioProgram(args: string[], cwd: string): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--config",
      new URL("deno.json", ROOT).pathname,
      "-P=herd",
      MAIN.pathname,
      ...args,
    ],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs it in a folder of its own with these files in it. */
export async function scenarioAlone(
  args: string[],
  files: Record<string, string> = {},
): Promise<Left> {
  const cwd = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${cwd}/${name}`, text);
    }
    const { code, stdout, stderr } = await scenarioProgram(args, cwd).output();
    const names = [...Deno.readDirSync(cwd)].map(({ name }) => name);
    return {
      code,
      out: new TextDecoder().decode(stdout),
      err: new TextDecoder().decode(stderr),
      folder: names.sort(),
      plan: names.includes(PLAN)
        ? await Deno.readTextFile(`${cwd}/${PLAN}`)
        : undefined,
    };
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}
