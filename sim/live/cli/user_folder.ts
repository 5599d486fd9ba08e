/**
 * The folder that a user stands in.
 *
 * @module
 */
const PROJECT = new URL("../../../", import.meta.url);

/**
 * Goes back to the folder in which `deno task` was called: it changes to the
 * project's own, and leaves the user's in `INIT_CWD`. What started this program
 * in any other folder meant that one, whatever the variable says.
 */
export function enterUserFolder(): void {
  const folder = Deno.env.get("INIT_CWD");
  if (!folder) return;
  const project = Deno.realPathSync(PROJECT);
  if (Deno.realPathSync(".") === project) Deno.chdir(folder);
}
