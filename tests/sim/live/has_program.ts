/**
 * Programs of other people that tests use where they are installed. On the build
 * server they are: there a test that is skipped fails the build.
 *
 * @module
 */

/** Whether a program is installed: whether it tells its version. */
export function hasProgram(name: string, version = "--version"): boolean {
  try {
    const { success } = new Deno.Command(name, {
      args: [version],
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return success;
  } catch {
    return false;
  }
}
