/**
 * The options that say what runs the servers: this project's own, or those that
 * are brought.
 *
 * @module
 */
import { parseCommand } from "../../worlds/processes/command.ts";
import { NotStarted } from "../servers/ports.ts";
import { LIMIT_OPTIONS } from "./limit_options.ts";
import { UsageError } from "./usage_error.ts";

/** Those that take a text. */
export const BRING_OPTIONS = ["bring", "folder", "world"] as const;

/** What `--help` says of them. */
export const BRING_HELP =
  `  --bring COMMAND     servers of your own: what starts one, such as
                      "python3 server.py {name}"; there is {name}, {host}, {port}
                      and {peers_json}; see docs/your-server.md
  --folder FOLDER     the folder that --bring runs in, of which a copy is made
                      (default: the working folder)`;

/**
 * What a user is told whose server did not start; any other error as it is.
 *
 * @param topology What the herd was started with.
 */
export function usageOfBrought(error: unknown, topology: string): unknown {
  if (!(error instanceof NotStarted)) return error;
  const mend = `The servers are named as in topology ${topology}; if yours ` +
    "have other names, give --topology. To try one by hand, run its command.";
  return new UsageError(`${error.message}\n${mend}`, { cause: error });
}

/** What is brought. */
export interface BringArguments {
  /** The words that start a server. */
  readonly command: readonly string[];
  readonly folder: string;
}

/**
 * What options bring, if anything.
 *
 * @throws {UsageError} If the command is none, there is no such folder, or an
 * option is for servers of this project alone.
 */
export function bringOf(
  options: Partial<Record<typeof BRING_OPTIONS[number], string | undefined>>,
): BringArguments | undefined {
  const { bring, folder, world } = options;
  if (bring !== undefined && world !== undefined) {
    throw new UsageError("--world: what is brought runs in processes");
  }
  if (bring === undefined) {
    if (folder === undefined) return undefined;
    throw new UsageError("--folder goes with --bring COMMAND");
  }
  assertForBrought(options);
  const command = commandOf(bring);
  const path = folder ?? ".";
  if (isDirectory(path)) return { command, folder: path };
  throw new UsageError(`--folder: there is no folder ${path}`);
}

/** Options that only servers of this project heed. */
const OWN_OPTIONS = ["mode", "plant", "secret-file", ...LIMIT_OPTIONS];

function assertForBrought(options: Readonly<Record<string, unknown>>): void {
  for (const name of OWN_OPTIONS) {
    const value = options[name];
    if (value === undefined || Array.isArray(value) && value.length === 0) {
      continue;
    }
    throw new UsageError(
      `--${name}: servers that are brought know nothing of it`,
    );
  }
}

function commandOf(text: string): readonly string[] {
  try {
    return parseCommand(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`--bring: ${error.message}`);
  }
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
