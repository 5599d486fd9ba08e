/**
 * Finds scenarios: in the working folder, or among those that ship.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { hinted } from "../../model/suggest.ts";
import { table } from "../../model/command/table.ts";
import { isYamlMap, YamlFile } from "../../model/yaml.ts";
import { EXTENSION, withoutExtension, yamlFiles } from "../herd/load.ts";

const SHIPPED = new URL("../../scenarios/", import.meta.url);
const SHIPPED_NAME = "sim/scenarios/";
/** Names the standard input instead of a file. */
const STDIN = "-";

/** There is no such scenario, or it can't be read. */
export class NoSuchScenario extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "NoSuchScenario";
}

/** A scenario's file. */
export interface ScenarioFile {
  /** Its name for people. */
  readonly name: string;
  /** The folder it lies in, from which its topology is looked up. */
  readonly folder: string;
  /** What it says. */
  readonly text: string;
}

/**
 * Reads a scenario.
 *
 * @param name A path, from the working folder or among the drills that ship;
 * `.yaml` at its end may be left out. `-`: the standard input.
 * @throws {NoSuchScenario} If it is not there, or cannot be read.
 */
export async function readScenario(name: string): Promise<ScenarioFile> {
  if (name === STDIN) {
    const text = await new Response(Deno.stdin.readable).text();
    return { name: "stdin", folder: ".", text };
  }
  const names = EXTENSION.test(name) ? [name] : [name, `${name}.yaml`];
  const theirs = names.map((file) => ({
    name: file,
    path: resolve(file),
    folder: dirname(file),
  }));
  const ours = names.map((file) => ({
    name: SHIPPED_NAME + file,
    path: new URL(file, SHIPPED),
    folder: ".",
  }));
  for (const { path, ...file } of [...theirs, ...ours]) {
    try {
      if (Deno.statSync(path).isDirectory) continue;
      return { ...file, text: Deno.readTextFileSync(path) };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      if (!(error instanceof Error)) throw error;
      throw new NoSuchScenario(`cannot read ${file.name}: ${error.message}`);
    }
  }
  // Its ending may be left out, and is not what is mistaken.
  const known = [...drillsBeside(name), ...yamlFiles(SHIPPED)]
    .map(withoutExtension);
  const message = `no scenario "${name}"`;
  const told = hinted(message, withoutExtension(name), known);
  const looked = [...theirs.map(({ path }) => path), SHIPPED_NAME];
  throw new NoSuchScenario(`${told}\n  looked for: ${looked.join(", ")}`);
}

export interface NamedDrill {
  /** What it is named by: of those that ship without its ending. */
  readonly name: string;
  /** Its file. */
  readonly path: string;
  /** Whether it ships. */
  readonly ships: boolean;
  /** What it teaches; empty: it does not say. */
  readonly title: string;
}

/** The drills that ship, and those that lie in a folder, which go first. */
export function drillsAround(folder: string): NamedDrill[] {
  const own = yamlFiles(resolve(folder)).map((name) => {
    const path = resolve(folder, name);
    return { name, path, ships: false, value: valueOf(path, name) };
  }).filter(({ value }) => isDrill(value));
  const theirs = yamlFiles(SHIPPED).map((file) => ({
    name: withoutExtension(file),
    path: SHIPPED_NAME + file,
    ships: true,
    value: valueOf(new URL(file, SHIPPED), file),
  }));
  return [...own, ...theirs].map(({ value, ...drill }) => ({
    ...drill,
    title: titleOf(value),
  }));
}

/** The files that may have been meant by a path, as one would write them. */
function drillsBeside(path: string): string[] {
  const folder = dirname(path);
  try {
    return yamlFiles(resolve(folder))
      .map((file) => join(folder, file))
      // What can't be read as YAML may be one, with a mistake in it.
      .filter((file) => isDrill(valueOf(resolve(file), file)) ?? true);
  } catch {
    // It is no folder, or may not be read.
    return [];
  }
}

function valueOf(path: string | URL, name: string) {
  const { value } = new YamlFile(Deno.readTextFileSync(path), name);
  return isYamlMap(value) ? value : undefined;
}

/** Whether a mapping is that of a drill; `undefined` if it is none. */
function isDrill(value: ReturnType<typeof valueOf>): boolean | undefined {
  return value && "steps" in value;
}

function titleOf(value: ReturnType<typeof valueOf>): string {
  const told = value?.["description"];
  return typeof told === "string" ? told : "";
}

/** The drills that ship, a line each: file and description. */
export function scenarioList(): string {
  return table(
    yamlFiles(SHIPPED).map((name) => {
      return [name, titleOf(valueOf(new URL(name, SHIPPED), name))];
    }),
  );
}
