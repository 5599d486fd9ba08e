/**
 * A report's folder, in a page's memory.
 *
 * @module
 */
import { putFile } from "./deno.ts";

/** A report that is being written. */
export class ReportFolder implements Disposable {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static open(path: string): Promise<ReportFolder> {
    return Promise.resolve(new ReportFolder(path));
  }

  /** The folder for servers' logs; nothing is written to it. */
  get logDirectory(): string {
    return `${this.#path}/logs`;
  }

  /** Does nothing: servers in a page write no logs. */
  addLogs(): Promise<void> {
    return Promise.resolve();
  }

  /** Adds a file, from its text or pieces of it. */
  add(name: string, text: string | Iterable<string>): Promise<void> {
    putFile(
      `${this.#path}/${name}`,
      typeof text === "string" ? text : [...text].join(""),
    );
    return Promise.resolve();
  }

  finish(): Promise<string> {
    return Promise.resolve(this.#path);
  }

  /** Does nothing: there is nothing to release. */
  [Symbol.dispose](): void {}
}
