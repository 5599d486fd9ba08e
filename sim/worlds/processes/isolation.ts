/**
 * What stands between servers that somebody brings and the network, so that they
 * can name fixed ports and still have proxies between them.
 *
 * @module
 */
import type { Isolation } from "../../model/manifest.ts";
import { fileURLToPath } from "node:url";
import { anyPython } from "./python.ts";

/** What was chosen. */
export interface ChosenIsolation {
  readonly isolation: Isolation;
  /** What that is, for people. */
  readonly text: string;
}

/** What is called so loads the shim by itself. */
const SHIMMED = /^(python|pypy|node)[\d.]*$/;

const REWRITTEN =
  "a copy each, in which other ports stand; what else they reach " +
  "is up to them";

/** By these a program is told its ports, so that it names none. */
const TELLS_PORTS = /\{(port|peers_json)\}/;

/**
 * What does for a command: a shim in Python and Node, else a network namespace,
 * else a copy each in which its ports are rewritten.
 *
 * @param wish What it must be, if it must.
 * @param noNamespace Tells why there can be no network namespace, if so it is.
 * @throws {RangeError} If that can't be had.
 */
export async function chooseIsolation(
  command: readonly string[],
  wish?: Isolation,
  noNamespace = whyNoNamespace,
): Promise<ChosenIsolation> {
  const [program = ""] = command.map((word) => word.replace(/^.*\//, ""));
  const isShimmed = SHIMMED.test(program);
  if (wish === "shim" || wish === undefined && isShimmed) {
    return { isolation: "shim", text: "a shim in Python and Node" };
  }
  const tellsPorts = command.some((word) => TELLS_PORTS.test(word));
  if (wish === "rewrite") {
    if (!tellsPorts) return { isolation: "rewrite", text: REWRITTEN };
    throw new RangeError(
      "no ports can be rewritten of a command that takes {port} or {peers_json}",
    );
  }
  const why = await noNamespace();
  if (why === undefined) {
    return { isolation: "netns", text: "a network namespace each" };
  }
  if (wish === "netns") throw new RangeError(`no network namespace: ${why}`);
  const reason = `${program} is neither Python nor Node, and there can be no ` +
    `network namespace (${why})`;
  return tellsPorts
    ? {
      isolation: "shim",
      text: `nothing, for ${reason}; it is told its ports`,
    }
    : { isolation: "rewrite", text: `${REWRITTEN}, for ${reason}` };
}

/** Why there can be no network namespace; `undefined` if there can. */
export async function whyNoNamespace(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "only Linux has them";
  const probe = fileURLToPath(import.meta.resolve("./namespace.py"));
  const { success, stdout, stderr } = await new Deno.Command(anyPython(), {
    args: [probe],
  }).output();
  const [text, error] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes).trim()
  );
  if (success && text === "") return undefined;
  return text || error?.split("\n").at(-1) || "python3 failed";
}
