/**
 * YAML files with the place of everything in them.
 *
 * Every scalar stays the text that its author wrote: YAML's own types would
 * turn the client `007` into 7 and drop digits of a time. The reader of a field
 * decides its type. Anchors, aliases and merge keys (`<<`) work; tags are
 * rejected.
 *
 * @module
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from "yaml";
import type { Place, Problem } from "./problem.ts";

/** A value of a file: a text, a list or a map. */
export type YamlValue = string | YamlValue[] | { [key: string]: YamlValue };

/** Whether a value is a map. */
export function isYamlMap(
  value: YamlValue | undefined,
): value is { [key: string]: YamlValue } {
  return typeof value === "object" && !Array.isArray(value);
}

/** The path to a value, from the top of the file. */
export type Path = readonly (string | number)[];

/** What stands at a path in a value, if anything does. */
export function valueAt(value: YamlValue, path: Path): YamlValue | undefined {
  let found: YamlValue | undefined = value;
  for (const part of path) {
    if (typeof found !== "object" || !Object.hasOwn(found, part)) {
      return undefined;
    }
    found = (found as Record<string | number, YamlValue>)[part];
  }
  return found;
}

/** One error, with its path in the file. */
export interface FileError {
  /** The path to what is wrong. */
  readonly path: Path;
  /** Whether the key at the end of the path is wrong, or its value. */
  readonly part?: "key" | "value";
  /** Characters of the value before the error, not counting its quote. */
  readonly offset?: number;
  readonly message: string;
  readonly hint?: string;
}

/** What a value must be, in words, by what its schema expects. */
export const WANTED: Readonly<Record<string, string>> = {
  string: "a text",
  array: "a list",
  object: "a map of fields",
  record: "a map",
};

/** Aliases may enlarge a document by this factor at most. */
const ALIASES_MAX = 100;
const MERGE = "<<";

/** Our own messages: those of the parser are for programmers. */
const MESSAGES: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY:
    'the indentation is wrong, or text with ": " in it needs quotes',
  BLOCK_IN_FLOW: 'text with ": " or "- " in it needs quotes here',
  MULTILINE_IMPLICIT_KEY: "the indentation is wrong, or a colon is missing",
  MULTIPLE_DOCS: "a second document begins here; a file is one document",
  RESOURCE_EXHAUSTION: "it is nested too deeply",
};

/** A key or an item that lacks its space, where one may begin. */
const RUN_ON = /^(?:(-)(?=[A-Za-z_])|([A-Za-z_]\w*:)(?!\/\/)(?=\S))/;

/** A parsed file, with the places of its values. */
export class YamlFile {
  /** The file's name, as the user knows it. */
  readonly file: string;
  readonly source: string;
  /** Its content; `undefined` if it is not YAML, or empty. */
  readonly value: YamlValue | undefined;
  /** Its syntax errors. */
  readonly problems: Problem[];
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();
  readonly #sourceLines: readonly string[];

  /**
   * Parses a file. Total: any text gives a value, or problems.
   *
   * @param source The file's text.
   * @param file The file's name, for the problems.
   */
  constructor(source: string, file: string) {
    this.file = file;
    this.source = source;
    this.#sourceLines = source.split(/\r\n|\r|\n/);
    this.#document = parseDocument(source, {
      schema: "failsafe",
      merge: true,
      prettyErrors: false,
      lineCounter: this.#lines,
    });
    const { errors, warnings } = this.#document;
    // After a syntax error the rest is guesswork: one tab causes nine errors. A
    // duplicate key hides nothing.
    const slip = errors.find(({ code }) => code !== "DUPLICATE_KEY");
    const faults = slip === undefined ? [...errors, ...warnings] : [slip];
    this.problems = faults.map((fault) => this.#problemOf(fault));
    this.value = slip === undefined ? this.#read() : undefined;
  }

  #problemOf({ code, message, pos: [offset] }: YAMLError): Problem {
    if (code !== "DUPLICATE_KEY") {
      return this.problem(this.#placeOf(offset), MESSAGES[code] ?? message);
    }
    // The parser's place may be that of the space before the key.
    const [, space = "", key] =
      this.source.slice(offset).match(/^((?:\s|#.*)*)([^\s:]*)/) ?? [];
    return this.problem(
      this.#placeOf(offset + space.length),
      `${key} stands here twice`,
    );
  }

  #read(): YamlValue | undefined {
    if (this.#document.contents === null) return undefined;
    try {
      return this.#document.toJS({ maxAliasCount: ALIASES_MAX });
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      const place = { line: 1, column: 1 };
      const message = "its aliases (*name) would make it more than " +
        `${ALIASES_MAX} times larger`;
      this.problems.push(this.problem(place, message));
      return undefined;
    }
  }

  /** The file's name without its folder and its extension. */
  get stem(): string {
    return this.file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, "");
  }

  /** Where the value at `path` begins, or its innermost existing parent. */
  place(path: Path): Place {
    return this.#find(path, "value");
  }

  /** Where the key at the end of `path` begins: `kill` in `- kill: Powell`. */
  keyPlace(path: Path): Place {
    return this.#find(path, "key");
  }

  /**
   * A place some characters into a text, after its quote if it has one. For a
   * text of several lines, its beginning.
   */
  #placeWithin(begin: Place, characters: number): Place {
    const line = this.#sourceLines[begin.line - 1] ?? "";
    const quote = /["']/.test(line[begin.column - 1] ?? "") ? 1 : 0;
    const column = begin.column + quote + characters;
    return column <= line.length + 1 ? { line: begin.line, column } : begin;
  }

  /** An error as the problem that people read. */
  problemOf({ path, part, offset, message, hint }: FileError): Problem {
    const begin = part === "key" ? this.keyPlace(path) : this.place(path);
    const place = offset === undefined
      ? begin
      : this.#placeWithin(begin, offset);
    return this.problem(place, message, hint === undefined ? {} : { hint });
  }

  problem(place: Place, message: string, hint?: { hint?: string }): Problem {
    const { line, column } = place;
    const excerpt = this.#sourceLines[line - 1];
    return {
      severity: "error",
      file: this.file,
      line,
      column,
      message,
      ...(this.#runOn(place) ?? hint),
      ...excerpt !== undefined && { excerpt },
    };
  }

  /** YAML reads `kill:Powell` as a text, so its own error is misleading. */
  #runOn({ line, column }: Place): { hint: string } | undefined {
    const text = this.#sourceLines[line - 1] ?? "";
    const [space] = /^\s*/.exec(text.slice(column - 1))!;
    const at = column - 1 + space.length;
    if (!/(^|[-{,])\s*$/.test(text.slice(0, at))) return undefined;
    const [, dash, key] = RUN_ON.exec(text.slice(at)) ?? [];
    const told = dash ?? key;
    return told === undefined
      ? undefined
      : { hint: `a space is missing after ${told}` };
  }

  #find(path: Path, part: "key" | "value"): Place {
    let node: Node | null = this.#document.contents;
    let offset = startOf(node) ?? 0;
    for (const [depth, step] of path.entries()) {
      if (isAlias(node)) node = node.resolve(this.#document) ?? null;
      const [key, value] = this.#childOf(node, step);
      const last = depth === path.length - 1;
      if (last && part === "key") offset = startOf(key) ?? offset;
      // A key without a value: point at the key instead.
      else {
        offset = startOf(value) ?? startOf(key) ?? value?.range?.[0] ?? offset;
      }
      if (value === null) break;
      node = value;
    }
    return this.#placeOf(offset);
  }

  /** The key and the value of `step` in a node; `null` if there is none. */
  #childOf(
    node: Node | null,
    step: string | number,
  ): [Node | null, Node | null] {
    if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      return [null, item ?? null];
    }
    if (!isMap(node)) return [null, null];
    const pairs = node.items as Pair<Node, Node | null>[];
    const pair = pairs.find(({ key }) =>
      isScalar(key) && String(key.value) === String(step)
    );
    if (pair !== undefined) return [pair.key, pair.value ?? null];
    const merged =
      pairs.find(({ key }) => isScalar(key) && key.source === MERGE)?.value ??
        null;
    for (const one of isSeq(merged) ? merged.items as Node[] : [merged]) {
      const map = isAlias(one) ? one.resolve(this.#document) ?? null : one;
      const found = this.#childOf(map, step);
      if (found[0] !== null) return found;
    }
    return [null, null];
  }

  #placeOf(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

/** Where a node begins; `undefined` for one without a text, as in `kill:`. */
function startOf(node: Node | null): number | undefined {
  if (node === null || !node.range) return undefined;
  const [start, end] = node.range;
  return isScalar(node) && start === end ? undefined : start;
}
