/**
 * The files that cover all runs of one command: `junit.xml`, and an index of
 * the folder.
 *
 * @module
 */
import { ifThere } from "../../worlds/if_there.ts";
import type { Comparison } from "../../model/report/compared.ts";
import {
  type IndexedReport,
  indexHtml,
} from "../../model/report/index_html.ts";
import { JUNIT_END, JunitTotals } from "../../model/report/junit.ts";
import {
  RESULTS_VERSION,
  type RunRecord,
} from "../../model/report/run_record.ts";

/** The most reports in an index; older ones are only counted. */
const LISTED_MAX = 500;
const RESULTS = "results.json";

export class AllReports implements Disposable {
  readonly #folder: string;
  readonly #junit = new JunitTotals();
  /**
   * The file of the suites so far: a million runs would be too much for memory.
   */
  #suites: string | undefined;

  /** `folder` is created with the first report. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(record: RunRecord): Promise<void> {
    const suites = this.#junit.add(record);
    this.#suites ??= await Deno.makeTempFile({
      dir: this.#folder,
      prefix: ".junit-",
      suffix: ".partial",
    });
    await Deno.writeTextFile(this.#suites, suites, { append: true });
  }

  /**
   * Writes both if there was a run; returns their paths.
   *
   * @param compared Drills that were run in two worlds, by name.
   */
  async finish(
    compared: ReadonlyMap<string, Comparison> = new Map(),
  ): Promise<{ junit: string; index: string } | undefined> {
    if (this.#suites === undefined) return undefined;
    const junit = `${this.#folder}/junit.xml`;
    const whole = `${this.#suites}.whole`;
    await Deno.writeTextFile(whole, this.#junit.head);
    using suites = await Deno.open(this.#suites);
    using file = await Deno.open(whole, { append: true });
    await suites.readable.pipeTo(file.writable, { preventClose: true });
    await file.write(new TextEncoder().encode(JUNIT_END));
    await Deno.rename(whole, junit);
    const index = `${this.#folder}/index.html`;
    await Deno.writeTextFile(index, await this.#indexHtml(compared));
    return { junit, index };
  }

  async #indexHtml(
    compared: ReadonlyMap<string, Comparison>,
  ): Promise<string> {
    const found = await reportsIn(this.#folder);
    const newest = found.toSorted((a, b) => b.writtenMs - a.writtenMs);
    const reports: IndexedReport[] = [];
    for (const { path } of newest.slice(0, LISTED_MAX)) {
      const record = await recordIn(`${this.#folder}/${path}`);
      if (record !== undefined) reports.push({ path, record });
    }
    return indexHtml(reports, found.length - reports.length, compared);
  }

  /** Removes the unfinished file. */
  [Symbol.dispose](): void {
    const suites = this.#suites;
    if (suites === undefined) return;
    for (const path of [suites, `${suites}.whole`]) {
      try {
        Deno.removeSync(path);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }
}

/**
 * The paths of the reports in a folder, and in the folders in it, relative to
 * it.
 */
async function reportsIn(
  folder: string,
): Promise<{ path: string; writtenMs: number }[]> {
  const found: { path: string; writtenMs: number }[] = [];
  const look = async (path: string, deep: boolean): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(folder + path)) {
      if (!isDirectory || name.startsWith(".")) continue;
      const its = `${path}/${name}`;
      const file = await ifThere(Deno.stat(`${folder}${its}/${RESULTS}`));
      if (file !== undefined) {
        const writtenMs = file.mtime?.getTime() ?? 0;
        found.push({ path: its.slice(1), writtenMs });
      } else if (deep) await look(its, false);
    }
  };
  await look("", true);
  return found;
}

/** The record of a report; `undefined` if another version wrote it. */
async function recordIn(folder: string): Promise<RunRecord | undefined> {
  const text = await Deno.readTextFile(`${folder}/${RESULTS}`);
  try {
    const record: RunRecord = JSON.parse(text);
    return record.version === RESULTS_VERSION ? record : undefined;
  } catch {
    return undefined;
  }
}
