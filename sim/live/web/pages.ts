/**
 * The files of the live page: few, so that it comes soon however busy a herd is,
 * for each costs a turn of this thread. Its modules are one, and so are its
 * styles.
 *
 * @module
 */
import { bundle } from "../../worlds/threads/one_module.ts";

/** A file that is ready to be sent. */
export interface PageFile {
  /** What it is, as HTTP names it. */
  readonly type: string;
  /** What it says. */
  readonly text: string;
}

const SIM = new URL("../../", import.meta.url);
const SHEETS = [
  "report_page/base.css",
  ...["page", "views"].map((name) => `page/${name}.css`),
  ...["graph", "map", "console", "charts", "drills"]
    .map((view) => `page/${view}/${view}.css`),
];

/** How each file is made, by the path under which the page names it. */
const FILES: Readonly<Record<string, () => PageFile>> = {
  "/": () => ({
    type: "text/html; charset=utf-8",
    text: read("page/page.html"),
  }),
  "/page.js": () => ({
    type: "text/javascript; charset=utf-8",
    text: bundle(new URL("page/main.ts", SIM)),
  }),
  "/page.css": () => ({
    type: "text/css; charset=utf-8",
    text: SHEETS.map(read).join("\n"),
  }),
};

/** The page of a herd that runs in it, by the names of its files. */
export function playgroundPages(policy: string): Record<string, string> {
  const html = FILES["/"]!().text.replace(
    "<title>Herd</title>",
    `<meta http-equiv="Content-Security-Policy" content="${policy}">\n` +
      "    <title>Herd playground</title>",
  );
  return {
    "index.html": html,
    "page.js": bundle(new URL("page/playground.ts", SIM)),
    "page.css": FILES["/page.css"]!().text,
  };
}

/** Files by the paths under which the page names them. */
export class Pages {
  readonly #made = new Map<string, PageFile>();

  /** Whether a path is one of a file. */
  static serves(path: string): boolean {
    return Object.hasOwn(FILES, path);
  }

  /** Makes all of them, so that they are there when they are asked for. */
  prepare(): void {
    for (const path of Object.keys(FILES)) this.find(path);
  }

  /** The file of a path; `undefined` if there is none. */
  find(path: string): PageFile | undefined {
    if (!Pages.serves(path)) return undefined;
    const known = this.#made.get(path);
    if (known !== undefined) return known;
    const file = FILES[path]!();
    this.#made.set(path, file);
    return file;
  }
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, SIM));
}
