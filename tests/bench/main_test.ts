/**
 * The benchmarks as they are started: that they run, write and end as they say.
 * What they measure is asserted nowhere.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Results, RESULTS_VERSION } from "../../bench/report/results.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

async function bench(...args: string[]): Promise<
  { code: number; stdout: string; stderr: string }
> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-P=bench", "bench/main.ts", ...args],
    cwd: ROOT,
  });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("main() measures a section, prints JSON and writes results, page and plots", async () => {
  const out = await Deno.makeTempDir();
  try {
    const run = await bench("crossover", "--quick", "--json", "--out", out);
    assertEquals(run.code, 0, run.stderr);
    const results: Results = JSON.parse(run.stdout);
    assertEquals(results.version, RESULTS_VERSION);
    assertEquals(results.sections.map(({ name }) => name), ["crossover"]);
    const read = (path: string) => Deno.readTextFile(`${out}/${path}`);
    assertEquals(JSON.parse(await read("results.json")), results);
    const page = await read("RESULTS.md");
    assertStringIncludes(page, "A smoke run");
    assertStringIncludes(page, "(plots/crossover.svg)");
    const svg = await read("plots/crossover.svg");
    assert(svg.startsWith("<svg"), svg.slice(0, 80));
    assertStringIncludes(svg, "prefers-color-scheme:dark");
    assertStringIncludes(run.stderr, "crossover: 2014");
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});

Deno.test("main() ends with 2 when it is told nonsense, and measures nothing", async () => {
  const run = await bench("croßover");
  assertEquals([run.code, run.stdout], [2, ""]);
  assertStringIncludes(run.stderr, "did you mean crossover?");
});
