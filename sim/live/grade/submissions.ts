/**
 * What is to be graded, and how it is run: a `herd.yaml` says it, or all are run
 * alike.
 *
 * @module
 */
import { InvalidFile } from "../../model/problem.ts";
import { isYamlMap, YamlFile } from "../../model/yaml.ts";
import { parseCommand } from "../../worlds/processes/command.ts";
import { loadTopology } from "../herd/load.ts";
import { type Found, MANIFEST, openFound } from "./found.ts";
import type { Submission } from "./tried_herd.ts";

const FIELDS = ["command", "topology"];

/** What holds where a submission does not say it. */
export interface Defaults {
  /** What starts a server. */
  readonly command?: string;
  /** The herd: a year, or a file. */
  readonly topology?: string;
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
  const into = await Deno.makeTempDir({ prefix: "herd-" });
  stack.defer(() => Deno.remove(into, { recursive: true }));
  try {
    const words = defaults.command ? parseCommand(defaults.command) : [];
    const { folder, notes } = await openFound(found, into, words);
    const submission = await readSubmission(name, folder, defaults);
    const kept = stack.move();
    return {
      submission,
      notes,
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  } catch (error) {
    const isTheirs = error instanceof RangeError ||
      error instanceof InvalidFile || error instanceof Deno.errors.NotFound;
    if (!isTheirs) throw error;
    const submission = { name, why: error.message };
    return { submission, notes: [], [Symbol.asyncDispose]: async () => {} };
  }
}

async function readSubmission(
  name: string,
  folder: string,
  defaults: Defaults,
): Promise<Submission> {
  const { command, topology = "2014" } = {
    ...defaults,
    ...await manifest(`${folder}/${MANIFEST}`),
  };
  if (command === undefined) {
    throw new RangeError(
      `${folder}: what starts a server? Say it in ${MANIFEST}, ` +
        "`command: python3 server.py {name}`, or by --bring COMMAND",
    );
  }
  return {
    name,
    command: parseCommand(command),
    folder,
    topology: loadTopology(topology, { folder }),
  };
}

async function manifest(path: string): Promise<Defaults> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
  const { value, problems } = new YamlFile(text, path);
  const wrong = problems[0]?.message;
  if (wrong !== undefined) throw new RangeError(`${path}: ${wrong}`);
  if (!isYamlMap(value!)) throw new RangeError(`${path}: it is no map`);
  const fields: Record<string, string> = {};
  for (const [key, field] of Object.entries(value)) {
    const isKnown = FIELDS.includes(key) &&
      (typeof field === "string" || typeof field === "number");
    if (!isKnown) {
      throw new RangeError(`${path}: there is ${FIELDS.join(", ")}, no ${key}`);
    }
    fields[key] = String(field);
  }
  return fields;
}
