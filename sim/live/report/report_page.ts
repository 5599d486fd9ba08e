/**
 * The sources of a report's page, ready to be put into one file.
 *
 * @module
 */
import { stripTypeScriptTypes } from "node:module";
import type { PageSources } from "../../model/report/html.ts";
import { browserModule } from "./browser_module.ts";

const FOLDER = new URL("../../report_page/", import.meta.url);

/** The page's modules, each after those that it imports from. */
export const PAGE_MODULES: readonly string[] = [
  "columns",
  "propagation",
  "series",
  "text",
  "dom",
  "bands",
  "run",
  "summary",
  "diagram_hits",
  "places",
  "frame",
  "diagram",
  "diagram_text",
  "tree_view",
  "charts",
  "overview",
  "themes",
  "update_tools",
  "rerun_thread",
  "two_futures",
  "fork",
  "view",
  "main",
];

let rerunner: Promise<string> | undefined;

/** What runs a run again, packed: it is made once, for it takes a second. */
export function readRerunner(): Promise<string> {
  return rerunner ??= browserModule("rerun_worker.ts").then(packed);
}

async function packed(text: string): Promise<string> {
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).bytes()).toBase64();
}

/**
 * Reads the page's sources, and makes JavaScript of its modules.
 *
 * @param canRerun Whether it can run its run again.
 */
export async function readPage(canRerun = false): Promise<PageSources> {
  const read = (name: string) => Deno.readTextFile(new URL(name, FOLDER));
  const [html, base, css, ...modules] = await Promise.all([
    read("page.html"),
    read("base.css"),
    read("page.css"),
    ...PAGE_MODULES.map((name) => read(`${name}.ts`)),
  ]);
  return {
    html: html!,
    css: `${base}\n${css}`,
    modules: modules.map((source) => stripTypeScriptTypes(source)),
    ...canRerun && { rerunner: await readRerunner() },
  };
}
