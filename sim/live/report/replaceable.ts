/**
 * What a new report may replace: an earlier one, and nothing else. Both names
 * and contents are checked, so that a folder of the user's with a `junit.xml`
 * of its own is left alone.
 *
 * @module
 */
import type { RunRecord } from "../../model/report/run_record.ts";

/** Marks a folder as a report, of whichever version. */
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
/** The smallest failing plan, which is written into the run's report. */
const MINIMAL_FILE = /^minimal(-\d+)?(\.topology)?\.yaml$/;
/** The files that cover several reports. */
const COMMON_FILES: ReadonlySet<string> = new Set(["junit.xml", "index.html"]);
/** An unfinished report, of a run under way or one that was killed. */
const PARTIAL = /^\..*\.partial(\.whole)?$/;

/**
 * The path of something in a folder that does not belong to reports, relative
 * to it; `undefined` if there is nothing else, or no folder.
 *
 * @throws {Error} If it can't be read, or is not a folder.
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

/**
 * Removes the reports in a folder; everything else stays, and the folder too.
 */
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

/** Whether a name is that of an unfinished report. */
export function isPartial(name: string): boolean {
  return PARTIAL.test(name);
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)]
      .filter(({ name }) => !isPartial(name))
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
