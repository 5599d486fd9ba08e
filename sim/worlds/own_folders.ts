/**
 * What the workbench writes into folders of its users: logs and reports. They
 * are no part of what is there.
 *
 * @module
 */

/** Each folder with the logs of a run has it, locked for as long as it is in use. */
export const LOCK_FILE = ".run";
/** Each report of a drill has them. */
const REPORT_FILES = ["results.json", "history.jsonl", "report.html"];
/** What the report of grades has, and nothing else: folders and files. */
const GRADES_FOLDERS = ["grades", "submissions"];
/** What Deno has in a name for bytes that are no UTF-8. */
const UNKNOWN = "\uFFFD";
/** They stand beside several reports, too. */
const COMMON_FILES = ["index.html", "junit.xml"];

/** Whether something is called so that Deno can't open it. */
export function isUnnameable(name: string): boolean {
  return name.includes(UNKNOWN);
}

/**
 * Whether a folder is one that the workbench wrote, with the logs of a run or a
 * report, or holds nothing else, as `logs` and `runs` do.
 */
export async function holdsOnlyOwn(path: string): Promise<boolean> {
  const entries = await entriesOf(path);
  if (isOwn(entries)) return true;
  const folders = entries.filter(({ isDirectory }) => isDirectory);
  const isOther = entries.some(({ name, isDirectory }) =>
    isUnnameable(name) || !isDirectory && !COMMON_FILES.includes(name)
  );
  if (isOther || folders.length === 0) return false;
  for (const { name } of folders) {
    if (!await holdsOnlyOwn(`${path}/${name}`)) return false;
  }
  return true;
}

/** What is in it; nothing if it can't be read. */
async function entriesOf(path: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(path));
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return [];
    throw error;
  }
}

function isOwn(entries: readonly Deno.DirEntry[]): boolean {
  const has = (name: string) =>
    entries.some((it) => it.name === name && it.isFile);
  return has(LOCK_FILE) || REPORT_FILES.every(has) || areGrades(entries);
}

function areGrades(entries: readonly Deno.DirEntry[]): boolean {
  const folders = entries.filter(({ isDirectory }) => isDirectory);
  return folders.length === GRADES_FOLDERS.length &&
    folders.every(({ name }) => GRADES_FOLDERS.includes(name)) &&
    entries.every(({ name, isDirectory }) =>
      isDirectory || COMMON_FILES.includes(name)
    );
}
