import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  isTuning,
  TUNING,
  type Tuning,
  TUNING_KEYS,
} from "../../../../herd/core/tuning.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import {
  settledTuning,
  writtenTuning,
} from "../../../../sim/model/scenario/tuning.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";

function read(tuning: string) {
  const text = `topology: line:2\ntuning: ${tuning}\nsteps:\n  - wait: 1ms\n`;
  return parseScenario(text, "a.yaml", (name) => generateTopology(name)!);
}

Deno.test("settledTuning() draws from the whole range, the same from a seed", () => {
  const drawn = Array.from({ length: 500 }, (_, seed) => {
    const tuning = settledTuning("drawn", true, seed)!;
    assertEquals(settledTuning("drawn", true, seed), tuning);
    return tuning;
  });
  for (const key of TUNING_KEYS) {
    const values = drawn.flatMap((it) => it[key] ?? []);
    // What computing takes is told, never drawn.
    if (key === "workUs") {
      assertEquals(values, []);
      continue;
    }
    assert(values.every((value) => isTuning(key, value)), key);
    const { min, max } = TUNING[key];
    assert(values.includes(min), key);
    assert(values.some((value) => value > (min + max) / 2), key);
    assert(values.length < drawn.length, `${key} is as usual now and then`);
  }
});

Deno.test("settledTuning() draws nothing where a run is not the seed's", () => {
  assertEquals(settledTuning("drawn", false, 1), undefined);
  assertEquals(settledTuning({ tickMs: 5 }, false, 1), { tickMs: 5 });
});

Deno.test("parseScenario() reads constants that were written", () => {
  const told: Partial<Tuning> = settledTuning("drawn", true, 3)!;
  assertNotEquals(told, {});
  const { scenario, problems } = read(JSON.stringify(writtenTuning(told)));
  assertEquals(problems, []);
  assertEquals(scenario!.tuning, told);
  assertEquals(read("drawn").scenario!.tuning, "drawn");
});

for (
  const [tuning, message] of [
    ["{ queue_slots: 3 }", "must be a power of two"],
    ["{ tick_ms: 0 }", '"0" is no whole number from 5 to 100'],
    ["{ tick: 5 }", "unknown field tick in tuning"],
    ["chosen", "drawn"],
  ] as const
) {
  Deno.test(`parseScenario() says what is wrong with tuning: ${tuning}`, () => {
    const { problems } = read(tuning);
    assertEquals(problems.length, 1);
    assert(problems[0]!.message.includes(message), problems[0]!.message);
  });
}
