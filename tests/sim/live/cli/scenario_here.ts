/**
 * `deno task scenario` in this process.
 *
 * @module
 */
import { scenario } from "../../../../sim/live/cli/scenario_main.ts";
import { type Ended, printed } from "./printed.ts";

/**
 * Runs drills that are among these files, or are the standard input; what is
 * printed is as if they were in the working folder.
 */
export async function scenarioHere(
  args: string[],
  files: Record<string, string> = {},
  input = "",
): Promise<Ended & { folder: string[] }> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    const { signal } = new AbortController();
    const named = args.map((arg) => arg in files ? `${folder}/${arg}` : arg);
    const { code, out, err } = await printed(
      () => scenario(named, signal),
      input,
    );
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
