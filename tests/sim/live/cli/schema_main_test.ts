import { assertEquals } from "@std/assert";
import {
  SCHEMA_FILE,
  schemaText,
} from "../../../../sim/live/cli/schema_main.ts";

Deno.test("schemaText() is what is committed for editors", () => {
  assertEquals(
    Deno.readTextFileSync(SCHEMA_FILE),
    schemaText(),
    "run: deno run -P=herd sim/live/cli/schema_main.ts",
  );
});

Deno.test("schemaText() describes every step once, and every field", () => {
  const schema = JSON.parse(schemaText());
  const steps: { properties: Record<string, unknown> }[] =
    schema.$defs.step.anyOf;
  assertEquals(steps.flatMap((step) => Object.keys(step.properties)), [
    "iamat",
    "whatsat",
    "send",
    "load",
    "kill",
    "crash",
    "revive",
    "restart",
    "pause",
    "resume",
    "clock_skew",
    "cut",
    "heal",
    "reset",
    "partition",
    "latency",
    "bandwidth",
    "slicer",
    "limit_data",
    "slow_close",
    "timeout",
    "loss",
    "duplicate",
    "reorder",
    "corrupt",
    "places",
    "garbage",
    "nemesis",
    "churn",
    "random",
    "expect",
    "eventually",
    "always",
    "wait",
    "phase",
    "parallel",
    "repeat",
  ]);
  assertEquals(Object.keys(schema.properties), [
    "name",
    "description",
    "topology",
    "mode",
    "seed",
    "repeat",
    "params",
    "groups",
    "supervisor",
    "steps",
    "checks",
  ]);
});
