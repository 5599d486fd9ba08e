/**
 * The layers: who may import whom, and what the pure folders never name.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";

/** Each layer, and the layers it may import from beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "herd/core": [],
  "herd/net": ["herd/core"],
  "sim/model": ["herd/core"],
  "sim/report_page": ["sim/model"],
  "sim/live": ["herd/core", "herd/net", "sim/model"],
};

/**
 * The rooms of the core, from the ground up: what lies in one names only what
 * lies in it, or in one before it. What lies in none is the node, over all.
 */
const CORE_ROOMS = [
  "herd/core/limits.ts",
  "herd/core/bytes/",
  "herd/core/wire/",
  "herd/core/store/",
  "herd/core/link/",
  "herd/core/dissemination/",
  "herd/core/",
];

/**
 * What reaches out for time, chance or the machine, so is not pure. After
 * `readonly` it is but the name of a member.
 */
const IMPURE =
  /(?<![\w$.#]|\breadonly )(?:Deno|fetch|Date|Math\s*\.\s*random|performance|set(?:Timeout|Interval|Immediate)|queueMicrotask|crypto|process|navigator|WebSocket|Worker|globalThis)(?![\w$])/g;
/**
 * What is asked of the machine, and so by one module only: all else is told by
 * whom it runs on what the time is, and whom to connect to.
 */
const MACHINE =
  /(?<![\w$.#]|\breadonly )(?:Deno\s*\.\s*(?:listen|connect)\w*|Date\s*\.\s*now|Temporal|Math\s*\.\s*random|performance|(?:set|clear)(?:Timeout|Interval|Immediate)|crypto)(?![\w$])/g;
const ON_A_PLATFORM = ["herd/net", "sim/live"];
const PLATFORM = "herd/net/deno_platform.ts";
/** Who may say that it is this machine; all others are told. */
const CHOOSES =
  /^herd\/|^sim\/live\/(?:cli\/|[a-z]+\/(?:[a-z]+_)?worker\.ts|thread_clock\.ts|(?:herd\/herd|herd\/plan|drill\/plan|servers\/supervisor)\.ts)/;
const PURE = ["herd/core", "sim/model"];
const PURE_NODE_MODULES = ["node:buffer"];

const ROOT = new URL("../", import.meta.url);

/** A source text taken apart: code without comments, and its strings. */
interface Parts {
  readonly code: string;
  readonly strings: string[];
}

/**
 * Blanks comments, strings and regular expressions, in one pass. The code
 * inside `${}` of a template stays code.
 */
function takeApart(source: string): Parts {
  const strings: string[] = [];
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
    strings.push(found[0].slice(0, -found[1]!.length));
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
      strings.push(text.slice(1, -1));
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

async function* modulesOf(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(`${folder}/`, ROOT))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* modulesOf(path);
    else if (/\.[mc]?[jt]sx?$/.test(entry.name)) yield path;
  }
}

/** The room that a module of the core lies in, counted from the ground. */
function roomOf(path: string): number {
  return CORE_ROOMS.findIndex((room) => path.startsWith(room));
}

/** What is wrong with the module at `path`, whose text is `source`. */
function breaches(layer: string, path: string, source: string): string[] {
  const { code, strings } = takeApart(source);
  const found: string[] = [];
  for (const specifier of strings) {
    if (/^\.\.?\//.test(specifier) && /\.[jt]s$/.test(specifier)) {
      const target = new URL(specifier, new URL(path, "file:///")).pathname
        .slice(1);
      const allowed = [layer, ...MAY_IMPORT[layer]!];
      if (!allowed.some((folder) => target.startsWith(`${folder}/`))) {
        found.push(`${path} names ${target}`);
      } else if (layer === "herd/core" && roomOf(target) > roomOf(path)) {
        found.push(`${path} names ${target}, which stands above it`);
      }
    }
    if (
      PURE.includes(layer) && specifier.startsWith("node:") &&
      !PURE_NODE_MODULES.includes(specifier)
    ) found.push(`${path} names ${specifier}`);
  }
  if (PURE.includes(layer)) {
    for (const [name] of code.matchAll(IMPURE)) {
      found.push(`${path} names ${name}`);
    }
  }
  if (ON_A_PLATFORM.includes(layer) && path !== PLATFORM) {
    for (const [name] of code.matchAll(MACHINE)) {
      found.push(`${path} names ${name}`);
    }
    for (const specifier of strings) {
      const isChoosing = specifier.endsWith("/deno_platform.ts") &&
        !CHOOSES.test(path);
      if (/^node:(?:timers|crypto)\b/.test(specifier) || isChoosing) {
        found.push(`${path} names ${specifier}`);
      }
    }
  }
  if (layer.startsWith("herd/") && /\bsim\//.test(source)) {
    found.push(`${path} names sim/`);
  }
  return found;
}

/** The modules that a module imports, types too; all by their paths. */
function importsOf(path: string, source: string): string[] {
  return takeApart(source).strings
    .filter((text) => /^\.\.?\//.test(text) && text.endsWith(".ts"))
    .map((text) => new URL(text, new URL(path, "file:///")).pathname.slice(1));
}

/** A way from a module back to itself; `undefined` if there is none. */
function circleIn(
  imports: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const done = new Set<string>();
  const walk = (path: string, way: string[]): string[] | undefined => {
    const at = way.indexOf(path);
    if (at >= 0) return [...way.slice(at), path];
    if (done.has(path)) return undefined;
    for (const next of imports.get(path) ?? []) {
      const circle = walk(next, [...way, path]);
      if (circle !== undefined) return circle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of imports.keys()) {
    const circle = walk(path, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

Deno.test("no module needs itself, by whatever way", async () => {
  const imports = new Map<string, string[]>();
  for (const layer of Object.keys(MAY_IMPORT)) {
    for await (const path of modulesOf(layer)) {
      const source = await Deno.readTextFile(new URL(path, ROOT));
      imports.set(path, importsOf(path, source));
    }
  }
  assert(imports.size > 100, `${imports.size} modules`);
  assertEquals(circleIn(imports), undefined);
});

Deno.test({
  name: "circleIn() finds the way round",
  permissions: "none",
  fn() {
    const of = (...ways: [string, string[]][]) => circleIn(new Map(ways));
    assertEquals(of(["a", ["b", "c"]], ["b", ["c"]], ["c", []]), undefined);
    assertEquals(of(["a", ["b"]], ["b", ["c"]], ["c", ["b"]]), ["b", "c", "b"]);
    assertEquals(of(["a", ["a"]]), ["a", "a"]);
    assertEquals(importsOf("x/y/z.ts", 'import { a } from "../b.ts";'), [
      "x/b.ts",
    ]);
  },
});

for (const layer of Object.keys(MAY_IMPORT)) {
  Deno.test(`${layer} names only what its layer may name`, async () => {
    const found: string[] = [];
    let modules = 0;
    for await (const path of modulesOf(layer)) {
      modules++;
      const source = await Deno.readTextFile(new URL(path, ROOT));
      found.push(...breaches(layer, path, source));
    }
    assert(modules > 0, `No modules in ${layer}`);
    assertEquals(found, []);
  });
}

Deno.test({
  name: "breaches() finds every way out of a layer, and nothing else",
  permissions: "none",
  fn() {
    const core: [source: string, wrong: string[]][] = [
      ['import { a } from "./a.ts";', []],
      ['import { a } from "../net/a.ts";', ["herd/net/a.ts"]],
      ['const a = await import("../../sim/live/a.ts");', [
        "sim/live/a.ts",
        "sim/",
      ]],
      ['new URL("../../sim/model/a.ts", import.meta.url);', [
        "sim/model/a.ts",
        "sim/",
      ]],
      ['import { Buffer } from "node:buffer";', []],
      ['import { readFileSync } from "node:fs";', ["node:fs"]],
      ["// Deno.serve() and Date\n/** Deno */", []],
      ["const s = 'Deno' + \"Date.now()\" + `fetch`;", []],
      ["const s = `${Date.now()} Deno ${{ a: `${fetch}` }}`;", [
        "Date",
        "fetch",
      ]],
      ["const r = /Deno[/'\"]/g; Deno.exit();", ["Deno"]],
      ["const half = a / 2; const d = Date.now() / 2;", ["Date"]],
      ["Math . random(); setTimeout(f); queueMicrotask(f);", [
        "Math . random",
        "setTimeout",
        "queueMicrotask",
      ]],
      ["crypto.randomUUID(); performance.now();", ["crypto", "performance"]],
      ["this.fetch(); fix.Date; const fetchAll = 1; #fetch() {}", []],
    ];
    for (const [source, wrong] of core) {
      assertEquals(
        breaches("herd/core", "herd/core/x.ts", source),
        wrong.map((name) => `herd/core/x.ts names ${name}`),
        source,
      );
    }
    assertEquals(
      breaches(
        "herd/core",
        "herd/core/store/x.ts",
        'import "../wire/a.ts"; import "../link/a.ts"; import "../node.ts"',
      ),
      ["link/a.ts", "node.ts"].map((name) =>
        `herd/core/store/x.ts names herd/core/${name}, which stands above it`
      ),
    );
    const machine = "Deno.listen(a); Deno . connectTls(a); setTimeout(f);" +
      "clearInterval(t); Date.now(); Math.random(); performance.now();" +
      'crypto.subtle; import "node:timers"; new Date(ms); Deno.errors; a.crypto';
    assertEquals(
      breaches("herd/net", "herd/net/deno_platform.ts", machine),
      [],
    );
    assertEquals(
      breaches("herd/net", "herd/net/x.ts", machine),
      [
        "Deno.listen",
        "Deno . connectTls",
        "setTimeout",
        "clearInterval",
        "Date.now",
        "Math.random",
        "performance",
        "crypto",
        "node:timers",
      ].map((name) => `herd/net/x.ts names ${name}`),
    );
    const choosing = 'import "../../../herd/net/deno_platform.ts"';
    for (const path of ["cli/x.ts", "faults/links_worker.ts", "herd/herd.ts"]) {
      assertEquals(breaches("sim/live", `sim/live/${path}`, choosing), []);
    }
    assertEquals(breaches("sim/live", "sim/live/drill/x.ts", choosing), [
      "sim/live/drill/x.ts names ../../../herd/net/deno_platform.ts",
    ]);
    assertEquals(
      breaches("sim/model", "sim/model/x.ts", 'import "../../herd/net/a.ts"'),
      ["sim/model/x.ts names herd/net/a.ts"],
    );
    assertEquals(
      breaches("sim/live", "sim/live/x.ts", 'Deno; "../../herd/net/a.ts"'),
      [],
    );
  },
});
