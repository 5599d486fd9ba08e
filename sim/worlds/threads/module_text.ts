/**
 * One module's text as the body of a function, by the lines on which modules
 * import and export: code that is formatted has these at the start of a line.
 *
 * @module
 */

/** An import that stands at the start of a line, as formatters put it. */
const IMPORT =
  /^import\b\s*(?:([^;"'`()]*?)\bfrom\s*)?(["'])([^"'\n]+)\2[^;\n]*;?/gm;
/** A declaration that others may import. */
const DECLARATION =
  /^export\s+(?=(?:async )?(?:const|var|class|function\*?)\s+([\w$]+))/gm;
/** A function or class that is the default export, and has a name. */
const DEFAULT_DECLARATION =
  /^export default\s+(?=(?:async )?(?:class|function\*?)\s+([\w$]+))/gm;
/** Any other default export. */
const DEFAULT_VALUE = /^export default\b/gm;
/** All that another module exports, or that under a name. */
const EXPORT_ALL =
  /^export\s*\*\s*(?:as\s+([\w$]+)\s+)?from\s*(["'])([^"'\n]+)\2;?/gm;
/** Names that are passed on, of this module or another. */
const PASSED_ON = /^export\s*\{([^}]*)\}(?:\s*from\s*(["'])([^"'\n]+)\2)?;?/gm;
/** Comments that begin a line; in a package, code follows in their last one. */
const COMMENTS = /^[ \t]*(?:\/\*\*[\s\S]*?\*\/[ \t]*)+/gm;
/**
 * What is left of lines that held types, spaces of one byte or more; and the
 * source maps of a package's modules.
 */
const BLANKS = /^(?:[^\S\n]+|\/\/# sourceMappingURL=.*)$/gm;
/** Lines and blocks of lines that are nothing but a comment. */
const ASIDES = /^[ \t]*(?:\/\/.*|\/\*(?!\s*@__)[\s\S]*?\*\/[ \t]*$)\n?/gm;
/** What packages note for those that leave out what is not used. */
const NOTES = /^(export )?\/\*\s*@__\w+__\s*\*\/ ?/gm;
/** What no expression above knows, or what can't stand inside a function. */
const UNKNOWN = /^(?:import|export)\b.*|\bimport\b\s*[.(].*/m;

/** Imports that wait, and a module's own address. */
const WAITING_OR_OWN = /\bimport(?:\.meta\b|\()/g;
/** Imports that wait for one of the runtime's modules: those are found anywhere. */
const WAITING_BUILTIN = /\bimport\("node:/g;

/** A module that is imported. */
export interface Imported {
  /** The constant that its exports are found in. */
  readonly name: string;
  /** Whether it is there only once this one has been evaluated. */
  readonly isLater: boolean;
}

/** What a body asks of who joins modules. */
export interface Joined {
  /** The module that a specifier names. */
  readonly imported: (specifier: string) => Imported;
  /**
   * Whether it is for another place than a worker: imports that wait, and a
   * module's own address, are then for others to replace, and as little as can
   * be is sent there.
   */
  readonly isElsewhere: boolean;
}

/**
 * A module's text, without types, as the call of a function that returns what it
 * exports.
 *
 * @throws {Error} If it has syntax that this does not know; it names that.
 */
export function functionOf(
  source: string,
  { imported, isElsewhere }: Joined,
): string {
  const exported: string[] = [];
  const body = (isElsewhere ? source.replace(ASIDES, "") : source)
    // Each worker keeps the text: without these it takes a megabyte less.
    .replace(COMMENTS, (comments) => comments.replace(/[^\n]+/g, ""))
    .replace(BLANKS, "")
    .replace(NOTES, "$1")
    .replace(IMPORT, (_, names: string | undefined, _quote, from: string) => {
      const module = imported(from);
      return names === undefined ? "" : taken(names, module);
    })
    .replace(EXPORT_ALL, (_, as: string | undefined, _quote, from: string) => {
      const { name, isLater } = imported(from);
      if (isLater) throw new Error(`it passes all of ${from} on, and back`);
      exported.push(as === undefined ? `...${name}` : `${as}: ${name}`);
      return "";
    })
    .replace(PASSED_ON, (_, names: string, _quote, from?: string) => {
      const module = from === undefined ? undefined : imported(from).name;
      exported.push(
        ...pairsOf(names).map(([name, as]) =>
          module === undefined
            ? `${as}: ${name}`
            : `get ${as}() { return ${module}.${name}; }`
        ),
      );
      return "";
    })
    .replace(DECLARATION, (keyword: string, name: string) => {
      exported.push(name);
      return " ".repeat(keyword.length);
    })
    .replace(DEFAULT_DECLARATION, (keyword: string, name: string) => {
      exported.push(`default: ${name}`);
      return " ".repeat(keyword.length);
    })
    .replace(DEFAULT_VALUE, () => {
      exported.push("default: defaultExport");
      return "const defaultExport =";
    });
  const unknown = UNKNOWN.exec(
    body.replace(isElsewhere ? WAITING_OR_OWN : WAITING_BUILTIN, ""),
  );
  if (unknown) throw new Error(unknown[0]);
  return `(() => { ${body}\nreturn { ${exported.join(", ")} }; })();`;
}

/** The names of an import, bound now or once the other module is there. */
function taken(names: string, { name, isLater }: Imported): string {
  const [, first = "", rest = ""] =
    /^\s*([\w$]+)?\s*,?\s*((?:\{[^}]*\}|\*\s*as\s+[\w$]+)?)\s*$/.exec(names) ??
      [];
  if (first === "" && rest === "") throw new Error(`import ${names}`);
  const pairs = [
    ...first === "" ? [] : [["default", first] as const],
    ...rest.startsWith("{") ? pairsOf(rest.slice(1, -1)) : [],
  ];
  const whole = /^\*\s*as\s+([\w$]+)$/.exec(rest)?.[1];
  const pattern = `{ ${pairs.map(([of, as]) => `${of}: ${as}`).join(", ")} }`;
  const binds = [
    ...pairs.length === 0 ? [] : [`${pattern} = ${name}`],
    ...whole === undefined ? [] : [`${whole} = ${name}`],
  ];
  if (!isLater) return binds.map((bind) => `const ${bind};`).join(" ");
  const all = [
    ...pairs.map(([, as]) => as),
    ...whole === undefined ? [] : [whole],
  ];
  return `let ${all.join(", ")}; later("${name}", () => { ${
    binds.map((bind) => `(${bind});`).join(" ")
  } });`;
}

/** The names in a list, each with what it is called outside: `a, b as c`. */
function pairsOf(list: string): [name: string, as: string][] {
  return list.replace(/\/\/.*$/gm, "").split(",").map((it) => it.trim())
    .filter((it) => it !== "").map((it) => {
      const [name, as = name] = it.split(/\s+as\s+/);
      return [name!, as!];
    });
}
