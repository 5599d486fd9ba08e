/**
 * The files of the live page: its modules as JavaScript, made of their
 * TypeScript as they are asked for.
 *
 * @module
 */
import { stripTypeScriptTypes } from "node:module";

/** A file that is ready to be sent. */
export interface PageFile {
  /** What it is, as HTTP names it. */
  readonly type: string;
  /** What it says. */
  readonly text: string;
}

const ROOT = new URL("../../../", import.meta.url);
/**
 * What the page is made of, what it shares with the page of a report, and what of
 * the model it works with.
 */
const SERVED =
  /^\/sim\/(?:(?:page|report_page)(?:\/[a-z0-9_]+)+|model\/(?:count|topology\/shape))\.(ts|css|svg|json)$/;
const PAGE = "/sim/page/page.html";

const TYPES: Readonly<Record<string, string>> = {
  ts: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  json: "application/json",
  html: "text/html; charset=utf-8",
};

interface Kept extends PageFile {
  readonly changedMs: number;
}

/** Files by the paths under which the page names them. */
export class Pages {
  readonly #kept = new Map<string, Kept>();

  /** Whether a path may be one of a file. */
  static serves(path: string): boolean {
    return path === "/" || SERVED.test(path);
  }

  /** The file of a path; `undefined` if there is none. */
  async find(path: string): Promise<PageFile | undefined> {
    const name = path === "/" ? PAGE : path;
    const url = new URL(name.slice(1), ROOT);
    try {
      const { mtime } = await Deno.stat(url);
      const changedMs = mtime?.getTime() ?? 0;
      const kept = this.#kept.get(name);
      if (kept?.changedMs === changedMs) return kept;
      const source = await Deno.readTextFile(url);
      const ending = name.slice(name.lastIndexOf(".") + 1);
      const text = ending === "ts" ? stripTypeScriptTypes(source) : source;
      const file = { type: TYPES[ending]!, text, changedMs };
      this.#kept.set(name, file);
      return file;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }
}
