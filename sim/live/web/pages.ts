/**
 * The files of the live page. Each request costs a turn of this thread, so all
 * modules are bundled into one file, and all style sheets into another: the
 * page loads quickly even from a busy herd.
 *
 * @module
 */
import { bundle } from "../../worlds/threads/one_module.ts";

/** A file that is ready to be sent. */
export interface PageFile {
  /** Its media type. */
  readonly type: string;
  readonly text: string;
}

const SIM = new URL("../../", import.meta.url);
const SHEETS = [
  "report_page/base.css",
  ...["page", "views"].map((name) => `page/${name}.css`),
  ...["graph", "map", "console", "charts", "drills"]
    .map((view) => `page/${view}/${view}.css`),
];

/** Builds each file, by the path that the page requests. */
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

/** The files of the page that runs a herd in itself, by name. */
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

export class Pages {
  readonly #made = new Map<string, PageFile>();

  /** Whether there is a file at a path. */
  static serves(path: string): boolean {
    return Object.hasOwn(FILES, path);
  }

  /** Builds all files, so that they are ready when requested. */
  prepare(): void {
    for (const path of Object.keys(FILES)) this.find(path);
  }

  /** The file at a path; `undefined` if there is none. */
  find(path: string): PageFile | undefined {
    if (!Pages.serves(path)) return undefined;
    return this.#made.getOrInsertComputed(path, FILES[path]!);
  }
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, SIM));
}
