/**
 * What is to be graded: folders, each with a `herd.yaml` that says how its
 * servers are started, or all started alike; and folders of such folders.
 *
 * @module
 */
import { basename } from "node:path";
import { InvalidFile } from "../../model/problem.ts";
import { isYamlMap, YamlFile } from "../../model/yaml.ts";
import { parseCommand } from "../../worlds/processes/command.ts";
import { loadTopology } from "../herd/load.ts";
import type { Submission } from "./tried_herd.ts";

/** The file beside a submission that says how it is run. */
export const MANIFEST = "herd.yaml";
const FIELDS = ["command", "topology"];

/** What holds where a submission does not say it. */
export interface Defaults {
  /** What starts a server. */
  readonly command?: string;
  /** The herd: a year, or a file. */
  readonly topology?: string;
}

/** One of a class that can't be run, and why. */
export interface Unusable {
  readonly name: string;
  readonly why: string;
}

/**
 * The submissions in a folder: it itself, or each folder in it, by name. One of
 * a class that does not say how it is run, or wrongly, keeps no other from its
 * mark.
 *
 * @throws {RangeError} If a folder alone does not say how it is run, or wrongly.
 */
export async function submissionsIn(
  folder: string,
  defaults: Defaults,
): Promise<(Submission | Unusable)[]> {
  const entries: Deno.DirEntry[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (!entry.name.startsWith(".")) entries.push(entry);
  }
  const folders = entries.filter(({ isDirectory }) => isDirectory);
  // A class may have a list of its own beside it.
  const isClass = !entries.some(({ isFile }) => isFile) ||
    folders.some(({ name }) => isFile(`${folder}/${name}/${MANIFEST}`));
  if (!isClass) return [await submission(folder, defaults)];
  const found: (Submission | Unusable)[] = [];
  for (const { name } of folders.toSorted(byName)) {
    try {
      found.push(await submission(`${folder}/${name}`, defaults));
    } catch (error) {
      const isTheirs = error instanceof RangeError ||
        error instanceof InvalidFile || error instanceof Deno.errors.NotFound;
      if (!isTheirs) throw error;
      found.push({ name, why: error.message });
    }
  }
  if (found.length === 0) throw new RangeError(`${folder}: nothing is in it`);
  return found;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function byName(a: Deno.DirEntry, b: Deno.DirEntry): number {
  return a.name < b.name ? -1 : 1;
}

async function submission(
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
    name: basename(Deno.realPathSync(folder)),
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
