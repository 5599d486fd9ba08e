/**
 * Slips that people make in YAML, and files that are made to do harm.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { InvalidFile } from "../../../../sim/model/problem.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { YAML_ENV } from "../yaml_env.ts";

const TOP = "topology: line:3\n";

function read(text: string) {
  return parseScenario(text, "a.yaml", (spec) => generateTopology(spec)!);
}

/** What is wrong, each `line:column message, hint`. */
function told(text: string): string[] {
  return read(text).problems.map(({ line, column, message, hint }) =>
    `${line}:${column} ${message}${hint === undefined ? "" : `, ${hint}`}`
  );
}

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: YAML_ENV, fn });
}

test("parseScenario() tells where a space is missing", () => {
  const cases: [text: string, place: string, hint: string][] = [
    ["topology:line:3\nsteps:\n  - kill: s1\n", "1:1", "topology:"],
    [`${TOP}seed:5\nsteps:\n  - kill: s1\n`, "2:1", "seed:"],
    [`${TOP}steps:\n  - kill:s1\n`, "3:5", "kill:"],
    [`${TOP}steps:\n  -kill: s1\n`, "3:3", "-"],
    [`${TOP}steps:\n  - kill: s1\n  -kill: s2\n`, "4:1", "-"],
    [`${TOP}steps:\n  - kill: {targets:s1}\n`, "3:12", "targets:"],
    [
      `${TOP}steps:\n  - kill:\n      targets:s1\n      id: a\n`,
      "4:7",
      "targets:",
    ],
    [`${TOP}steps:\n  - kill: s1\nchecks:\n  -lost == 0\n`, "5:3", "-"],
  ];
  for (const [text, place, hint] of cases) {
    const mend = `a space is missing after ${hint}`;
    const found = told(text).filter((one) => one.endsWith(mend));
    assertEquals(found.map((one) => one.split(" ")[0]), [place], text);
    assertEquals(told(text).filter((one) => / needs /.test(one)), [], text);
  }
});

test("parseScenario() takes no space for missing where none is", () => {
  const text = `${TOP}steps:\n  - send: {line: "a:b", to: s7}\n` +
    "  - kill: ring:3\n  - wait: http://here\n";
  for (const one of told(text)) assert(!one.includes("a space is"), one);
  assertEquals(told(text).length, 3);
});

test("parseScenario() says in its own words what is no single document", () => {
  assertEquals(told(`${TOP}steps: [{kill: s1}]\n---\nsteps: []\n`), [
    "3:1 a second document begins here; a file is one document",
  ]);
});

test("parseScenario() takes merge keys, and finds the place of what they bring", () => {
  const text = (position: string) =>
    `${TOP}steps:\n` +
    `  - iamat: &kiwi {client: kiwi, position: ${position}, to: s0}\n` +
    "  - iamat: {<<: *kiwi, to: s1}\n";
  const { scenario, problems } = read(text("+1-1"));
  assertEquals(problems, []);
  assertEquals(
    scenario!.steps.map((step) => step.kind === "iamat" && step.to),
    ["s0", "s1"],
  );
  assertEquals(
    told(text("north")).map((one) => one.split(" ")[0]),
    ["3:43", "3:43"],
  );
});

test("parseScenario() refuses what would take all memory", () => {
  const bomb = Array.from(
    { length: 9 },
    (_, i) =>
      `a${i}: &a${i} [${
        Array(10).fill(i === 0 ? "x" : `*a${i - 1}`).join(",")
      }]`,
  ).join("\n");
  assertEquals(told(bomb), [
    "1:1 its aliases (*name) would make it more than 100 times larger",
  ]);
  const load = "load: {rate: 1/s, for: 1s, clients: 100000000}";
  const [one = "", ...more] = told(`${TOP}steps:\n  - ${load}\n`);
  assertStringIncludes(one, "3:41 ");
  assertStringIncludes(one, "is no whole number from 1 to 1000000");
  assertEquals(more, []);
  const deep = "[".repeat(100_000);
  assertStringIncludes(told(`${TOP}steps: ${deep}`)[0]!, "nested too deeply");
  for (const depth of [50, 500, 1_500]) {
    const text = `${TOP}steps: ${"[".repeat(depth)}${"]".repeat(depth)}\n`;
    assert(told(text).length > 0);
  }
  const params = `params: {a: ${"x".repeat(100_000)}}\n`;
  const uses = `  - wait: ${"$a".repeat(10_000)}\n`;
  const [first = ""] = told(`${TOP}${params}steps:\n${uses}`);
  assertStringIncludes(first, "its parameters would make it longer by");
});

test("InvalidFile prints twenty problems, and how many more there are", () => {
  const text = `${TOP}steps:\n${"  - kil: s1\n".repeat(2_000)}`;
  const { problems } = read(text);
  assertEquals(problems.length, 2_000);
  const lines = new InvalidFile(problems).message.split("\n");
  assertEquals(lines.filter((line) => line.includes("error:")).length, 20);
  assertEquals(lines.at(-1), "… and 1980 more");
});
