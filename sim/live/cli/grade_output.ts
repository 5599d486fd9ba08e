/**
 * The output of `deno task grade`, on the terminal and in files.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import type { CheckGrade, Grade } from "../grade/grade.ts";
import { GradeReport } from "../grade/report.ts";
import { checkText, csvOf, markText } from "../grade/texts.ts";
import type { GradeArguments } from "./grade_options.ts";
import { StatusLine } from "./status_line.ts";
import { orUsage } from "./usage_error.ts";

/** The output of one command. */
export class GradeOutput {
  readonly #args: GradeArguments;
  readonly #count: number;
  readonly #isTerminal: boolean;
  readonly #report: GradeReport | undefined;
  readonly #grades: Grade[] = [];
  readonly #running = new Map<string, string>();
  readonly #line = new StatusLine(Deno.stderr);
  #done = 0;

  /**
   * Checks that all files can be written, before the work instead of after it.
   *
   * @throws {UsageError} If one can't.
   */
  constructor(args: GradeArguments, count: number) {
    const { csv, report } = args;
    this.#args = args;
    this.#count = count;
    this.#isTerminal = Deno.stderr.isTerminal() && !args.isJson;
    if (csv !== undefined) {
      orUsage(() => {
        Deno.openSync(csv, { append: true, create: true }).close();
      }, "--csv: ");
    }
    this.#report = report === undefined
      ? undefined
      : orUsage(() => new GradeReport(report), "--report: ");
  }

  /** A submission has begun. */
  begin(name: string): void {
    if (this.#isAlone && !this.#args.isJson) this.#print(name);
    this.#running.set(name, "starts");
    this.#progress();
  }

  /** A check has ended; of a single submission it is printed at once. */
  check(name: string, done: CheckGrade): void {
    this.#running.set(name, done.check);
    if (this.#isAlone && !this.#args.isJson) this.#print(checkText(done));
    this.#progress();
  }

  /** A submission is graded. */
  grade(at: number, grade: Grade, isKept: boolean): void {
    this.#grades[at] = grade;
    this.#running.delete(grade.submission);
    this.#done++;
    const { isJson, csv } = this.#args;
    if (isJson) this.#print(JSON.stringify(grade));
    else this.#show(grade, isKept);
    const grades = this.#grades.filter((it) => it !== undefined);
    if (csv !== undefined) {
      orUsage(() => Deno.writeTextFileSync(csv, csvOf(grades)), "--csv: ");
    }
    this.#report?.write(grades, grade);
    this.#progress();
  }

  #show(grade: Grade, isKept: boolean): void {
    const { submission, checks, notes } = grade;
    const isShown = this.#isAlone && !isKept;
    this.#print([
      ...isShown ? [] : [submission + (isKept ? " (graded before)" : "")],
      ...isShown ? [] : checks.map(checkText),
      ...notes,
      `${markText(grade)}\n`,
    ].join("\n"));
  }

  /** Removes the line of progress. */
  end(): void {
    this.#line.clear();
  }

  get #isAlone(): boolean {
    return this.#count === 1;
  }

  #print(text: string): void {
    this.end();
    console.log(visible(text));
  }

  #progress(): void {
    if (!this.#isTerminal) return;
    const running = [...this.#running].map(([name, check]) =>
      `${name}: ${check}`
    );
    const done = `${this.#done} of ${this.#count} graded`;
    this.#line.show([done, ...running].join(" | "));
  }
}
