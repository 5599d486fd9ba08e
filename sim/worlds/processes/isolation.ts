/**
 * What keeps servers that somebody brings from the machine's network, so that
 * they can name fixed ports and still have proxies between them.
 *
 * @module
 */
import type { Isolation } from "../../model/manifest.ts";
import { anyPython } from "./python.ts";

/** What was chosen. */
export interface ChosenIsolation {
  readonly isolation: Isolation;
  /** What that is, for people. */
  readonly text: string;
}

/** What is called so loads the shim by itself. */
const SHIMMED = /^(python|pypy|node)[\d.]*$/;

/**
 * What does for a command: a shim in Python and Node, else a network namespace.
 *
 * @param wish What it must be, if it must.
 * @throws {RangeError} If that can't be had.
 */
export async function chooseIsolation(
  command: readonly string[],
  wish?: Isolation,
): Promise<ChosenIsolation> {
  const [program = ""] = command.map((word) => word.replace(/^.*\//, ""));
  const isShimmed = SHIMMED.test(program);
  if (wish === "shim" || wish === undefined && isShimmed) {
    return { isolation: "shim", text: "a shim in Python and Node" };
  }
  const why = await whyNoNamespace();
  if (why === undefined) {
    return { isolation: "netns", text: "a network namespace each" };
  }
  if (wish === "netns") throw new RangeError(`no network namespace: ${why}`);
  return {
    isolation: "shim",
    text:
      `nothing, for ${program} is neither Python nor Node, and there can be ` +
      `no network namespace (${why}): it must take {port} and {peers_json}`,
  };
}

/** Why there can be no network namespace; `undefined` if there can. */
export async function whyNoNamespace(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "only Linux has them";
  const probe = new URL(import.meta.resolve("./namespace.py")).pathname;
  const { success, stdout, stderr } = await new Deno.Command(anyPython(), {
    args: [probe],
  }).output();
  const [text, error] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes).trim()
  );
  if (success && text === "") return undefined;
  return text || error?.split("\n").at(-1) || "python3 failed";
}
