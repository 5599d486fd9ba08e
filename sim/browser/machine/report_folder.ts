/**
 * A report's folder, in the memory of a page.
 *
 * @module
 */
import { putFile } from "./deno.ts";

/** A report that is written. */
export class ReportFolder implements Disposable {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Begins a report. */
  static open(path: string): Promise<ReportFolder> {
    return Promise.resolve(new ReportFolder(path));
  }

  /** Where servers would log, if they did. */
  get logDirectory(): string {
    return `${this.#path}/logs`;
  }

  /** No server logs in a page. */
  addLogs(): Promise<void> {
    return Promise.resolve();
  }

  /** Puts one file there, from its text or from pieces of it. */
  add(name: string, text: string | Iterable<string>): Promise<void> {
    putFile(
      `${this.#path}/${name}`,
      typeof text === "string" ? text : [...text].join(""),
    );
    return Promise.resolve();
  }

  /** Tells where it is. */
  finish(): Promise<string> {
    return Promise.resolve(this.#path);
  }

  /** Nothing is left behind but what is there. */
  [Symbol.dispose](): void {}
}
