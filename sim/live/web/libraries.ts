/**
 * The libraries that the live page draws with. They are no part of a herd: a
 * program of its own reads them, when a page is opened for the first time, and
 * only then are they downloaded.
 *
 * @module
 */
import type { PageFile } from "./pages.ts";

const PROGRAM = new URL("./libraries/main.ts", import.meta.url);
const CONFIG = new URL("./libraries/deno.json", import.meta.url);
const SERVED = /^\/lib\/([a-z0-9-]+\.(js|css|json))$/;

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
};

/** Libraries, by the paths under which the page asks for them. */
export class Libraries {
  #texts: Promise<Readonly<Record<string, string>>> | undefined;

  /** Whether a path may be one of a library. */
  static serves(path: string): boolean {
    return SERVED.test(path);
  }

  /** Begins to read them, so that they are there when they are asked for. */
  prepare(): void {
    this.all().catch(() => {});
  }

  /**
   * The library of a path; `undefined` if there is none.
   *
   * @throws {Error} If they can't be had.
   */
  async find(path: string): Promise<PageFile | undefined> {
    const [, name = "", ending = ""] = SERVED.exec(path) ?? [];
    const texts = await this.all();
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
    return text === undefined ? undefined : { type: TYPES[ending]!, text };
  }

  /**
   * The texts of all, by their names.
   *
   * @throws {Error} If they can't be had.
   */
  async all(): Promise<Readonly<Record<string, string>>> {
    try {
      return await (this.#texts ??= readAll());
    } catch (error) {
      // Somebody may be online by the next time.
      this.#texts = undefined;
      throw error;
    }
  }
}

async function readAll(): Promise<Readonly<Record<string, string>>> {
  const args = ["run", "--quiet", "--no-prompt", "--frozen"];
  const told = ["--conditions", "umd", "--config", CONFIG.pathname];
  const command = new Deno.Command("deno", {
    args: [...args, ...told, PROGRAM.pathname],
    stdin: "null",
  });
  const { success, stdout, stderr } = await command.output();
  if (success) return JSON.parse(new TextDecoder().decode(stdout));
  const [why] = new TextDecoder().decode(stderr).trim().split("\n");
  throw new Error(`the page's libraries can't be read: ${why}`);
}
