import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { loadTopology, shippedTopologies } from "../sim/live/herd/load.ts";
import { metricInfos } from "../sim/model/checks/metric_names.ts";
import { printProblems } from "../sim/model/problem.ts";
import { parseScenario } from "../sim/model/scenario/parse.ts";
import { furtherWays } from "../sim/model/scenario/scenario.ts";
import {
  GENERATED_FORMS,
  generateTopology,
} from "../sim/model/topology/generate.ts";
import { parseTopology } from "../sim/model/topology/topology.ts";
import { fieldNames } from "../sim/model/scenario/schema.ts";
import { STEP_NAMES } from "../sim/model/steps/kinds.ts";

const PAGE = Deno.readTextFileSync(
  new URL("../docs/scenarios.md", import.meta.url),
);

const SNIPPETS = [...PAGE.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
  .map(([, text = ""]) => text);

/** A whole file: single steps come after one that makes their client known. */
function wholeFile(snippet: string): string {
  if (!snippet.startsWith("- ")) return snippet;
  const steps = "- iamat: {client: kiwi, position: +0-0, to: Alford}\n" +
    snippet;
  return `steps:\n${steps.replaceAll(/^/gm, "  ")}\n`;
}

Deno.test("docs/scenarios.md has only examples that are right", () => {
  assert(SNIPPETS.length >= 12, `${SNIPPETS.length} examples`);
  for (const snippet of SNIPPETS) {
    const text = wholeFile(snippet);
    const { problems } = parseScenario(text, "snippet", (s) => loadTopology(s));
    assertEquals(printProblems(problems), "");
  }
});

Deno.test("docs/scenarios.md shows every step and every field", () => {
  const examples = SNIPPETS.join("\n");
  for (const step of STEP_NAMES) assertStringIncludes(examples, `- ${step}:`);
  const places = ["", ...STEP_NAMES, "whatsat.expect", "load.mix"];
  places.push("whatsat.expect.places");
  places.push("supervisor", "supervisor.intensity", "supervisor.backoff");
  for (const field of places.flatMap(fieldNames)) {
    assert(new RegExp(`\\b${field}:`).test(examples), `no example of ${field}`);
  }
});

Deno.test("docs/topologies.md names every kind of generated herd, and its examples are right", () => {
  const page = Deno.readTextFileSync(
    new URL("../docs/topologies.md", import.meta.url),
  );
  const names = [...page.matchAll(/`([a-z]+(?::\d+)+)`/g)].map(([, name]) =>
    name!
  );
  for (const name of names) assert(generateTopology(name), name);
  const kinds = new Set(names.map((name) => name.split(":")[0]));
  assertEquals(
    [...kinds],
    GENERATED_FORMS.map((form) => form.split(":")[0]!),
  );
  for (const [, yaml = ""] of page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)) {
    assertEquals(parseTopology(yaml, "example.yaml").problems, []);
  }
  for (const year of shippedTopologies()) {
    assertStringIncludes(page, `\`${year}\``);
  }
});

Deno.test("sim/scenarios/ ships only drills that are right", () => {
  const folder = new URL("../sim/scenarios/", import.meta.url);
  const drills = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".yaml"));
  assert(drills.includes("partition.yaml") && drills.includes("churn.yaml"));
  for (const name of drills) {
    const text = Deno.readTextFileSync(new URL(name, folder));
    const { problems } = parseScenario(text, name, (s) => loadTopology(s));
    assertEquals(printProblems(problems), "");
    assert(text.startsWith("# yaml-language-server: $schema="), name);
  }
});

Deno.test("docs/your-server.md names the drills that servers which are brought can't have", () => {
  const page = Deno.readTextFileSync(
    new URL("../docs/your-server.md", import.meta.url),
  );
  const [, told = ""] = /where several are run:([^.]*)\./.exec(page) ?? [];
  const folder = new URL("../sim/scenarios/", import.meta.url);
  const refused = [...Deno.readDirSync(folder)].flatMap(({ name }) => {
    if (!name.endsWith(".yaml")) return [];
    const text = Deno.readTextFileSync(new URL(name, folder));
    const { scenario } = parseScenario(text, name, (s) => loadTopology(s));
    const { durable = "none", hub, steps } = scenario!;
    const isOwn = durable !== "none" || hub || furtherWays(steps).length > 0;
    return isOwn ? [name.slice(0, -".yaml".length)] : [];
  });
  const names = [...told.matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
  assertEquals(names.sort(), refused.sort());
});

Deno.test("docs/scenarios.md names every figure that checks know", () => {
  const rows = PAGE.split("\n").filter((line) => line.startsWith("| `"))
    .join("\n");
  const families =
    /^(to\.Ash|ack|hop|hop\.Ash|detection|restarts\.backoff|sessions\.staleness|faults\.kill)\.(?!p50|count)/;
  for (const [name, { hasPhases }] of metricInfos(["Ash"])) {
    if (families.test(name) && name !== "faults.kill.touched") continue;
    const isOther = /^faults\.(?!kill)\w+\./.test(name);
    if (isOther) continue;
    assertStringIncludes(rows, `\`${name}\`${hasPhases ? "\\*" : ""}`);
  }
});
