/**
 * The libraries of the live page. A herd does not need them: a separate program
 * reads them when a page is first opened, and only then are they downloaded.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { PageFile } from "./pages.ts";

const PROGRAM = new URL("./libraries/main.ts", import.meta.url);
const CONFIG = new URL("./libraries/deno.json", import.meta.url);
const SERVED = /^\/lib\/([a-z0-9-]+\.(js|css|json))$/;

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
};

/** Finds libraries by the paths that the page requests. */
export class Libraries implements AsyncDisposable {
  readonly #ending = new AbortController();
  #texts: Promise<Readonly<Record<string, string>>> | undefined;

  /** Whether a path may be that of a library. */
  static serves(path: string): boolean {
    return SERVED.test(path);
  }

  /** Begins to read them, so that they are ready when requested. */
  prepare(): void {
    this.all().catch(() => {});
  }

  /**
   * The library at a path; `undefined` if there is none.
   *
   * @throws {Error} If the libraries can't be read.
   */
  async find(path: string): Promise<PageFile | undefined> {
    const [, name = "", ending = ""] = SERVED.exec(path) ?? [];
    const texts = await this.all();
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
    return text === undefined ? undefined : { type: TYPES[ending]!, text };
  }

  /**
   * All texts by name.
   *
   * @throws {Error} If the libraries can't be read.
   */
  async all(): Promise<Readonly<Record<string, string>>> {
    const { signal } = this.#ending;
    signal.throwIfAborted();
    try {
      return await (this.#texts ??= readAll(signal));
    } catch (error) {
      // The next attempt may succeed, once there is a network.
      this.#texts = undefined;
      throw error;
    }
  }

  /** Ends the program that reads them, if it runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#texts?.catch(() => {});
  }
}

async function readAll(
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const args = ["run", "--quiet", "--no-prompt", "--frozen"];
  const told = ["--conditions", "umd", "--config", fileURLToPath(CONFIG)];
  const command = new Deno.Command("deno", {
    args: [...args, ...told, fileURLToPath(PROGRAM)],
    stdin: "null",
    signal,
  });
  const { success, stdout, stderr } = await command.output();
  if (success) return JSON.parse(new TextDecoder().decode(stdout));
  const [why] = new TextDecoder().decode(stderr).trim().split("\n");
  throw new Error(`the page's libraries can't be read: ${why}`);
}
