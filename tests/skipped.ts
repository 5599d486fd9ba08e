/**
 * Tests that can't run everywhere: what is skipped says so, and why, in its name.
 * On the build server all that they need is there, and a test that is skipped
 * fails the build.
 *
 * @module
 */

/** Why a test that needs Linux can't run. */
export const NO_LINUX: string | undefined = Deno.build.os === "linux"
  ? undefined
  : "it needs Linux";

/** Why a test that is not for Windows can't run. */
export const IS_WINDOWS: string | undefined = Deno.build.os === "windows"
  ? "it is not for Windows"
  : undefined;

/** A test's name and whether it is skipped, by the reason why it can't run. */
export function unless(
  why: string | undefined,
  name: string,
): { name: string; ignore: boolean } {
  return {
    name: why === undefined ? name : `${name} (skipped: ${why})`,
    ignore: why !== undefined,
  };
}

/** Which program of these is missing, as a reason. */
export function whyNoProgram(...names: readonly string[]): string | undefined {
  const missing = names.find((name) => !isInstalled(name));
  return missing === undefined ? undefined : `there is no ${missing}`;
}

/** Whether a program is installed: whether it tells its version. */
function isInstalled(name: string): boolean {
  // Go and OpenSSL know the word alone, lsof the letter.
  return ["--version", "version", "-v"].some((version) => {
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
  });
}
