/**
 * Converts one module's text to the body of a function, by the lines that
 * import and export. In formatted code these start a line.
 *
 * @module
 */

/** The attributes of an import or a re-export, perhaps over several lines. */
const ATTRIBUTES =
  /^((?:im|ex)port\b[^;"'`()]*(["'])[^"'\n]+\2)\s*with\s*\{[^}]*\}/gm;
/** An import at the start of a line. */
const IMPORT =
  /^import\b\s*(?:([^;"'`()]*?)\bfrom\s*)?(["'])([^"'\n]+)\2[^;\n]*;?/gm;
/** An exported declaration. */
const DECLARATION =
  /^export\s+(?=(?:async )?(?:const|var|class|function\*?)\s+([\w$]+))/gm;
/** A default export of a named function or class. */
const DEFAULT_DECLARATION =
  /^export default\s+(?=(?:async )?(?:class|function\*?)\s+([\w$]+))/gm;
/** Any other default export. */
const DEFAULT_VALUE = /^export default\b/gm;
/** A re-export of everything, perhaps under a name. */
const EXPORT_ALL =
  /^export\s*\*\s*(?:as\s+([\w$]+)\s+)?from\s*(["'])([^"'\n]+)\2;?/gm;
/** The names of an import that is deferred. */
const DEFERRED = /^defer\s+(?=\*\s*as\s)/;
/** A list of exports, of this module or of another. */
const PASSED_ON = /^export\s*\{([^}]*)\}(?:\s*from\s*(["'])([^"'\n]+)\2)?;?/gm;
/** Comments that begin a line; code may follow them. */
const COMMENTS = /^[ \t]*(?:\/\*(?!\s*@__)[\s\S]*?\*\/[ \t]*)+/gm;
/** Lines of nothing but blanks. */
const BLANKS = /^[^\S\n]+$/gm;
/** Lines with nothing but a comment. */
const ASIDES = /^[ \t]*\/\/.*\n?/gm;
/** Blank lines and the blanks that lines begin with. */
const INDENTS = /^\s+/gm;
/** A line with an odd number of backquotes: a text may go on in the next one. */
const LONG_TEXT = /^[^`\n]*(?:`[^`\n]*`[^`\n]*)*`[^`\n]*$/m;
/** Annotations in packages for tree shaking. */
const NOTES = /^(export )?\/\*\s*@__\w+__\s*\*\/ ?/gm;
/**
 * An import or export of unknown form, or one not possible inside a function.
 */
const UNKNOWN = /^(?:import|export)\b.*|\bimport\b\s*[.(].*/m;

/** Dynamic imports, and `import.meta`. */
const WAITING_OR_OWN = /\bimport(?:\.meta\b|\()/g;
/** Dynamic imports of the runtime's modules, which work anywhere. */
const WAITING_BUILTIN = /\bimport\("node:/g;

export interface Imported {
  /** An expression for its exports. */
  readonly name: string;
  readonly isLater: boolean;
}

/** What a body needs to know of the bundle. */
export interface Joined {
  /** The module that a specifier names. */
  readonly imported: (specifier: string) => Imported;
  /** One that is evaluated when something of it is used (`import defer`). */
  readonly deferred: (specifier: string) => Imported;
  /**
   * Whether it is for another place than a worker: then dynamic imports and
   * `import.meta` are for others to replace.
   */
  readonly isElsewhere: boolean;
}

/**
 * Converts a module's text without types to the call of a function that returns
 * the module's exports.
 *
 * @throws {Error} If it has unsupported syntax, which the message names.
 */
export function functionOf(
  source: string,
  { imported, deferred, isElsewhere }: Joined,
): string {
  const exported: string[] = [];
  const body = source
    // Each worker keeps the text: without comments it takes a megabyte less.
    .replace(COMMENTS, "")
    .replace(ASIDES, "")
    .replace(BLANKS, "")
    .replace(NOTES, "$1")
    .replace(ATTRIBUTES, "$1")
    .replace(IMPORT, (_, names: string | undefined, _quote, from: string) => {
      if (names !== undefined && DEFERRED.test(names)) {
        return taken(names.replace(DEFERRED, ""), deferred(from));
      }
      const module = imported(from);
      return names === undefined ? evaluated(module) : taken(names, module);
    })
    .replace(EXPORT_ALL, (_, as: string | undefined, _quote, from: string) => {
      const module = imported(from);
      const { name, isLater } = module;
      if (isLater) throw new Error(`it passes all of ${from} on, and back`);
      exported.push(as === undefined ? `...${name}` : `${as}: ${name}`);
      return evaluated(module);
    })
    .replace(PASSED_ON, (_, names: string, _quote, from?: string) => {
      const module = from === undefined ? undefined : imported(from);
      exported.push(
        ...pairsOf(names).map(([name, as]) =>
          module === undefined
            ? pairText([as, name])
            : `get ${as}() { return ${module.name}.${name}; }`
        ),
      );
      return module === undefined ? "" : evaluated(module);
    })
    .replace(DECLARATION, (_, name: string) => {
      exported.push(name);
      return "";
    })
    .replace(DEFAULT_DECLARATION, (_, name: string) => {
      exported.push(`default: ${name}`);
      return "";
    })
    .replace(DEFAULT_VALUE, () => {
      exported.push("default: defaultExport");
      return "const defaultExport =";
    });
  const unknown = UNKNOWN.exec(
    body.replace(isElsewhere ? WAITING_OR_OWN : WAITING_BUILTIN, ""),
  );
  if (unknown) throw new Error(unknown[0]);
  const text = LONG_TEXT.test(body) ? body : body.replace(INDENTS, "");
  return `(() => { ${text}\nreturn { ${exported.join(", ")} }; })();`;
}

/** Has a module evaluated of which nothing is taken here. */
function evaluated({ name, isLater }: Imported): string {
  return isLater ? "" : `${name};`;
}

/** The names of an import, bound now or once the other module is evaluated. */
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
  const pattern = `{ ${pairs.map(pairText).join(", ")} }`;
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

function pairText([of, as]: readonly [of: string, as: string]): string {
  return of === as ? of : `${of}: ${as}`;
}

/** The names in a list, with the names they get: `a, b as c`. */
function pairsOf(list: string): [name: string, as: string][] {
  return list.replace(/\/\/.*$/gm, "").split(",").map((it) => it.trim())
    .filter((it) => it !== "").map((it) => {
      const [name, as = name] = it.split(/\s+as\s+/);
      return [name!, as!];
    });
}
