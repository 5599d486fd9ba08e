/**
 * Finds a topology: a year of the assignment, a generated one, or a file.
 *
 * @module
 */
import { resolve } from "node:path";
import {
  GENERATED_FORMS,
  generateTopology,
} from "../../model/topology/generate.ts";
import { hasErrors, InvalidFile, printProblems } from "../../model/problem.ts";
import { suggest } from "../../model/suggest.ts";
import { parseTopology, type Topology } from "../../model/topology/topology.ts";

const FOLDER = new URL("../../../topologies/", import.meta.url);
export const EXTENSION = /\.ya?ml$/;

/** Options for finding a topology. */
export interface LoadOptions {
  /** For `random:…`; 0 by default. */
  readonly seed?: number;
  /** The folder for relative paths; by default the working folder. */
  readonly folder?: string;
  /** Called with each warning about a file, ready to print. */
  readonly warn?: (text: string) => void;
}

/**
 * The topologies that come with the project: `2012` to `2023`, and `two-herds`.
 */
export function shippedTopologies(): string[] {
  return yamlFiles(FOLDER).map(withoutExtension);
}

/** Whether `spec` is a year or a generated topology, which needs no file. */
export function isNamedTopology(spec: string): boolean {
  return generateTopology(spec) !== undefined ||
    shippedTopologies().includes(spec);
}

/**
 * The topology that `spec` names: `2014`, `ring:8` or `my/herd.yaml`.
 *
 * @throws {InvalidFile} If the file says no topology; all that is wrong with it.
 * @throws {RangeError} If the numbers of a generated one make no herd, or its
 * file can't be read.
 * @throws {Deno.errors.NotFound} If there is no such topology.
 *
 * @example
 * ```ts
 * import { loadTopology } from "./load.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(loadTopology("2014").servers[0], { name: "Alford", port: 12040 });
 * ```
 */
export function loadTopology(
  spec: string,
  options: LoadOptions = {},
): Topology {
  const { seed, folder = ".", warn = () => {} } = options;
  const generated = generateTopology(spec, seed);
  if (generated !== undefined) return generated;
  const shipped = shippedTopologies();
  const path = shipped.includes(spec)
    ? new URL(`${spec}.yaml`, FOLDER)
    : resolve(folder, spec);
  const text = readIfThere(path);
  if (text === undefined) {
    throw new Deno.errors.NotFound(notFound(spec, shipped, path));
  }
  const { topology, problems } = parseTopology(text, spec);
  if (topology === undefined || hasErrors(problems)) {
    throw new InvalidFile(problems);
  }
  if (problems.length > 0) warn(printProblems(problems));
  return topology;
}

/** The YAML files of a folder, by their names. */
export function yamlFiles(folder: string | URL): string[] {
  return [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile)
    .map(({ name }) => name).filter((name) => EXTENSION.test(name)).sort();
}

export function withoutExtension(file: string): string {
  return file.replace(EXTENSION, "");
}

/**
 * The text of a file; `undefined` if there is no such file.
 *
 * @throws {RangeError} If it can't be read.
 */
export function readIfThere(path: string | URL): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    const isNone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.IsADirectory;
    if (isNone) return undefined;
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new RangeError(error.message, { cause: error });
  }
}

function notFound(spec: string, shipped: string[], path: string | URL): string {
  const kinds = GENERATED_FORMS.map((form) => form.slice(0, form.indexOf(":")));
  const near = suggest(spec.replace(/:.*/, ""), [...shipped, ...kinds]);
  return [
    `no topology "${spec}"${
      near === undefined ? "" : `, did you mean ${near}?`
    }`,
    `  by name:   ${shipped.join(", ")}`,
    `  by size:   ${GENERATED_FORMS.join(", ")}`,
    `  or a file: there is none at ${path}`,
  ].join("\n");
}
