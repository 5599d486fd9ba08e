/**
 * `deno task scenario` in this process: to start another one costs more than
 * most drills of tests do.
 *
 * @module
 */
import { scenario } from "../../../../sim/live/cli/scenario_main.ts";

/** How a run ended, and what it said. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What `run` prints, as if on no terminal. */
async function printed(run: () => Promise<number>): Promise<Ended> {
  const { log, error } = console;
  const { stdout } = Deno;
  let [out, err] = ["", ""];
  console.log = (text: string) => void (out += `${text}\n`);
  console.error = (text: string) => void (err += `${text}\n`);
  Object.defineProperty(Deno, "stdout", {
    value: { isTerminal: () => false },
    configurable: true,
    writable: true,
  });
  try {
    const code = await run();
    return { code, out, err };
  } finally {
    Object.assign(console, { log, error });
    Object.assign(Deno, { stdout });
  }
}

/**
 * Runs drills that are among these files; what is printed is as if they were in
 * the working folder.
 */
export async function scenarioHere(
  args: string[],
  files: Record<string, string> = {},
): Promise<Ended & { folder: string[] }> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    const { signal } = new AbortController();
    const named = args.map((arg) => arg in files ? `${folder}/${arg}` : arg);
    const { code, out, err } = await printed(() => scenario(named, signal));
    return {
      code,
      out: out.replaceAll(`${folder}/`, ""),
      err: err.replaceAll(`${folder}/`, ""),
      folder: [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
