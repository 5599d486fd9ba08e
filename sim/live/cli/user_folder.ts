/**
 * Runs a program in the user's working folder.
 *
 * @module
 */
const PROJECT = new URL("../../../", import.meta.url);

/**
 * Goes back to the folder in which `deno task` was called. The task changes to
 * the project's folder, and leaves the user's in `INIT_CWD`. A program that was
 * started in any other folder stays there, whatever the variable says.
 */
export function enterUserFolder(): void {
  const folder = Deno.env.get("INIT_CWD");
  if (!folder) return;
  const project = Deno.realPathSync(PROJECT);
  if (Deno.realPathSync(".") === project) Deno.chdir(folder);
}

/**
 * Runs a program there to its end. A worker that hangs would keep the process
 * and its sockets open for ever.
 */
export async function runProgram(
  program: (args: string[]) => Promise<number>,
): Promise<never> {
  enterUserFolder();
  Deno.exit(await program(Deno.args));
}
