/**
 * What the workbench writes for its user: folders of logs, and of reports.
 *
 * @module
 */

/** Each folder with the logs of a run has it, locked while the run lasts. */
export const LOCK_FILE = ".run";
/** Each report has them. */
const REPORT_FILES = ["results.json", "history.jsonl", "report.html"];

/** Whether a folder with files of these names is a run's logs, or a report. */
export function isOwnFolder(names: readonly string[]): boolean {
  return names.includes(LOCK_FILE) ||
    REPORT_FILES.every((name) => names.includes(name));
}
