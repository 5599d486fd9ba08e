/**
 * `report.html`: a page in one file, which opens from disk and loads nothing.
 *
 * @module
 */
import type { PageData } from "./page_data.ts";

export interface PageSources {
  /** The page's text, with a mark for each thing to insert. */
  readonly html: string;
  readonly css: string;
  /** Its modules as JavaScript, each after those that it imports. */
  readonly modules: readonly string[];
  /**
   * The program that can repeat a run, as text: base64 of a compressed script.
   */
  readonly rerunner?: string;
}

/** A mark: a comment with nothing but its name. */
const MARK = /(?:<!--|\/\*) (\w+) (?:-->|\*\/)/;

/**
 * The pieces of a page, in order. They are separate because joined they may
 * exceed the length of a string.
 *
 * @throws {TypeError} If the sources lack a mark, or would end their element.
 */
export function reportHtml(sources: PageSources, data: PageData): string[] {
  const { messages, requests, ...rest } = data;
  const parts: Record<string, string> = {
    title: escapedText(`${data.record.name}: ${data.record.verdict}`),
    style: unclosed(sources.css, "style"),
    data: safeJson(rest),
    // Base64 has no character with a meaning in HTML.
    messages,
    requests,
    rerunner: sources.rerunner ?? "",
    script: unclosed(inlined(sources.modules), "script"),
  };
  const pieces = sources.html.split(MARK);
  const marks = pieces.filter((_, index) => index % 2 === 1);
  for (const name of Object.keys(parts)) {
    if (marks.filter((mark) => mark === name).length !== 1) {
      throw new TypeError(`Cannot make the page: it has no one mark ${name}`);
    }
  }
  return pieces.map((piece, index) => {
    if (index % 2 === 0) return piece;
    const part = parts[piece];
    if (part !== undefined) return part;
    throw new TypeError(`Cannot make the page: nothing goes to ${piece}`);
  });
}

/** A page's script, as it is in its element. */
export function inlineScript({ html, modules }: PageSources): string {
  const mark = "/* script */";
  const start = "<script>";
  const at = html.lastIndexOf(start, html.indexOf(mark)) + start.length;
  return html.slice(at, html.indexOf("</script>", at))
    .replace(mark, () => inlined(modules));
}

/**
 * JSON for a script element: it neither ends the element nor opens a comment,
 * and is valid JavaScript too, whatever texts it contains.
 */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Modules as one script. Their imports are removed, because what they import is
 * in the script already; so no two modules may declare the same name.
 */
function inlined(modules: readonly string[]): string {
  const bodies = modules.map((text) =>
    text.replace(/^import\b[^;]*;[ \t]*$/gm, "").replace(/^export /gm, "")
      .replace(/^\s*\n/gm, "")
  );
  return `"use strict";\n(() => {\n${bodies.join("\n")}})();`;
}

function unclosed(text: string, element: string): string {
  if (!text.toLowerCase().includes(`</${element}`)) return text;
  throw new TypeError(`Cannot make the page: a source ends its <${element}>`);
}

export function escapedText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
