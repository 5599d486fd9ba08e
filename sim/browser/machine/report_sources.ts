/**
 * The sources of a report's page, as they were put into a page.
 *
 * @module
 */
import type { PageSources } from "../../model/report/html.ts";

let reading: (() => Promise<PageSources>) | undefined;

/** Puts in how they are to be had, once somebody asks for them. */
export function putReportSources(read: () => Promise<PageSources>): void {
  reading = read;
}

/**
 * The sources of a report's page.
 *
 * @throws {TypeError} If none were put in.
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
