/**
 * Servers that users bring, with everything that a herd of them needs:
 * processes, a places service in place of Google's, and a proxy on each link.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import {
  type BroughtOptions,
  BroughtWorld,
} from "../../worlds/processes/brought.ts";
import { chooseIsolation } from "../../worlds/processes/isolation.ts";
import {
  type Google,
  type GoogleOptions,
  openGoogle,
} from "../places/google.ts";
import type { Places } from "../places/places.ts";

/** Servers that were brought; dispose of it after its herds. */
export interface Brought extends AsyncDisposable {
  /** The options to start a herd with. */
  readonly options: { readonly world: BroughtWorld; readonly places: Places };
  /** What isolates its servers from the machine's network, in words. */
  readonly isolation: string;
}

/** What is brought, and how; see {@linkcode BroughtOptions}. */
export type BringOptions =
  & Omit<BroughtOptions, "hosts" | "env" | "platform">
  & {
    /** A substitute for Google that exists already. */
    readonly google?: Google;
  }
  & GoogleOptions;

/**
 * Brings servers: a command that starts one, and the folder that it runs in, of
 * which a copy is made.
 *
 * @example A herd of them
 * ```ts ignore
 * import { Herd } from "../../../mod.ts";
 * import { bring } from "./bring.ts";
 * import { denoPlatform } from "../../../herd/net/deno_platform.ts";
 *
 * const command = ["python3", "server.py", "{name}"];
 * await using brought = await bring(denoPlatform, { command, folder: "submission" });
 * await using herd = await Herd.start("2021", brought.options);
 * ```
 * @throws {RangeError} If the folder is too large to be one of servers, or it can't
 * be as its manifest or the options want it.
 * @throws {Error} If no places service can be started.
 */
export async function bring(
  platform: Platform,
  options: BringOptions,
): Promise<Brought> {
  const { google: given, waits = true, ...brought } = options;
  await using stack = new AsyncDisposableStack();
  const { isolation, text } = await chooseIsolation(
    options.command,
    options.isolation ?? options.manifest?.isolate,
  );
  const google = given ?? stack.use(await openGoogle(platform, { waits }));
  const world = stack.use(
    await BroughtWorld.open({
      platform,
      ...brought,
      isolation,
      ...google.surroundings,
    }),
  );
  const kept = stack.move();
  let over: Promise<void> | undefined;
  return {
    options: { world, places: google.places },
    isolation: text,
    // Who ends it again waits, too: a stack would not.
    [Symbol.asyncDispose]: () => over ??= kept.disposeAsync(),
  };
}
