/**
 * Grades as a folder of pages, one for each submission and one for all, and
 * `junit.xml`.
 *
 * @module
 */
import type { Grade } from "./grade.ts";
import { junitOf } from "./junit.ts";
import { fileName, replaceFile } from "./kept.ts";
import { indexPage, submissionPage } from "./pages.ts";

/** Beside it are the grades of before, and such. */
const PAGES = "submissions";

/** The folder. */
export class GradeReport {
  readonly #folder: string;

  /** Makes it, unless it is there. */
  constructor(folder: string) {
    this.#folder = folder;
    Deno.mkdirSync(`${folder}/${PAGES}`, { recursive: true });
  }

  /** Writes what is new of it. */
  write(grades: readonly Grade[], last: Grade): void {
    const page = (name: string) => `${PAGES}/${fileName(name)}.html`;
    const files = {
      [page(last.submission)]: submissionPage(last),
      "index.html": indexPage(grades, page),
      "junit.xml": junitOf(grades),
    };
    for (const [name, text] of Object.entries(files)) {
      replaceFile(`${this.#folder}/${name}`, text);
    }
  }
}
