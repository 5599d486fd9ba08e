/**
 * Whether a test can have a terminal.
 *
 * @module
 */

/** Whether there is the `script` of util-linux, which makes a terminal. */
export function hasScript(): boolean {
  if (Deno.build.os !== "linux") return false;
  try {
    const args = ["--version"];
    return new Deno.Command("script", { args }).outputSync().success;
  } catch {
    return false;
  }
}
