import { assertEquals } from "@std/assert";
import { stringify } from "yaml";
import {
  type FaultAction,
  NEMESIS_FAULTS,
  writtenAction,
} from "../../../../sim/model/steps/faults.ts";
import { nemesisPlan } from "../../../../sim/model/steps/nemesis.ts";
import { Random } from "../../../../sim/model/random.ts";
import {
  downAndUp,
  writtenInTime,
} from "../../../../sim/model/scenario/actions.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { YAML_ENV } from "../yaml_env.ts";

const RING = generateTopology("ring:4")!;

/** What a reader of the written action understands. */
function readAgain(action: FaultAction): unknown {
  const text = stringify({ steps: [writtenAction(action)] });
  const { scenario, problems } = parseScenario(text, "action.yaml", () => RING);
  assertEquals(problems, []);
  const { where: _, ...step } = scenario!.steps[0]!;
  return step;
}

const ACTIONS: readonly FaultAction[] = [
  { kind: "restart", servers: ["s1", "s2"] },
  { kind: "kill", servers: ["s1"], durationMs: 1_500 },
  { kind: "reset", targets: ["s0-s1"], id: "reset-1" },
  {
    kind: "partition",
    groups: [["s0", "s1"], ["s2", "s3"]],
    durationMs: 0.25,
    id: "split",
  },
  {
    kind: "clock_skew",
    targets: ["s3"],
    offsetMs: -1_000,
    driftPpm: 2.5,
    id: "late",
  },
  ...([
    { kind: "limit_data", bytes: 10 },
    { kind: "slow_close", delayMs: 20 },
    { kind: "timeout", timeoutMs: 30 },
    { kind: "loss", nth: 3, lines: "AT" },
  ] as const).map((fault): FaultAction => ({
    kind: fault.kind,
    fault,
    targets: ["s0>s1"],
  })),
];

Deno.test({
  name: "downAndUp() takes servers back after the time, whenever it begins",
  permissions: "none",
  fn() {
    const servers = ["s1", "s2"];
    const kinds = [
      ["kill", "revive"],
      ["wipe", "revive"],
      ["pause", "resume"],
    ] as const;
    for (const [kind, back] of kinds) {
      for (const atMs of [0, 5, 1_000]) {
        assertEquals(downAndUp(kind, servers, atMs, 200), [
          { atMs, action: { kind, servers } },
          { atMs: atMs + 200, action: { kind: back, servers } },
        ]);
      }
    }
  },
});

Deno.test({
  name: "writtenAction() is read as the very action",
  permissions: YAML_ENV,
  fn() {
    for (const action of ACTIONS) assertEquals(readAgain(action), action);
  },
});

Deno.test({
  name: "writtenAction() writes all that a nemesis does",
  permissions: YAML_ENV,
  fn() {
    for (const fault of NEMESIS_FAULTS) {
      const nemesis = {
        everyMs: 10,
        faultMs: 10,
        durationMs: 10,
        faults: [fault],
        minAlive: 1,
      };
      const [planned] = nemesisPlan(nemesis, RING, new Random(1));
      assertEquals(readAgain(planned!.action), planned!.action);
    }
  },
});

Deno.test({
  name: "writtenInTime() waits for what an action took, and not twice",
  permissions: "none",
  fn() {
    const servers = ["s1"];
    const steps = writtenInTime([
      { atMs: 0.4, action: { kind: "kill", servers } },
      { atMs: 50, tookMs: 20, action: { kind: "revive", servers } },
      { atMs: 100, action: { kind: "kill", servers } },
    ]);
    assertEquals(
      steps.map((step) => step["wait"] ?? Object.keys(step)[0]),
      ["kill", "50ms", "revive", "30ms", "kill"],
    );
  },
});
