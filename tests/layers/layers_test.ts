/**
 * The layers: who may import whom, and what the pure folders never name.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  type Import,
  type ImportMap,
  importsIn,
  importsOf,
  modulesOf,
  readImportMap,
  readModule,
  takeApart,
} from "./imports.ts";
import { heightOf, type Layer, layerOf, LAYERS } from "./layers.ts";
import { DOCUMENT } from "./main.ts";
import { drawLayers, withPicture } from "./picture.ts";

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
const ON_A_PLATFORM = ["herd/net", "sim/worlds", "sim/live"];
const PLATFORM = ["herd/net/deno_platform.ts", "herd/net/deno_network.ts"];
/** All that a virtual world takes of the machine: turns of its loop, and hashes. */
const ENGINE = "sim/worlds/virtual/engine.ts";
/** A thread is started by one module only: all else is told what to run in. */
const THREAD = "sim/worlds/threads/thread.ts";
const NEW_THREAD = /(?<![\w$.#])new\s+Worker(?![\w$])/g;
/** Who may say that it is this machine; all others are told. */
const CHOOSES =
  /^herd\/|^sim\/worlds\/(?:hosted_server|threads\/thread_clock|processes\/serve_main)\.ts|^sim\/live\/(?:cli\/|[a-z]+\/(?:[a-z]+_)?(?:worker|process)\.ts|(?:herd\/herd|herd\/plan|drill\/plan|servers\/supervisor)\.ts)/;
/** Folders whose modules may name anything. */
const OUTSIDE = [".cache", "examples", "tests", "node_modules"];
const ROOT = new URL("../../", import.meta.url);
const PURE = ["herd/core", "sim/model"];

/** What is wrong with the module at `path`, whose text is `source`. */
function breaches(
  { name, mayImport, typesOf = [], uses = [] }: Layer,
  path: string,
  source: string,
  map: ImportMap = {},
): string[] {
  const { code, strings } = takeApart(source);
  const names: string[] = [];
  const found: string[] = [];
  for (const { target, isType } of importsOf(path, source, map)) {
    const other = layerOf(target);
    if (other?.name === name) {
      if (heightOf(other, target) <= heightOf(other, path)) continue;
      names.push(`${target}, which stands above it`);
    } else if (typesOf.includes(other?.name ?? "")) {
      if (!isType && !uses.includes(target)) {
        names.push(`${target} for more than types`);
      }
    } else if (!mayImport.includes(other?.name ?? "")) names.push(target);
  }
  if (PURE.includes(name)) {
    for (const { text } of strings) {
      if (text.startsWith("node:")) {
        names.push(text);
      }
    }
    for (const [impure] of code.matchAll(IMPURE)) names.push(impure);
  }
  if (ON_A_PLATFORM.includes(name) && path !== THREAD) {
    for (const [thread] of code.matchAll(NEW_THREAD)) names.push(thread);
  }
  if (
    ON_A_PLATFORM.includes(name) && !PLATFORM.includes(path) &&
    path !== ENGINE
  ) {
    for (const [machine] of code.matchAll(MACHINE)) names.push(machine);
    for (const { text } of strings) {
      const isChoosing = text.endsWith("/deno_platform.ts") &&
        !CHOOSES.test(path);
      if (/^node:(?:timers|crypto|dgram)\b/.test(text) || isChoosing) {
        names.push(text);
      }
    }
  }
  if (name.startsWith("herd/") && /\bsim\//.test(source)) names.push("sim/");
  for (const what of names) found.push(`${path} names ${what}`);
  return found;
}

/** A way from a module back to itself; `undefined` if there is none. */
function circleIn(
  imports: ReadonlyMap<string, readonly Import[]>,
): string[] | undefined {
  const done = new Set<string>();
  const walk = (path: string, way: string[]): string[] | undefined => {
    const at = way.indexOf(path);
    if (at >= 0) return [...way.slice(at), path];
    if (done.has(path)) return undefined;
    for (const { target } of imports.get(path) ?? []) {
      const circle = walk(target, [...way, path]);
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
  const imports = await importsIn(LAYERS);
  assert(imports.size > 400, `${imports.size} modules`);
  assertEquals(circleIn(imports), undefined);
});

Deno.test("every module is in a layer", async () => {
  for await (const { name, isDirectory } of Deno.readDir(ROOT)) {
    if (!isDirectory) {
      if (name.endsWith(".ts")) assert(layerOf(name), name);
    } else if (!OUTSIDE.includes(name)) {
      for (const path of await modulesOf(name)) assert(layerOf(path), path);
    }
  }
});

Deno.test("docs/architecture.md has the picture of the layers as they are", async () => {
  const text = await Deno.readTextFile(DOCUMENT);
  const picture = drawLayers(await importsIn(LAYERS));
  assert(
    withPicture(text, picture) === text,
    "The picture is out of date: run `deno task layers`",
  );
});

Deno.test({
  name: "circleIn() finds the way round",
  permissions: "none",
  fn() {
    const of = (...ways: [string, string[]][]) =>
      circleIn(
        new Map(ways.map(([path, targets]) => [
          path,
          targets.map((target) => ({ target, isType: true })),
        ])),
      );
    assertEquals(of(["a", ["b", "c"]], ["b", ["c"]], ["c", []]), undefined);
    assertEquals(of(["a", ["b"]], ["b", ["c"]], ["c", ["b"]]), ["b", "c", "b"]);
    assertEquals(of(["a", ["a"]]), ["a", "a"]);
  },
});

Deno.test({
  name: "importsOf() tells types from what is run",
  permissions: "none",
  fn() {
    const found: [source: string, target: string, isType: boolean][] = [
      ['import { a } from "../b.ts";', "x/b.ts", false],
      ['import { type A } from "./b.ts";', "x/y/b.ts", false],
      ['import type { A } from "./b.ts";', "x/y/b.ts", true],
      ['import type { A } from "z"; import "./b.ts";', "x/y/b.ts", false],
      ['export type {\n  A } from "./b.ts";', "x/y/b.ts", true],
      ['new URL("./b.ts", import.meta.url);', "x/y/b.ts", false],
      ['import { a } from "@std/cli";', "std/cli/mod.ts", false],
    ];
    for (const [source, target, isType] of found) {
      assertEquals(
        importsOf("x/y/z.ts", source, { "@std/cli": "./std/cli/mod.ts" }),
        [{ target, isType }],
        source,
      );
    }
    assertEquals(importsOf("x.ts", '// import "./a.ts"\nlet a = "./b";'), []);
  },
});

Deno.test({
  name: "drawLayers() leaves out what follows from other arrows",
  permissions: "none",
  fn() {
    const to = (target: string, isType = false) => ({ target, isType });
    const lines = drawLayers(
      new Map([
        ["herd/core/bytes/a.ts", []],
        ["herd/core/wire/a.ts", [to("herd/core/bytes/a.ts")]],
        ["herd/core/node.ts", [
          to("herd/core/bytes/a.ts"),
          to("herd/core/wire/a.ts", true),
        ]],
        ["sim/model/a.ts", [to("herd/core/node.ts", true)]],
        ["sim/live/cli/a.ts", [to("herd/core/node.ts"), to("sim/model/a.ts")]],
      ]),
    ).split("\n").map((line) => line.trim());
    assertEquals(lines.filter((line) => / -/.test(line)), [
      "herd_core_ -.-> herd_core_wire_",
      "herd_core_wire_ --> herd_core_bytes_",
      "sim_live --> sim_model",
      "sim_model -.-> herd_core",
    ]);
    assertEquals(lines.filter((line) => line.startsWith("subgraph")), [
      'subgraph sim_live["sim/live"]',
      'subgraph sim_model["sim/model"]',
      'subgraph herd_core["herd/core"]',
    ]);
  },
});

for (const layer of LAYERS) {
  Deno.test(`${layer.name} names only what its layer may name`, async () => {
    const found: string[] = [];
    const map = await readImportMap();
    for (const path of await modulesOf(layer.name)) {
      found.push(...breaches(layer, path, await readModule(path), map));
    }
    assertEquals(found, []);
  });
}

Deno.test({
  name: "breaches() finds every way out of a layer, and nothing else",
  permissions: "none",
  fn() {
    const layer = (name: string) => layerOf(`${name}/`)!;
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
      ['import { Buffer } from "node:buffer";', ["node:buffer"]],
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
        breaches(layer("herd/core"), "herd/core/x.ts", source),
        wrong.map((name) => `herd/core/x.ts names ${name}`),
        source,
      );
    }
    assertEquals(
      breaches(
        layer("herd/core"),
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
      breaches(layer("herd/net"), "herd/net/deno_platform.ts", machine),
      [],
    );
    assertEquals(
      breaches(layer("herd/net"), "herd/net/x.ts", machine),
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
    const thread = "new Worker(module); let worker: Worker; a.new Worker";
    assertEquals(breaches(layer("sim/worlds"), THREAD, thread), []);
    assertEquals(breaches(layer("sim/live"), "sim/live/x.ts", thread), [
      "sim/live/x.ts names new Worker",
    ]);
    const choosing = 'import "../../../herd/net/deno_platform.ts"';
    for (
      const path of ["cli/x.ts", "proxies/proxy_worker.ts", "herd/herd.ts"]
    ) {
      assertEquals(
        breaches(layer("sim/live"), `sim/live/${path}`, choosing),
        [],
      );
    }
    assertEquals(breaches(layer("sim/live"), "sim/live/drill/x.ts", choosing), [
      "sim/live/drill/x.ts names ../../../herd/net/deno_platform.ts",
    ]);
    assertEquals(
      breaches(
        layer("sim/model"),
        "sim/model/x.ts",
        'import "../../herd/net/a.ts"',
      ),
      ["sim/model/x.ts names herd/net/a.ts"],
    );
    assertEquals(
      breaches(
        layer("sim/live"),
        "sim/live/x.ts",
        'Deno; "../../herd/net/a.ts"',
      ),
      [],
    );
    assertEquals(
      breaches(
        layer("sim/model"),
        "sim/model/steps/x.ts",
        'import "../topology/a.ts"; import "../a.ts"; import "../report/a.ts"',
      ),
      ["sim/model/steps/x.ts names sim/model/report/a.ts, which stands above it"],
    );
    assertEquals(
      breaches(
        layer("sim/page"),
        "sim/page/x.ts",
        'import type { A } from "../model/a.ts"; import { b } from "../model/b.ts"',
      ),
      ["sim/page/x.ts names sim/model/b.ts for more than types"],
    );
    assertEquals(
      breaches(layer("mod.ts"), "mod.ts", 'import "./bench/main.ts"'),
      ["mod.ts names bench/main.ts"],
    );
  },
});
