/**
 * Reads the manifest next to servers that users bring.
 *
 * @module
 */
import { resolve } from "node:path";
import {
  type Manifest,
  MANIFEST_FILE,
  parseManifest,
} from "../../model/manifest.ts";
import { InvalidFile, type Problem } from "../../model/problem.ts";
import { hinted } from "../../model/suggest.ts";
import { parseCommand } from "../../worlds/processes/command.ts";
import { isNamedTopology, loadTopology, readIfThere } from "./load.ts";

/** A manifest whose topology can be found from any folder. */
export interface FoundManifest extends Omit<Manifest, "command"> {
  /** The words of its command. */
  readonly command?: readonly string[];
}

/**
 * The manifest in a folder; an empty one if there is none.
 *
 * @throws {InvalidFile} With everything that is wrong with it.
 */
export function readManifest(folder: string): FoundManifest {
  const path = `${folder}/${MANIFEST_FILE}`;
  const source = readIfThere(path);
  if (source === undefined) return {};
  const { manifest, problems, problemAt } = parseManifest(source, path);
  if (manifest === undefined) throw new InvalidFile(problems);
  const found: Problem[] = [];
  const tried = <T>(field: keyof Manifest, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (error instanceof InvalidFile) found.push(...error.problems);
      else if (!isTheirs(error)) throw error;
      else found.push(problemAt([field], error.message));
      return undefined;
    }
  };
  const { command: text, topology: spec, ports = {}, ...rest } = manifest;
  const command = text === undefined
    ? undefined
    : tried("command", () => parseCommand(text));
  const herd = spec === undefined
    ? undefined
    : tried("topology", () => loadTopology(spec, { folder }));
  const names = herd?.servers.map(({ name }) => name) ?? [];
  for (const name of Object.keys(ports)) {
    if (herd === undefined || names.includes(name)) continue;
    const message = hinted(`no server ${name}`, name, names);
    found.push(problemAt(["ports", name], message));
  }
  if (found.length > 0) throw new InvalidFile(found);
  return {
    ...rest,
    ports,
    ...command && { command },
    ...spec !== undefined &&
      { topology: isNamedTopology(spec) ? spec : resolve(folder, spec) },
  };
}

/**
 * Whether the user's file is wrong: its topology does not exist, or its command
 * is invalid.
 */
function isTheirs(error: unknown): error is Error {
  return error instanceof RangeError || error instanceof Deno.errors.NotFound;
}
