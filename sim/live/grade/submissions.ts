/**
 * What is to be graded, and how it is run: a `herd.yaml` says it, or all are run
 * alike.
 *
 * @module
 */
import { type Isolation, MANIFEST_FILE } from "../../model/manifest.ts";
import { InvalidFile } from "../../model/problem.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { openTempFolder } from "../../worlds/processes/temp_folder.ts";
import { loadTopology } from "../herd/load.ts";
import { readManifest } from "../herd/manifest.ts";
import type { AssignedPorts } from "./assigned_ports.ts";
import { isFile } from "../../worlds/if_there.ts";
import { type Found, openFound } from "./found.ts";
import type { Submission } from "./submission.ts";

/** The herd where nothing says another one. */
const TOPOLOGY = "2014";

/** What holds where a submission does not say it. */
export interface Defaults {
  /** The words that start a server. */
  readonly command?: readonly string[];
  /** The herd. */
  readonly topology?: Topology;
  /** What stands between servers and the network, whatever submissions say. */
  readonly isolation?: Isolation;
  /** The ports that submissions were assigned, if there is a list. */
  readonly ports?: AssignedPorts;
}

/** One that can't be run. */
export interface Unusable {
  /** What it is called in reports. */
  readonly name: string;
  /** Why it can't. */
  readonly why: string;
}

/** A submission that is there to be graded, until it is disposed of. */
export interface Opened extends AsyncDisposable {
  /** What it is, or why it can't be run. */
  readonly submission: Submission | Unusable;
  /** What is to be known of it. */
  readonly notes: readonly string[];
}

/** Opens a submission that was found: unpacks it, and reads how it is run. */
export async function openSubmission(
  found: Found,
  defaults: Defaults,
): Promise<Opened> {
  await using stack = new AsyncDisposableStack();
  const { name } = found;
  const { path: into } = stack.use(await openTempFolder());
  try {
    const { command = [] } = defaults;
    const { folder, notes } = await openFound(found, into, command);
    const submission = readSubmission(name, folder, defaults);
    return Object.assign(stack.move(), { submission, notes });
  } catch (error) {
    const isTheirs = error instanceof RangeError ||
      error instanceof InvalidFile || error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.PermissionDenied;
    if (!isTheirs) throw error;
    const submission = { name, why: error.message };
    return Object.assign(stack.move(), { submission, notes: [] });
  }
}

/**
 * Whether a submission can be run, as far as that is known before it is. In a
 * class one that can't be is a row with the reason; whoever names it alone is
 * told instead.
 *
 * @throws {RangeError} If it can't, with the reason.
 */
export async function assertUsable(
  found: Found,
  defaults: Defaults,
): Promise<void> {
  await using opened = await openSubmission(found, defaults);
  if ("why" in opened.submission) throw new RangeError(opened.submission.why);
}

/**
 * Whether a herd shows anything: whoever is alone would pass all that is about
 * others.
 *
 * @throws {RangeError} If it does not.
 */
export function assertGradable({ name, links }: Topology): void {
  if (links.length > 0) return;
  throw new RangeError(
    `nothing can be graded in the herd ${name}: it has no links`,
  );
}

function readSubmission(
  name: string,
  folder: string,
  defaults: Defaults,
): Submission {
  const { command = defaults.command, ...manifest } = readManifest(folder);
  const { topology: own } = manifest;
  if (command === undefined) {
    const looked = isFile(`${folder}/${MANIFEST_FILE}`)
      ? `its ${MANIFEST_FILE} has no command`
      : `it has no ${MANIFEST_FILE}`;
    throw new RangeError(
      `what starts a server of ${name}? ${looked}, and there is no --bring; ` +
        'say --bring "python3 server.py {name}", or ' +
        `\`command: python3 server.py {name}\` in ${MANIFEST_FILE} beside it`,
    );
  }
  const herd = own === undefined
    ? defaults.topology ?? loadTopology(TOPOLOGY)
    : loadTopology(own);
  assertGradable(herd);
  return {
    name,
    command,
    folder,
    manifest,
    ...defaults.isolation && { isolation: defaults.isolation },
    topology: herd,
  };
}
