/**
 * What is right in a scenario, and yet probably not meant.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { YAML_ENV } from "../yaml_env.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";

const LOAD = "steps: [{load: {rate: 1/s, for: 1s, clients: 1}}]\n";

function warnings(text: string): string[] {
  const { scenario, problems } = parseScenario(
    text,
    "a.yaml",
    () => generateTopology("line:3")!,
  );
  assert(scenario !== undefined);
  return problems.map(({ severity, line, column, message, hint }) => {
    assertEquals(severity, "warning");
    return `${line}:${column} ${message}${
      hint === undefined ? "" : `; ${hint}`
    }`;
  });
}

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: YAML_ENV, fn });
}

test("parseScenario() warns of a check that comes out the same in any case", () => {
  const share = (text: string) =>
    `${text}: reliability is a share, from 0 to 1`;
  const count = (text: string) =>
    `${text}: lost is a count: whole, and from 0 on`;
  for (
    const [check, wanted] of [
      ["reliability >= 99", [
        share("2:26 reliability >= 99 can never hold") + "; did you mean 99%?",
      ]],
      ["95 <= reliability", [
        share("2:11 95 <= reliability can never hold") + "; did you mean 95%?",
      ]],
      ["reliability < 99.9", [
        share("2:25 reliability < 99.9 always holds") + "; did you mean 99.9%?",
      ]],
      ["reliability > 120%", [share("2:25 reliability > 120% can never hold")]],
      ["reliability > 1", [share("2:25 reliability > 1 can never hold")]],
      ["reliability >= 0", [share("2:26 reliability >= 0 always holds")]],
      ["load.achieved != 50", [
        "2:28 load.achieved != 50 always holds: load.achieved is a share, from " +
        "0 to 1; did you mean 50%?",
      ]],
      ["lost < 0", [count("2:18 lost < 0 can never hold")]],
      ["lost >= 0", [count("2:19 lost >= 0 always holds")]],
      ["lost == 50%", [count("2:19 lost == 50% can never hold")]],
      ["lost <= 50%", ["2:19 lost is a count, and 50% of it is 0.5"]],
      ["300% > updates", ["2:11 updates is a count, and 300% of it is 3"]],
      ["p99 < 0ms", ["2:17 p99 < 0ms can never hold: p99 is never below 0"]],
      ["reliability >= 99%", []],
      ["reliability == 1", []],
      ["reliability > 0", []],
      ["reliability >= 1", []],
      ["lost <= 0", []],
      ["lost != 0", []],
      ["redundancy >= 0", []],
      ["messages_per_update <= 7", []],
      ["updates >= lost", []],
      ["converged == false", []],
    ] as const
  ) {
    assertEquals(warnings(`${LOAD}checks: ["${check}"]\n`), [...wanted], check);
  }
});

test("parseScenario() warns of a percentage that looks like a share", () => {
  const text = `steps:
  - loss: {targets: all, percent: 0.2}
  - parallel:
    - loss: {targets: all, percent: "0.5%"}
    - - duplicate: {targets: s0-s1, percent: 1}
      - cut: {targets: all, mode: {percent: 0.07}}
`;
  assertEquals(warnings(text), [
    "2:35 0.2 is 0.2%; did you mean 20%? Else write 0.2%",
    "6:45 0.07 is 0.07%; did you mean 7%? Else write 0.07%",
  ]);
});
