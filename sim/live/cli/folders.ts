/**
 * Checks files and folders that a command line names, before a herd starts.
 *
 * @module
 */
import { z } from "zod";
import type { Topology } from "../../model/topology/topology.ts";
import { checkSecret } from "../../../herd/net/handshake.ts";
import { optionText } from "./option_file.ts";
import { orUsage, UsageError } from "./usage_error.ts";

/**
 * Creates a folder for logs or data if needed, and checks that it can be
 * written.
 *
 * @throws {UsageError} If it can't.
 */
export function makeFolder(path: string, option = "--log-dir"): void {
  orUsage(() => {
    Deno.mkdirSync(path, { recursive: true });
    Deno.removeSync(Deno.makeTempFileSync({ dir: path, prefix: ".herd-" }));
  }, `${option}: cannot write to ${path}: `);
}

/**
 * Names the herd of the servers' folders next to it. No server has such a name.
 */
const HERD_FILE = ".herd.json";

/**
 * Creates a folder for data, and records the herd that it belongs to.
 *
 * @param warn Called if it holds the data of another herd, with which servers
 * of the same names would start.
 * @throws {UsageError} If it can't be created or written.
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
  // Written in one go: another program that starts at the same time reads all,
  // or nothing.
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
    // There is none, or none that can be read.
    return undefined;
  }
}

const HERD = z.object({ topology: z.string(), servers: z.array(z.string()) });

/**
 * The herd's secret from a file, or else from `HERD_SECRET`. Everybody on the
 * machine could read it in a command line.
 *
 * @throws {UsageError} If the file can't be read, or does not contain a secret.
 */
export function herdSecret(file: string | undefined): string | undefined {
  if (file !== undefined) {
    const text = optionText("secret-file", file);
    return checked(`--secret-file ${file}`, text);
  }
  const secret = Deno.env.get("HERD_SECRET");
  return secret === undefined ? undefined : checked("HERD_SECRET", secret);
}

/**
 * The same where there must be one.
 *
 * @param whose What the message calls it.
 * @throws {UsageError} Also if there is none.
 */
export function neededSecret(file: string | undefined, whose: string): string {
  const secret = herdSecret(file);
  if (secret !== undefined) return secret;
  throw new UsageError(
    `${whose} secret is missing: --secret-file FILE, or HERD_SECRET`,
  );
}

/** The error does not show the secret. */
function checked(source: string, text: string): string {
  const secret = text.trim();
  orUsage(() => checkSecret(secret), `${source}: `);
  return secret;
}
