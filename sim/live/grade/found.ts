/**
 * Where submissions are: a folder, an archive, or a folder of these.
 *
 * @module
 */
import { MANIFEST_FILE } from "../../model/manifest.ts";
import { isFile, statOf } from "../../worlds/if_there.ts";
import { holdsOnlyOwn, isUnnameable } from "../../worlds/own_folders.ts";
import { anyPython } from "../../worlds/processes/python.ts";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** A submission that was found; nothing of it has been read. */
export interface Found {
  /** What it is called in reports. */
  readonly name: string;
  /** Its folder, or its archive. */
  readonly path: string;
}

const ARCHIVE = /\.(zip|tgz|tar|tar\.(gz|bz2|xz))$/i;
/** What a class may have beside its submissions. */
const LIST = /\.(csv|txt|md|pdf|html?|xlsx?|ods|tsv)$/i;
/** What packers add, and no person means. */
const LEFT_OUT = ["__MACOSX", "__pycache__", "node_modules"];
const BYTES_MAX = 256 * 1_048_576;
const FILES_MAX = 10_000;
/** Folders in folders, before the one with the files. */
const DEPTH_MAX = 8;

/** Whether it is an archive, by its name. */
export function isArchive(path: string): boolean {
  return ARCHIVE.test(path);
}

/**
 * The submissions at a path, by name: it itself, or each folder and archive in
 * it, if it is a class.
 *
 * @param words Those of the command: the folder where one is a file is one
 * submission, and a folder of these is a class.
 * @throws {RangeError} If nothing is there.
 */
export async function findSubmissions(
  path: string,
  words: readonly string[] = [],
): Promise<Found[]> {
  if (isArchive(path) && isFile(path)) return [found(path)];
  const info = statOf(path);
  if (info === undefined) throw new RangeError(`there is no ${path}`);
  if (!info.isDirectory) {
    throw new RangeError(
      `${path} is neither a folder nor an archive (zip, tgz)`,
    );
  }
  if (isSubmission(path, words)) return [found(path)];
  const entries = await entriesOf(path);
  const members = entries.filter(({ name, isDirectory }) =>
    isDirectory || isArchive(name)
  );
  const isClass =
    members.some(({ name }) => isSubmission(`${path}/${name}`, words)) ||
    entries.every((it) => members.includes(it) || LIST.test(it.name));
  if (!isClass) return [found(path)];
  if (members.length === 0) throw new RangeError(`${path}: nothing is in it`);
  return members.map(({ name }) => found(`${path}/${name}`));
}

/** Whether a folder says how it is run, or the command finds its file there. */
function isSubmission(folder: string, words: readonly string[]): boolean {
  return [MANIFEST_FILE, ...words].some((it) => isFile(`${folder}/${it}`));
}

function found(path: string): Found {
  return { name: basename(Deno.realPathSync(path)).replace(ARCHIVE, ""), path };
}

/** What is in a folder, by name, but for what nobody means. */
async function entriesOf(path: string): Promise<Deno.DirEntry[]> {
  const entries: Deno.DirEntry[] = [];
  for await (const entry of Deno.readDir(path)) {
    const { name, isDirectory } = entry;
    if (name.startsWith(".") || LEFT_OUT.includes(name)) continue;
    if (isUnnameable(name) && (isDirectory || isArchive(name))) {
      throw new RangeError(
        `${path}/${name} has a name that is no UTF-8: give it another one`,
      );
    }
    if (isDirectory && await holdsOnlyOwn(`${path}/${name}`)) continue;
    entries.push(entry);
  }
  return entries.toSorted((a, b) => a.name < b.name ? -1 : 1);
}

/**
 * The folder of a submission's files: it may be packed, in a folder alone in
 * another, or both.
 *
 * @param into A folder of its own, which is to be made.
 * @param words Those of the command: the folder where one is a file is it.
 * @returns The folder, and notes on what was left out of it.
 * @throws {RangeError} If it can't be unpacked.
 */
export async function openFound(
  { path }: Found,
  into: string,
  words: readonly string[],
): Promise<{ folder: string; notes: readonly string[] }> {
  const notes: string[] = [];
  let folder = path;
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    if (isArchive(folder) && isFile(folder)) {
      const to = `${into}/${depth}`;
      notes.push(...await unpack(folder, to));
      folder = to;
      continue;
    }
    if (isSubmission(folder, words)) break;
    const entries = await entriesOf(folder);
    const [only, ...more] = entries.filter(({ name }) => !LIST.test(name));
    const isInside = only !== undefined && more.length === 0 &&
      (only.isDirectory || isArchive(only.name));
    if (!isInside) break;
    folder = `${folder}/${only.name}`;
  }
  return { folder, notes };
}

async function unpack(archive: string, into: string): Promise<string[]> {
  const script = fileURLToPath(import.meta.resolve("./unpack.py"));
  const { success, stderr } = await new Deno.Command(anyPython(), {
    args: [script, archive, into, String(BYTES_MAX), String(FILES_MAX)],
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stderr).trim();
  if (!success) throw new RangeError(`${basename(archive)}: ${said}`);
  return said === "" ? [] : said.split("\n");
}

/** Submissions of several places; of those with one name, by their paths. */
export function distinct(all: readonly Found[]): Found[] {
  const times = Map.groupBy(all, ({ name }) => name);
  return all.map((one) =>
    times.get(one.name)!.length > 1 ? { ...one, name: one.path } : one
  );
}
