import { assertEquals } from "@std/assert";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { YAML_ENV } from "../yaml_env.ts";

const TOO_LATE = "begins a fault, and all faults have ended";

/** What is wrong with steps that begin in line 2: each `line:column step`. */
function late(steps: string): string[] {
  const text = `topology: line:3\nsteps:${steps.trimEnd()}\n`;
  const { problems } = parseScenario(
    text,
    "a.yaml",
    (spec) => generateTopology(spec)!,
  );
  return problems.map(({ line, column, message, hint }) => {
    assertEquals(hint, "put it before faults_end", message);
    return `${line}:${column} ${message.replace(TOO_LATE, "").trim()}`;
  });
}

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: YAML_ENV, fn });
}

test("a scenario has no fault begin after faults_end", () => {
  assertEquals(
    late(`
  - kill: s0
  - faults_end: { from: 1s, heal: none }
  - kill: s1
  - cut: s0-s1
  - nemesis: { every: 1s, for: 2s }
  - churn: { every: 1s, for: 2s }
  - places: stall
  - random: { steps: 5 }
  - parallel:
      - partition: { groups: [[s0], [s1, s2]] }
      - wait: 1s
`),
    [
      "5:5 kill",
      "6:5 cut",
      "7:5 nemesis",
      "8:5 churn",
      "9:5 places",
      "10:5 random",
      "12:9 partition",
    ],
  );
});

test("a scenario may take faults back after faults_end, and do all else", () => {
  assertEquals(
    late(`
  - kill: s0
  - pause: s1
  - places: stall
  - faults_end: { from: 1s, heal: none }
  - revive: s0
  - resume: s1
  - heal: all
  - places: none
  - random: { steps: 5, of: [iamat, wait, revive] }
  - garbage: { rate: 10/s, for: 1s, clients: 1, to: s0, may: fail }
  - eventually: { converged: all }
`),
    [],
  );
});

test("a scenario may have faults beside faults_end, and none after both", () => {
  assertEquals(
    late(`
  - parallel:
      - - wait: 1s
        - kill: s0
      - - faults_end: { from: 2s }
        - kill: s1
      - nemesis: { every: 1s, for: 1h }
  - kill: s2
`),
    ["7:11 kill", "9:5 kill"],
  );
});

test("a round of repeat has no fault begin after the faults_end of the one before", () => {
  const steps = (times: number) =>
    late(`
  - repeat:
      times: ${times}
      steps:
        - kill: s0
        - faults_end: { from: 1s }
`);
  assertEquals(steps(1), []);
  assertEquals(steps(2), ["6:11 kill"]);
});
