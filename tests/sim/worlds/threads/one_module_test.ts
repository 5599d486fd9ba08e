import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  bundle,
  oneModule,
} from "../../../../sim/worlds/threads/one_module.ts";

const SIM = import.meta.resolve("../../../../sim/");

/** What servers without hub, disk, places and further ports do not use. */
const NEEDED_BY_FEW = [
  "denoDiskBy",
  "natsHub",
  "gatewayTo",
  "HubLink",
  "Outbox",
  "Journal",
  "JournalFiles",
  "Replicas",
  "Tree",
  "OnDemand",
  "PlacesLookup",
  "webSocketsOf",
  "datagramClients",
  "openLog",
  "RotatingFileHandler",
  "TraceWriter",
  "Random",
];

/** Has a worker run a module, and returns the first thing it says. */
async function said(module: URL): Promise<unknown> {
  const worker = new Worker(module, { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
    });
  } finally {
    worker.terminate();
  }
}

/** Makes files in a folder of their own, and hands on the first one's address. */
async function withFiles<T>(
  files: Readonly<Record<string, string>>,
  use: (entry: URL) => T | Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    return await use(new URL(`file://${folder}/${Object.keys(files)[0]}`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Modules say what is expected, by themselves and as one. */
async function assertSays(
  files: Readonly<Record<string, string>>,
  expected: unknown,
): Promise<void> {
  await withFiles(files, async (entry) => {
    assertEquals(await said(entry), expected);
    const address = oneModule(entry);
    assertEquals(address.protocol, "blob:", "It fell back to the sources");
    assertEquals(await said(address), expected);
  });
}

const WORKERS = [
  "worlds/threads/worker.ts",
  "live/proxies/proxy_worker.ts",
  "live/faults/greedy_worker.ts",
  "live/places/worker.ts",
];

for (const worker of WORKERS) {
  Deno.test(`oneModule() makes one module of ${worker}, and makes it once`, () => {
    const entry = new URL(worker, SIM);
    const address = oneModule(entry);
    assertEquals(address.protocol, "file:");
    assertStringIncludes(address.pathname, "/.cache/");
    assertEquals(oneModule(entry), address);
  });

  Deno.test(`bundle() of ${worker} holds no more than a byte for each character`, () => {
    const text = bundle(new URL(worker, SIM));
    const wide = text.split("\n").filter((line) =>
      [...line].some((character) => character > "\xff")
    );
    assertEquals(wide, []);
  });
}

Deno.test("bundle() does what the modules do: each evaluated once, after those it imports", async () => {
  const files = {
    "a.ts": `/** The first. */
import { type Kind, one as first, Two } from "./b.ts";
import type { Kind as Other } from "./c.ts";
import { again, order, passed } from "./c.ts";
import { Buffer } from "node:buffer";
import told from "./told.json" with { type: "json" };

const one: Kind = "mine";
const two: Other = new Two().kind();
order.push("a");
(globalThis as unknown as { postMessage(what: unknown): void }).postMessage(
  [order, first, one, two, passed(), Buffer.from([65]).toString("latin1"), told, again],
);
`,
    "told.json": `{ "what": "a file" }`,
    "b.ts": `import { order } from "./c.ts";
export type Kind = string;
export const one: Kind = "its";
abstract class Kinds {
  abstract kind(): Kind;
}
export class Two extends Kinds {
  override kind(): Kind {
    return "two";
  }
}
order.push("b");
`,
    "c.ts": `export interface Unused {
  readonly what: string;
}
export type Kind = string;
export const order: string[] = [];
function hidden(): string {
  return "hidden";
}
order.push("c");
export { hidden as passed };
export { default as again } from "./told.json" with { type: "json" };
`,
  };
  const told = { what: "a file" };
  const plain = ["its", "mine", "two", "hidden", "A"];
  await assertSays(files, [["c", "b", "a"], ...plain, told, told]);
});

Deno.test("bundle() takes what packages are written in: defaults, all of a module, modules that import each other", async () => {
  const files = {
    "a.ts": `import whole, { part as piece } from "./b.js";
import * as c from "./c.js";
(globalThis as unknown as { postMessage(what: unknown): void }).postMessage(
  [whole(), piece, c.even(4), c.all.part, Object.keys(c).sort(), c.default],
);
`,
    "b.js": `export default function named() {
  return "whole";
}
export const part = 'part';
`,
    "c.js": `export * from './d.js'
export * as all from './b.js';
import { odd } from './d.js';
export function even(n) {
  return n === 0 || odd(n - 1);
}
export default { c: 1 };
`,
    "d.js": `import { even } from './c.js';
export const odd = (n) => n !== 0 && even(n - 1);
export { part as renamed } from "./b.js";
`,
  };
  const names = ["all", "default", "even", "odd", "renamed"];
  await assertSays(files, ["whole", "part", true, "part", names, { c: 1 }]);
});

Deno.test("bundle() evaluates what is deferred once something of it is used, after what that imports", async () => {
  const files = {
    "a.ts": `import { order } from "./order.ts";
import defer * as late from "./late.ts";
import defer * as early from "./early.ts";
import defer * as never from "./never.ts";
import { mine } from "./b.ts";

order.push("a");
const before = [...order];
const used = [new late.Late().who, late.part, late.again(), early.early, mine];
(globalThis as unknown as { postMessage(what: unknown): void }).postMessage(
  [before, used, order, [1].length > 1 && never.never],
);
`,
    "order.ts": "export const order: string[] = [];\n",
    "b.ts": `import { early } from "./early.ts";
import { order } from "./order.ts";
export const mine = early + "b";
order.push("b");
`,
    "early.ts": `import { order } from "./order.ts";
export const early = "e";
order.push("early");
`,
    "late.ts": `import { order } from "./order.ts";
import "./effect.ts";
export * from "./part.ts";
import { part } from "./part.ts";
export enum Way { In, Out }
export class Late {
  constructor(readonly who = Way[Way.Out] + part) {}
}
order.push("late");
`,
    "effect.ts": `import { order } from "./order.ts";
order.push("effect");
`,
    "part.ts": `import { order } from "./order.ts";
import defer * as late from "./late.ts";
export const part = "p";
export const again = () => new late.Late("again").who;
order.push("part");
`,
    "never.ts": `import { order } from "./order.ts";
export const never = "n";
order.push("never");
`,
  };
  const before = ["early", "b", "a"];
  await assertSays(files, [
    before,
    ["Outp", "p", "again", "e", "eb"],
    [...before, "effect", "part", "late"],
    false,
  ]);
});

Deno.test("bundle() evaluates all that a deferred module passes on, before it", async () => {
  const order = `import { order } from "./order.ts";\n`;
  const files = {
    "a.ts": `${order}import defer * as late from "./late.ts";
late.late;
(globalThis as unknown as { postMessage(what: unknown): void }).postMessage(
  order,
);
`,
    "order.ts": "export const order: string[] = [];\n",
    "late.ts": `${order}export * from "./all.ts";
export { one } from "./one.ts";
export const late = "l";
order.push("late");
`,
    "all.ts": `${order}export const all = 1;\norder.push("all");\n`,
    "one.ts": `${order}export const one = 1;\norder.push("one");\n`,
  };
  await assertSays(files, ["all", "one", "late"]);
});

Deno.test("bundle() gives all of a deferred module, which awaiting it does not evaluate", async () => {
  const files = {
    "a.ts": `import { order } from "./order.ts";
import defer * as late from "./late.ts";
const awaited = async () => late;
awaited().then((it) => {
  const before = [...order];
  const { a, ...rest } = it;
  (globalThis as unknown as { postMessage(what: unknown): void }).postMessage(
    [before, a, rest, { ...it }, Object.keys(it), "b" in it, "c" in it, order],
  );
});
`,
    "order.ts": "export const order: string[] = [];\n",
    "late.ts": `import { order } from "./order.ts";
export const a = 1;
export const b = 2;
order.push("late");
`,
  };
  const all = { a: 1, b: 2 };
  const expected = [[], 1, { b: 2 }, all, ["a", "b"], true, false, ["late"]];
  await assertSays(files, expected);
});

Deno.test("bundle() evaluates a deferred module once, even one that fails, or is used too early", async () => {
  const files = {
    "a.ts": `import { order } from "./order.ts";
import defer * as fails from "./fails.ts";
import defer * as needs from "./needs.ts";
import defer * as early from "./early.ts";
const errors: Error[] = [];
for (
  const use of [
    () => fails.one,
    () => fails.one,
    () => needs.one,
    () => early.one,
    () => early.one,
  ]
) {
  try {
    use();
  } catch (error) {
    errors.push(error as Error);
  }
}
const [first, ...others] = errors;
(globalThis as unknown as { postMessage(what: unknown): void }).postMessage([
  order,
  first?.message,
  others.map((it) => it === first ? "the same" : it.name),
]);
`,
    "order.ts": "export const order: string[] = [];\n",
    "fails.ts": `import { order } from "./order.ts";
order.push("fails");
export const one = [1].map((it) => {
  if (order.length > 0) throw new Error("no");
  return it;
});
`,
    "needs.ts": `export { one } from "./fails.ts";\n`,
    "early.ts": `import { order } from "./order.ts";
import defer * as self from "./early.ts";
order.push("early");
export const one: number = self.one;
`,
  };
  const others = ["the same", "the same", "TypeError", "TypeError"];
  await assertSays(files, [["fails", "early"], "no", others]);
});

const NOT_TAKEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "an export that can be assigned": { "a.ts": "export let count = 0;\n" },
  "an import that waits": { "a.ts": `await import("./a.ts");\n` },
  "a module's own address": { "a.ts": "console.log(import.meta.url);\n" },
  "a wait outside of functions": { "a.ts": "const a = await 1;\n" },
  "a deferred import of modules that import each other": {
    "a.ts": `import defer * as b from "./b.ts";\nb.one;\n`,
    "b.ts": `import { two } from "./c.ts";\nexport const one = () => two;\n`,
    "c.ts": `import { one } from "./b.ts";\nexport const two = () => one;\n`,
  },
  "a file that is not there": { "a.ts": `import { b } from "./b.ts";\nb;\n` },
};

Deno.test("bundle() of a server imports nothing of Node, which takes each worker 1.7 MiB", () => {
  const text = bundle(new URL("worlds/threads/worker.ts", SIM));
  assertEquals(text.match(/^import .*/gm), null);
});

Deno.test("bundle() of a server defers what few servers need, which takes each 0.4 MiB", () => {
  const text = bundle(new URL("worlds/threads/worker.ts", SIM));
  const modules = text.split(/^(?=const module\d+ = )/m);
  const isDeferred = (name: string) => {
    const declared = new RegExp(`\\b(?:class|function) ${name}\\b`);
    const found = modules.find((module) => declared.test(module));
    assert(found !== undefined, name);
    return /^const \w+ = once\(/.test(found);
  };
  for (const name of NEEDED_BY_FEW) assert(isDeferred(name), name);
  assert(!isDeferred("Server"));
});

for (const [what, files] of Object.entries(NOT_TAKEN)) {
  Deno.test(`oneModule() leaves modules as they are with ${what}`, async () => {
    await withFiles(files, (entry) => {
      assertThrows(() => bundle(entry));
      assertEquals(oneModule(entry), entry);
    });
  });
}

Deno.test({
  name: "oneModule() asks nobody for leave to read",
  permissions: { read: false },
  fn() {
    const entry = new URL("live/servers/failed_dials.ts", SIM);
    assertEquals(oneModule(entry), entry);
  },
});

Deno.test("bundle() says which module it can't take, and why", async () => {
  const files = {
    "a.ts": 'import "./b.ts";\n',
    "b.ts": "export let one = 1;\n",
  };
  await withFiles(files, (entry) => {
    const { message } = assertThrows(() => bundle(entry), Error);
    const { href } = new URL("b.ts", entry);
    const why = `Cannot bundle ${href}: export let one = 1`;
    assertEquals(message.slice(0, why.length), why);
  });
});
