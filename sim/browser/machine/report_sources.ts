/**
 * The sources of a report's page, for a herd that runs in a page.
 *
 * @module
 */
import type { PageSources } from "../../model/report/html.ts";

let reading: (() => Promise<PageSources>) | undefined;

/** Sets how the sources are read, on the first request. */
export function putReportSources(read: () => Promise<PageSources>): void {
  reading = read;
}

/**
 * The sources of a report's page.
 *
 * @throws {TypeError} If `putReportSources` was not called.
 */
export async function readPage(canRerun = false): Promise<PageSources> {
  if (reading === undefined) {
    throw new TypeError("Cannot read the page of a report: it is not here");
  }
  const { rerunner, ...sources } = await reading();
  return canRerun && rerunner !== undefined
    ? { ...sources, rerunner }
    : sources;
}
