/**
 * The imports of the project's modules, read from their sources.
 *
 * @module
 */

const ROOT = new URL("../../", import.meta.url);

/** Text between quotes. */
export interface Quoted {
  readonly text: string;
  /** Where it stands in the code that is left. */
  readonly at: number;
}

/** A source text taken apart: code without comments, and its strings. */
export interface Parts {
  readonly code: string;
  readonly strings: readonly Quoted[];
}

/** What a module names by its path. */
export interface Import {
  /** The path of the other module, from the folder of the project. */
  readonly target: string;
  /** Whether nothing of it is left when types are stripped. */
  readonly isType: boolean;
}

/**
 * Blanks comments, strings and regular expressions, in one pass. The code
 * inside `${}` of a template stays code.
 */
export function takeApart(source: string): Parts {
  const strings: Quoted[] = [];
  const token =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*|[`{}]|[\w$]+|\s+|[\s\S]/y;
  const template = /(?:\\[\s\S]|[^\\`$]|\$(?!\{))*(`|\$\{)/y;
  let code = "";
  /** For each brace that is open: whether it is the `${` of a template. */
  const braces: boolean[] = [];
  let at = 0;
  const readTemplate = (): void => {
    template.lastIndex = at;
    const found = template.exec(source);
    if (found === null) throw new SyntaxError("template without end");
    strings.push({
      text: found[0].slice(0, -found[1]!.length),
      at: code.length,
    });
    at = template.lastIndex;
    if (found[1] === "${") braces.push(true);
    code += found[1] === "${" ? "(" : " ";
  };
  while (at < source.length) {
    token.lastIndex = at;
    const text = token.exec(source)![0];
    const first = text[0]!;
    if (
      text.length > 1 && first === "/" && text[1] !== "/" && text[1] !== "*"
    ) {
      // After a value a slash divides; anywhere else it opens an expression.
      const divides = /[\w$)\]]\s*$/.test(code) &&
        !/\b(?:return|typeof|case|of|in)\s*$/.test(code);
      at += divides ? 1 : text.length;
      code += divides ? "/" : " 0 ";
      continue;
    }
    at += text.length;
    if (first === "/" && text.length > 1) code += " ";
    else if (first === '"' || first === "'") {
      strings.push({ text: text.slice(1, -1), at: code.length });
      code += '""';
    } else if (text === "`") readTemplate();
    else if (text === "{") {
      braces.push(false);
      code += text;
    } else if (text === "}") {
      code += braces.at(-1) ? ")" : text;
      if (braces.pop()) readTemplate();
    } else code += text;
  }
  return { code, strings };
}

/** The modules in a folder and below, by their paths; none if it is missing. */
export async function modulesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of Deno.readDir(new URL(`${folder}/`, ROOT))) {
      const path = `${folder}/${entry.name}`;
      if (entry.name === "node_modules") continue;
      if (entry.isDirectory) found.push(...await modulesOf(path));
      else if (/\.[mc]?[jt]sx?$/.test(entry.name)) found.push(path);
    }
  } catch (error) {
    // A layer may be one module.
    if (error instanceof Deno.errors.NotADirectory) return [folder];
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}

/** The text of a module. */
export function readModule(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, ROOT));
}

/** Names of packages that stand for modules of the project. */
export type ImportMap = Readonly<Record<string, string>>;

/** The names in `deno.json` that lead to modules of the project. */
export async function readImportMap(): Promise<ImportMap> {
  const { imports } = JSON.parse(await readModule("deno.json"));
  return Object.fromEntries(
    Object.entries<string>(imports).filter(([, to]) => to.startsWith("./")),
  );
}

/** The modules of the project that a module names, as import or by a URL. */
export function importsOf(
  path: string,
  source: string,
  map: ImportMap = {},
): Import[] {
  const { code, strings } = takeApart(source);
  return strings
    .map(({ text, at }) => {
      const isType = /\b(?:im|ex)port\s+type\b[^;"]*$/.test(code.slice(0, at));
      const mapped = map[text];
      if (mapped !== undefined) return { target: mapped.slice(2), isType };
      if (!/^\.\.?\//.test(text) || !/\.[jt]s$/.test(text)) return undefined;
      const url = new URL(text, new URL(path, "file:///"));
      return { target: url.pathname.slice(1), isType };
    })
    .filter((found) => found !== undefined);
}

/** Who names whom, by path: all modules of some layers. */
export async function importsIn(
  layers: readonly { readonly name: string }[],
): Promise<Map<string, Import[]>> {
  const map = await readImportMap();
  const imports = new Map<string, Import[]>();
  for (const { name } of layers) {
    for (const path of await modulesOf(name)) {
      imports.set(path, importsOf(path, await readModule(path), map));
    }
  }
  return imports;
}
