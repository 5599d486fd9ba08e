/**
 * Checks that this Deno is new enough, which each task does first. It imports
 * nothing and needs no permissions, so that old versions can run it.
 *
 * @module
 */

/** The oldest Deno that runs all tasks. */
export const DENO_MIN = "2.9.0";

/**
 * A line for users of a Deno that is too old; `undefined` if it is new enough.
 *
 * @param version As in `Deno.version.deno`: "2.9.6", "3.0.0-rc.1+abc".
 * @example
 * ```ts
 * import { versionComplaint } from "./deno_version.ts";
 *
 * if (versionComplaint("2.10.1") !== undefined) throw new Error("Too new?");
 * if (versionComplaint("2.8.3") === undefined) throw new Error("Too old");
 * ```
 */
export function versionComplaint(version: string): string | undefined {
  const [ours, least] = [version, DENO_MIN].map((text) =>
    text.split(/[.+-]/, 3).map(Number)
  );
  const differs = least!.findIndex((number, i) => number !== ours![i]);
  if (differs < 0 || ours![differs]! > least![differs]!) return undefined;
  return `error: this is Deno ${version}, and ${DENO_MIN} or newer is needed: ` +
    "`deno upgrade`, or `npx -y deno@latest task ...`";
}

if (import.meta.main) {
  const complaint = versionComplaint(Deno.version.deno);
  if (complaint !== undefined) {
    console.error(complaint);
    Deno.exit(2);
  }
}
