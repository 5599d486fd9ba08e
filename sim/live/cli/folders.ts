/**
 * Files and folders that a command line names, looked at before a herd starts.
 *
 * @module
 */
import { z } from "zod";
import type { Topology } from "../../model/topology/topology.ts";
import { checkSecret } from "../../../herd/net/handshake.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Makes a folder for logs or data, unless it is there, and tries to write to it.
 *
 * @throws {UsageError} If it can't be made, or not written to.
 */
export function makeFolder(path: string, option = "--log-dir"): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
    Deno.removeSync(Deno.makeTempFileSync({ dir: path, prefix: ".herd-" }));
  } catch (error) {
    throw new UsageError(`${option}: cannot write to ${path}: ${why(error)}`);
  }
}

/** Beside the servers' folders: of which herd they are. No server has such a name. */
const HERD_FILE = ".herd.json";

/**
 * Makes a folder for data, and takes note of whose it is.
 *
 * @param warn Hears that it holds what servers of another herd have kept: those of
 * the same names begin with it.
 * @throws {UsageError} If it can't be made, or not written to.
 */
export function makeDataFolder(
  path: string,
  { name, servers }: Topology,
  warn: (text: string) => void = console.error,
): void {
  makeFolder(path, "--data-dir");
  const file = `${path}/${HERD_FILE}`;
  const names = servers.map((server) => server.name);
  const before = herdIn(file);
  const common = before?.servers.filter((it) => names.includes(it)) ?? [];
  const isOther = before !== undefined &&
    (before.servers.length !== names.length || common.length < names.length);
  if (isOther && common.length > 0) {
    warn(
      `warning: --data-dir ${path} was last that of ${before.topology}; what ` +
        `${common.join(", ")} kept there is held again in ${name}`,
    );
  }
  if (before !== undefined && !isOther) return;
  // Whoever starts at the same time reads all of it, or none.
  const made = Deno.makeTempFileSync({ dir: path, prefix: ".herd-" });
  Deno.writeTextFileSync(
    made,
    JSON.stringify({ topology: name, servers: names }),
  );
  Deno.renameSync(made, file);
}

function herdIn(file: string): z.output<typeof HERD> | undefined {
  try {
    return HERD.parse(JSON.parse(Deno.readTextFileSync(file)));
  } catch {
    // There is none, or none that tells anything.
    return undefined;
  }
}

const HERD = z.object({ topology: z.string(), servers: z.array(z.string()) });

/**
 * The herd's secret, from a file or from `HERD_SECRET`; the file goes first. A
 * command line could be read by everybody on the machine.
 *
 * @throws {UsageError} If the file can't be read, or what it holds is none.
 */
export function herdSecret(file: string | undefined): string | undefined {
  if (file !== undefined) return checked(`--secret-file ${file}`, read(file));
  const secret = Deno.env.get("HERD_SECRET");
  return secret === undefined ? undefined : checked("HERD_SECRET", secret);
}

function read(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    throw new UsageError(`--secret-file: cannot read ${file}: ${why(error)}`);
  }
}

/** What it holds is not told in the error. */
function checked(source: string, text: string): string {
  const secret = text.trim();
  try {
    checkSecret(secret);
    return secret;
  } catch (error) {
    throw new UsageError(`${source}: ${why(error)}`);
  }
}

function why(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
