/**
 * The sources of a report's page, ready to be put into one file.
 *
 * @module
 */
import { stripTypeScriptTypes } from "node:module";
import type { PageSources } from "../../model/report/html.ts";

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
  "view",
  "main",
];

/** Reads the page's sources, and makes JavaScript of its modules. */
export async function readPage(): Promise<PageSources> {
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
  };
}
