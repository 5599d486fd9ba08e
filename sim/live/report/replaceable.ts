/**
 * What a report may take the place of: an earlier one, and nothing else. What is
 * removed is known by its name and by what it says, so that a folder of the
 * user's, with a `junit.xml` of his own, is left as it is.
 *
 * @module
 */
import type { RunRecord } from "../../model/report/run_record.ts";

/** Tells that a folder is a report of a run, whichever version wrote it. */
const RESULTS = "results.json";
const REPORT_FILES: ReadonlySet<string> = new Set([
  RESULTS,
  "junit.xml",
  "history.jsonl",
  "report.html",
  "plan.yaml",
  "topology.yaml",
  "servers.jsonl",
]);
/** The smallest plan that fails is written into the report of the run. */
const MINIMAL_FILE = /^minimal(-\d+)?(\.topology)?\.yaml$/;
/** What stands beside several reports. */
const COMMON_FILES: ReadonlySet<string> = new Set(["junit.xml", "index.html"]);
/** A report that another run writes, or did when it was killed. */
const PARTIAL = /^\..*\.partial(\.whole)?$/;

/**
 * What of a folder is no part of reports: the path of one such thing from there;
 * `undefined` if there is nothing else in it, or no folder.
 *
 * @throws {Error} If it can't be read, or is no folder.
 */
export function foreignIn(folder: string): string | undefined {
  const entries = entriesOf(folder);
  if (isReport(folder)) return entries.find((it) => !isOfReport(it))?.name;
  const reports = entries.filter((it) => isReportIn(folder, it));
  const other = entries.find((it) =>
    !reports.includes(it) && (reports.length === 0 || !isCommon(it))
  );
  if (other !== undefined) return other.name;
  for (const { name } of reports) {
    const its = foreignIn(`${folder}/${name}`);
    if (its !== undefined) return `${name}/${its}`;
  }
  return undefined;
}

/** Removes reports from a folder, and leaves all else; it stays itself. */
export function removeReports(folder: string): void {
  if (isReport(folder)) return removeFiles(folder, isOfReport);
  const entries = entriesOf(folder);
  const reports = entries.filter((it) => isReportIn(folder, it));
  if (reports.length === 0) return;
  for (const { name } of reports) {
    removeFiles(`${folder}/${name}`, isOfReport);
    if (entriesOf(`${folder}/${name}`).length > 0) continue;
    Deno.removeSync(`${folder}/${name}`);
  }
  removeFiles(folder, isCommon);
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)]
      .filter(({ name }) => !PARTIAL.test(name))
      .sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function isOfReport({ name, isFile }: Deno.DirEntry): boolean {
  return isFile && (REPORT_FILES.has(name) || MINIMAL_FILE.test(name));
}

function isCommon({ name, isFile }: Deno.DirEntry): boolean {
  return isFile && COMMON_FILES.has(name);
}

function isReportIn(folder: string, { name, isDirectory }: Deno.DirEntry) {
  return isDirectory && isReport(`${folder}/${name}`);
}

function isReport(folder: string): boolean {
  try {
    const text = Deno.readTextFileSync(`${folder}/${RESULTS}`);
    const { format }: Pick<RunRecord, "format"> = JSON.parse(text);
    return format === "herd results";
  } catch {
    return false;
  }
}

function removeFiles(
  folder: string,
  isOwn: (entry: Deno.DirEntry) => boolean,
): void {
  for (const entry of entriesOf(folder).filter(isOwn)) {
    Deno.removeSync(`${folder}/${entry.name}`);
  }
}
