import { isDiskFault } from "../../../../sim/model/steps/disk_faults.ts";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { NEMESIS_FAULTS } from "../../../../sim/model/steps/faults.ts";
import { nemesisPlan } from "../../../../sim/model/steps/nemesis.ts";
import { Random } from "../../../../sim/model/random.ts";

const RING = generateTopology("ring:6")!;
const STEP = {
  everyMs: 100,
  durationMs: 10_000,
  faultMs: 350,
  faults: NEMESIS_FAULTS,
  minAlive: 4,
};

function plan(seed: number, more: Partial<typeof STEP> = {}, herd = RING) {
  return nemesisPlan({ ...STEP, ...more }, herd, new Random(seed));
}

Deno.test({
  name: "nemesisPlan() follows from the seed alone",
  permissions: "none",
  fn() {
    assertEquals(plan(1), plan(1));
    assertNotEquals(plan(1), plan(2));
  },
});

Deno.test({
  name: "nemesisPlan() does all it may, in time, and leaves enough alive",
  permissions: "none",
  fn() {
    const kinds = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const faults = plan(seed);
      const down = faults.flatMap(({ atMs, action }) => {
        kinds.add(action.kind);
        assert(atMs + STEP.faultMs <= STEP.durationMs);
        return "servers" in action
          ? [{ atMs, endMs: atMs + STEP.faultMs, name: action.servers[0]! }]
          : [];
      });
      for (const { atMs } of down) {
        const now = down.filter((it) => it.atMs <= atMs && it.endMs >= atMs);
        assert(now.length <= 6 - STEP.minAlive, `${now.length} down`);
        assertEquals(new Set(now.map(({ name }) => name)).size, now.length);
      }
    }
    assertEquals(kinds, new Set(NEMESIS_FAULTS));
  },
});

Deno.test({
  name: "nemesisPlan() has nothing to do where nothing may be done",
  permissions: "none",
  fn() {
    const lone = generateTopology("line:1")!;
    const others = NEMESIS_FAULTS.filter((kind) =>
      kind !== "clock_skew" && !isDiskFault({ kind })
    );
    assertEquals(plan(1, { minAlive: 1, faults: others }, lone), []);
    const clocks = plan(1, { faults: ["clock_skew"] }, lone);
    assert(clocks.length > 0);
    assertEquals(plan(1, { durationMs: 300 }), []);
    const faults = ["kill"] as const;
    const kills = nemesisPlan(
      { ...STEP, faults, minAlive: 6 },
      RING,
      new Random(1),
    );
    assertEquals(kills, []);
  },
});
