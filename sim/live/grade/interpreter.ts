/**
 * Which program a command means. Where a version manager stands before Python,
 * it takes longer to find the right one than most programs take to start; so it
 * is asked once, not for each server.
 *
 * @module
 */

const PYTHON = "python3";

/** A command, by the path of the Python that it means in a folder. */
export async function resolved(
  command: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const [program, ...rest] = command;
  if (program !== PYTHON) return command;
  try {
    const { success, stdout } = await new Deno.Command(PYTHON, {
      args: ["-c", "import sys; print(sys.executable)"],
      cwd: folder,
      stdin: "null",
    }).output();
    const path = new TextDecoder().decode(stdout).trim();
    return success && path.startsWith("/") ? [path, ...rest] : command;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return command;
  }
}
