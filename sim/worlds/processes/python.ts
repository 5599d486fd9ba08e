/**
 * Which Python is run. Where a version manager stands before it, that takes
 * longer to find the right one than most programs take to start; so it is asked
 * once, or not at all.
 *
 * @module
 */
import { isFile } from "../if_there.ts";

const PYTHON = "python3";
const SYSTEM_PYTHON = "/usr/bin/python3";
const VERSION = /^python[\d.]*$/;

let any: string | undefined;

/** For scripts of ours, which any Python runs. */
export function anyPython(): string {
  if (any !== undefined) return any;
  const isThere = mayRun(SYSTEM_PYTHON) && isFile(SYSTEM_PYTHON);
  return any = isThere ? SYSTEM_PYTHON : PYTHON;
}

/** Nobody is asked for leave. */
function mayRun(command: string): boolean {
  const { state } = Deno.permissions.querySync({ name: "run", command });
  return state === "granted";
}

/** A command, by the path of the Python that it means in a folder. */
export async function withPythonOf(
  folder: string,
  command: readonly string[],
): Promise<readonly string[]> {
  const [program = "", ...rest] = command;
  if (!VERSION.test(program) || !mayRun(program)) return command;
  try {
    const { success, stdout } = await new Deno.Command(program, {
      args: ["-c", "import sys; print(sys.executable)"],
      cwd: folder,
      stdin: "null",
    }).output();
    const path = new TextDecoder().decode(stdout).trim();
    return success && path.startsWith("/") ? [path, ...rest] : command;
  } catch (error) {
    // Who starts it will hear of it.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return command;
  }
}
