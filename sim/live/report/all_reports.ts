/**
 * What stands beside the reports of one command's runs: one `junit.xml` of all
 * of them, and an index of the folder.
 *
 * @module
 */
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

/** Reports that an index lists; the older ones are counted. */
const LISTED_MAX = 500;
const RESULTS = "results.json";

export class AllReports implements Disposable {
  readonly #folder: string;
  readonly #junit = new JunitTotals();
  /** The suites so far: of a million runs, too much to keep in memory. */
  #suites: string | undefined;

  /** None yet; `folder` is made when there is one. */
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
   * Writes both, if there was a run; gives their paths.
   *
   * @param compared Drills that were run in two worlds, by their names.
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

  /** Leaves nothing unfinished behind. */
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

/** The reports in a folder, and in those in it: their paths from there. */
async function reportsIn(
  folder: string,
): Promise<{ path: string; writtenMs: number }[]> {
  const found: { path: string; writtenMs: number }[] = [];
  const look = async (path: string, deep: boolean): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(folder + path)) {
      if (!isDirectory || name.startsWith(".")) continue;
      const its = `${path}/${name}`;
      const written = await writtenMs(`${folder}${its}/${RESULTS}`);
      if (written !== undefined) {
        found.push({ path: its.slice(1), writtenMs: written });
      } else if (deep) await look(its, false);
    }
  };
  await look("", true);
  return found;
}

async function writtenMs(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** What a report says; `undefined` if it was written by another version. */
async function recordIn(folder: string): Promise<RunRecord | undefined> {
  const text = await Deno.readTextFile(`${folder}/${RESULTS}`);
  try {
    const record: RunRecord = JSON.parse(text);
    return record.version === RESULTS_VERSION ? record : undefined;
  } catch {
    return undefined;
  }
}
