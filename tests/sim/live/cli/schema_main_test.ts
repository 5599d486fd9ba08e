/**
 * The schemas as editors use them.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { parse } from "yaml";
import * as z from "zod";
import { STEP_NAMES } from "../../../../sim/model/steps/kinds.ts";
import { SCHEMA_FILES } from "../../../../sim/live/cli/schema_main.ts";

const ROOT = new URL("../../../../", import.meta.url);

// deno-lint-ignore no-explicit-any
function schemaOf(path: string): any {
  return JSON.parse(SCHEMA_FILES.get(path)!);
}

/** Whether a schema takes a text, as an editor does: numbers are numbers. */
function checker(path: string): (yaml: string) => boolean {
  const schema = z.fromJSONSchema(schemaOf(path));
  return (yaml) => schema.safeParse(parse(yaml)).success;
}

for (const [path, text] of SCHEMA_FILES) {
  Deno.test(`${path} is what is committed for editors`, () => {
    assertEquals(
      Deno.readTextFileSync(new URL(path, ROOT)),
      text,
      "run: deno run -P=herd sim/live/cli/schema_main.ts",
    );
  });

  Deno.test(`${path} takes all files beside it, which name it`, () => {
    const takes = checker(path);
    const folder = new URL(".", new URL(path, ROOT));
    const files = [...Deno.readDirSync(folder)]
      .filter(({ name }) => name.endsWith(".yaml"));
    assert(files.length > 0);
    for (const { name } of files) {
      const yaml = Deno.readTextFileSync(new URL(name, folder));
      assert(takes(yaml), name);
      const line = `# yaml-language-server: $schema=${path.split("/").at(-1)}`;
      assertEquals(yaml.split("\n")[0], line, name);
    }
  });

  Deno.test(`${path} has something to say of every field`, () => {
    const mute: string[] = [];
    const look = (node: unknown, way: string): void => {
      if (typeof node !== "object" || node === null) return;
      const { properties = {} } = node as { properties?: object };
      for (const [name, field] of Object.entries(properties)) {
        if (!field.description) mute.push(`${way}.${name}`);
      }
      for (const [key, inner] of Object.entries(node)) {
        look(inner, `${way}/${key}`);
      }
    };
    look(schemaOf(path), "");
    assertEquals(mute, []);
  });
}

Deno.test("scenarioJsonSchema() takes parameters, and refuses what is wrong", () => {
  const takes = checker("sim/scenarios/scenario.schema.json");
  const steps = (step: string) => takes(`steps:\n  - ${step}\n`);
  for (
    const step of [
      "load: {rate: $rate, for: $long, clients: $clients}",
      "iamat: {client: 007, position: +1-1, to: s0, time: $time}",
      "loss: {targets: all, percent: $share, lines: $kind}",
      "partition: $shape",
      "kill: {targets: all, mode: {fixed: $n}}",
      "wait: $long",
    ]
  ) assert(steps(step), step);
  assert(takes("params: {rate: 500, on: true}\nsteps: [{wait: 1s}]\n"));
  for (
    const step of [
      "kil: s1",
      "wait: 1",
      "wait: long",
      "load: {rate: x, for: 1s, clients: 5}",
      "load: {rate: 1/s, for: 1s, clients: many}",
      "loss: {targets: all, lines: NOISE}",
      "iamat: {client: kiwi, position: +1-1}",
    ]
  ) assert(!steps(step), step);
});

Deno.test("topologyJsonSchema() refuses what is no topology", () => {
  const takes = checker("topologies/topology.schema.json");
  assert(takes("servers: {A: 0, B: 12000}\nlinks: [[A, B]]\nmode: tree\n"));
  const limits = "{clients_max: 5, query_max: 2s, record_bytes_max: 5MiB, " +
    "line_bytes_max: 4096, future_max: off}";
  assert(takes(`servers: {A: 0}\nlimits: ${limits}\n`));
  for (
    const yaml of [
      "links: [[A, B]]\n",
      "servers: {A: 70000}\n",
      "servers: {A: 0}\nlinks: [[A]]\n",
      "servers: {A: 0}\nlink: []\n",
      "servers: {A: 0}\nmode: gossip\n",
      "servers: {A: 0}\nlimits: {clients: 5}\n",
      "servers: {A: 0}\nlimits: {connections_max: 0}\n",
      "servers: {A: 0}\nlimits: {query_max: 2}\n",
    ]
  ) assert(!takes(yaml), yaml);
});

Deno.test("scenarioJsonSchema() describes every step once, and every field", () => {
  const schema = schemaOf("sim/scenarios/scenario.schema.json");
  const steps: { properties: Record<string, unknown> }[] =
    schema.$defs.step.anyOf;
  assertEquals(
    steps.flatMap((step) => Object.keys(step.properties)),
    STEP_NAMES,
  );
  assertEquals(Object.keys(schema.properties), [
    "name",
    "description",
    "topology",
    "mode",
    "world",
    "durable",
    "seed",
    "repeat",
    "params",
    "groups",
    "supervisor",
    "limits",
    "tuning",
    "hub",
    "steps",
    "checks",
    "sometimes",
  ]);
});
