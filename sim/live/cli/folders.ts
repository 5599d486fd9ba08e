/**
 * Files and folders that a command line names, looked at before a herd starts.
 *
 * @module
 */
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
