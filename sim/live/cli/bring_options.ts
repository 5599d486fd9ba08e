/**
 * The options for what runs the servers: this project's own, or those that
 * users bring.
 *
 * @module
 */
import {
  type Isolation,
  ISOLATIONS,
  MANIFEST_FILE,
} from "../../model/manifest.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { InvalidFile } from "../../model/problem.ts";
import { parseCommand } from "../../worlds/processes/command.ts";
import type { World } from "../../worlds/world.ts";
import type { Places } from "../places/places.ts";
import { NotStarted } from "../servers/ports.ts";
import { bring } from "../herd/bring.ts";
import { type FoundManifest, readManifest } from "../herd/manifest.ts";
import { anyText, oneWordOf, type ValuesOf } from "./command_line.ts";
import { HUB_OPTIONS } from "./hub_options.ts";
import { LIMIT_OPTIONS } from "./limit_options.ts";
import { statOf } from "../../worlds/if_there.ts";
import { orUsage, UsageError, usageOf } from "./usage_error.ts";

/** Options with a value. */
export const BRING_VALUES = {
  bring: commandOf,
  folder: anyText,
  isolate: oneWordOf(ISOLATIONS),
};

/** The section of `--help`. */
export const BRING_HELP =
  `  --bring COMMAND     servers of your own: what starts one, such as
                      "python3 server.py {name}"; there is {name}, {host},
                      {port} and {peers_json}; see docs/your-server.md
  --folder FOLDER     the folder that they are in, of which a copy is made
                      (default: the working folder); if it has a herd.yaml that
                      says the command, --bring is not needed
  --isolate WAY       what stands before the network: ${ISOLATIONS.join(", ")}
                      (default: shim for Python and Node, else netns where it
                      can be had, else rewrite)`;

/**
 * The error for a user whose server did not start; any other error unchanged.
 *
 * @param topology The herd's, in words.
 */
export function usageOfBrought(error: unknown, topology: string): unknown {
  if (!(error instanceof NotStarted)) return error;
  const mend = `The servers are named as in ${topology}; if yours ` +
    "have other names, give --topology. To try one by hand, run its command.";
  return new UsageError(`${error.message}\n${mend}`, { cause: error });
}

/** The servers to bring. */
export interface BringArguments {
  /** The words of the command that starts a server. */
  readonly command: readonly string[];
  readonly folder: string;
  /** The contents of `herd.yaml` in the folder. */
  readonly manifest: FoundManifest;
  readonly isolation?: Isolation;
}

/**
 * The servers to bring by the options, if any.
 *
 * @throws {UsageError} If the command is invalid, there is no such folder, its
 * manifest is wrong, or an option is for servers of this project only.
 */
export function bringOf(
  options: Partial<ValuesOf<typeof BRING_VALUES>> & {
    readonly world?: string | undefined;
  },
): BringArguments | undefined {
  const { bring, folder = ".", isolate: isolation, world } = options;
  if (bring === undefined && options.folder === undefined) {
    if (isolation === undefined) return undefined;
    throw new UsageError("--isolate goes with --bring COMMAND, or --folder");
  }
  if (world === "hosts") {
    throw new UsageError(
      "--world hosts: what is brought is the agents' to say: deno task agent " +
        "--bring COMMAND",
    );
  }
  if (world !== undefined) {
    throw new UsageError("--world: what is brought runs in processes");
  }
  const [own] = ownOptionsIn(options);
  if (own !== undefined) throw unknownToBrought(own);
  if (!statOf(folder)?.isDirectory) {
    throw new UsageError(`--folder: there is no folder ${folder}`);
  }
  const manifest = orUsage(() => readManifest(folder), "", [InvalidFile]);
  const command = bring ?? manifest.command;
  if (command === undefined) {
    throw new UsageError(
      `--folder goes with --bring COMMAND, or a ${MANIFEST_FILE} that says it`,
    );
  }
  return { command, folder, manifest, ...isolation && { isolation } };
}

/** What runs the servers; dispose of it after their herds. */
export interface AskedServers extends AsyncDisposable {
  /** The options to start a herd with. */
  readonly options: { readonly world: World; readonly places?: Places };
  /**
   * Aborts when what runs them is lost: what happens to them then is not their
   * fault.
   */
  readonly lost?: AbortSignal;
  /** Whether they are not this project's. */
  readonly isBrought: boolean;
}

/**
 * Brings the servers.
 *
 * @param note Gets what was chosen and found out, a line each.
 * @param signal Ends it; it then rejects with the signal's reason.
 * @throws {UsageError} If that is not possible.
 */
export async function bringAsked(
  asked: BringArguments,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<AskedServers> {
  try {
    const brought = await bring(denoPlatform, {
      ...asked,
      signal,
      // What a drill expects of servers, it asks them for.
      waits: false,
      onFound: (text) => note(`found out: ${text}`),
      onWarning: (text) => note(`warning: ${text}`),
    });
    note(`between servers and the network: ${brought.isolation}`);
    return { ...brought, isBrought: true };
  } catch (error) {
    // A terminal's Ctrl-C ends the programs that it runs, too.
    signal.throwIfAborted();
    throw usageOf(error, "", [RangeError]);
  }
}

/** Options that only servers of this project support. */
const OWN_OPTIONS = [
  "mode",
  "plant",
  "secret-file",
  "ways",
  "data-dir",
  "durable",
  ...HUB_OPTIONS,
  ...LIMIT_OPTIONS,
];

/** The options of these that were given. */
export function ownOptionsIn(
  options: Readonly<Record<string, unknown>>,
): string[] {
  return OWN_OPTIONS.filter((name) => {
    const value = options[name];
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  });
}

/** The error for an option that means nothing to servers that are brought. */
export function unknownToBrought(option: string): UsageError {
  return new UsageError(
    `--${option}: servers that are brought know nothing of it`,
  );
}

/**
 * The words of `--bring`.
 *
 * @throws {UsageError} If they are no command.
 */
export function commandOf(option: string, text: string): readonly string[] {
  return orUsage(() => parseCommand(text), `--${option}: `, [RangeError]);
}
