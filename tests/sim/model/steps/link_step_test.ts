import { assertEquals } from "@std/assert";
import { LINE_KINDS } from "../../../../herd/core/wire/link_message.ts";
import { describeStep } from "../../../../sim/model/steps/kinds.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { needsLinkFaults } from "../../../../sim/model/scenario/scenario.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import {
  parseBytes,
  parsePercent,
} from "../../../../sim/model/topology/size.ts";
import { YAML_ENV } from "../yaml_env.ts";

/** Kinds of lines, as a message names them. */
const KINDS = LINE_KINDS.join(" or ");

/** The drill of one step, in a line of servers s0 to s3. */
function read(step: string) {
  const text = `topology: line:4
groups: {west: [s0, s1]}
steps:
  - ${step}
`;
  const { scenario, problems } = parseScenario(
    text,
    "drill.yaml",
    (spec) => generateTopology(spec)!,
  );
  return { scenario, problems };
}

function problem(step: string): string {
  return read(step).problems.map(({ line, column, message, hint }) =>
    `${line}:${column} ${message}${hint === undefined ? "" : `, ${hint}`}`
  ).join("\n");
}

Deno.test({
  name:
    "parseScenario() reads steps about links, and describeStep() tells them",
  permissions: YAML_ENV,
  fn() {
    const table: [step: string, told: string][] = [
      ["cut: s0-s1", "cut on s0-s1"],
      ["cut: [s0>s1, west]", "cut on s0>s1, s0, s1"],
      [
        "cut: {targets: all, mode: one, duration: 2s}",
        "cut on all, one of them for 2s",
      ],
      ["heal: [s0-s1, all]", "heal s0-s1, all"],
      ["reset: {targets: s1, mode: {fixed: 1}}", "reset on s1, 1 of them"],
      ["partition: ring", "partition ring"],
      [
        "partition: {groups: [west, [s2, s3]], duration: 1s}",
        "partition s0, s1 | s2, s3 for 1s",
      ],
      [
        "latency: {targets: s0-s1, latency: 100ms, jitter: 20ms, " +
        "distribution: pareto, correlation: 25%}",
        "latency of 100ms ±20ms pareto correlated by 25% on s0-s1",
      ],
      [
        "bandwidth: {targets: all, rate: 10kB/s, mode: {percent: 50}}",
        "bandwidth of 10000 bytes/s on all, 50% of them",
      ],
      [
        "slicer: {targets: all, average_size: 5, delay: 1ms}",
        "slicer of 5 ±0 bytes every 1ms on all",
      ],
      [
        "limit_data: {targets: all, bytes: 1kB}",
        "limit_data of 1000 bytes on all",
      ],
      ["slow_close: {targets: all, delay: 1s}", "slow_close of 1s on all"],
      ["timeout: {targets: all, timeout: 1s}", "timeout of 1s on all"],
      ["loss: {targets: all}", "loss of 100% of all lines on all"],
      [
        "loss: {targets: all, lines: IHAVE}",
        "loss of 100% of IHAVE lines on all",
      ],
      [
        "corrupt: {targets: all, nth: 3, lines: AT}",
        "corrupt of number 3 of AT lines on all",
      ],
      [
        "clock_skew: {targets: west, offset: -1s, drift: 200ppm}",
        "clock_skew of -1s by 200ppm on s0, s1",
      ],
    ];
    for (const [step, told] of table) {
      const { scenario } = read(step);
      assertEquals(problem(step), "", step);
      assertEquals(describeStep(scenario!.steps[0]!), told);
      const isOfLinks = !/^(heal|clock_skew)/.test(step);
      assertEquals(needsLinkFaults(scenario!.steps), isOfLinks, step);
      const nested = `parallel: [[{repeat: {times: 1, steps: [{${step}}]}}]]`;
      assertEquals(needsLinkFaults(read(nested).scenario!.steps), isOfLinks);
    }
  },
});

Deno.test({
  name: "parseScenario() tells what is wrong with a step about links",
  permissions: YAML_ENV,
  fn() {
    const table: [step: string, told: string][] = [
      ["cut: s0-t1", "4:10 no link or server s0-t1, did you mean s0-s1?"],
      ["cut: s0-s2", "4:10 no link s0-s2, s0 is linked to s1"],
      [
        "cut: {targets: s1, mode: {fixd: 1}}",
        "4:31 unknown field fixd in cut.mode, did you mean fixed?",
      ],
      [
        "cut: {targets: s1, mode: {fixed: 1, percent: 2}}",
        "4:30 mode takes fixed or percent",
      ],
      [
        "cut: {target: s1}",
        "4:11 unknown field target in cut, did you mean targets?",
      ],
      ["cut: {targets: s1, duration: 0s}", "4:34 must be above 0"],
      ["heal: splt", "4:11 no link or server splt"],
      [
        "loss: {targets: all, percent: 10, nth: 1}",
        "4:11 loss takes percent or nth, not both",
      ],
      [
        "loss: {targets: all, percent: 101}",
        '4:35 "101" is no percentage from 0 to 100',
      ],
      [
        "loss: {targets: all, lines: AR}",
        `4:33 expected ${KINDS}, not "AR"`,
      ],
      [
        "partition: {groups: [[s0, t1]]}",
        "4:31 no server or group t1, did you mean s1?",
      ],
      [
        "partition: {shape: ring, groups: [west]}",
        "4:16 partition takes shape or groups",
      ],
      [
        "bandwidth: {targets: all, rate: 10}",
        '4:37 "10" is no bandwidth (512B/s, 10kB/s, 1MB/s, at most 1000000MB/s)',
      ],
      [
        "bandwidth: {targets: all, rate: 1000001MB/s}",
        '4:37 "1000001MB/s" is no bandwidth ' +
        "(512B/s, 10kB/s, 1MB/s, at most 1000000MB/s)",
      ],
      ["bandwidth: {targets: all, rate: 0B/s}", "4:37 must be above 0"],
      [
        `limit_data: {targets: all, bytes: ${"9".repeat(400)}}`,
        `4:39 "${"9".repeat(400)}" is no size ` +
        "(512, 512B, 10kB, 64KiB, 1MB, at most 1000000MB)",
      ],
      ["slicer: {targets: all, average_size: 0}", "4:42 must be above 0"],
      [
        "loss: {targets: all, nth: 1000000001}",
        '4:31 "1000000001" is no whole number from 1 to 1000000000',
      ],
      [
        "clock_skew: {targets: all, offset: 1000001h}",
        '4:40 "1000001h" is no offset ' +
        "(500ms, -1h, at most 1000000h either way)",
      ],
      [
        "clock_skew: {targets: all, drift: 1000001ppm}",
        '4:39 "1000001ppm" is no drift ' +
        "(200ppm, -50ppm, at most 1000000ppm either way)",
      ],
      [
        "garbage: {rate: 1000001/s, for: 1s}",
        '4:21 "1000001/s" is no rate (1000/s, 30/m, at most 1000000/s)',
      ],
      [
        "churn: {every: 1us, for: 1h}",
        "4:12 churn does at most 100000 things: for is too long for every",
      ],
      [
        "nemesis: {every: 0.001ms, for: 1s}",
        "4:14 nemesis does at most 100000 things: for is too long for every",
      ],
      [
        "clock_skew: {targets: all}",
        "4:17 clock_skew needs offset, drift or both",
      ],
    ];
    for (const [step, told] of table) assertEquals(problem(step), told, step);
  },
});

Deno.test({
  name: "parseScenario() lets heal name a fault only after its step",
  permissions: YAML_ENV,
  fn() {
    const cut = "{cut: {targets: all, id: snip}}";
    assertEquals(problem(`parallel: [[${cut}, {heal: snip}]]`), "");
    assertEquals(
      problem(`parallel: [[{heal: snip}, ${cut}]]`),
      "4:24 no link or server snip",
    );
  },
});

Deno.test({
  name: "parseBytes() and parsePercent() read what people write",
  permissions: "none",
  fn() {
    const sizes = [
      ...["0", "512", "512B", "10kB", "1.5MB", "1.5", "-1", "1KB", ""],
      ...["1000000MB", "1000000.000001MB", "9".repeat(400)],
    ];
    assertEquals(sizes.map(parseBytes), [
      0,
      512,
      512,
      10_000,
      1_500_000,
      undefined,
      undefined,
      1_000,
      undefined,
      1e12,
      undefined,
      undefined,
    ]);
    assertEquals(
      ["0", "25%", "33.3%", "100", "101", "%", "-1"].map(parsePercent),
      [
        0,
        25,
        33.3,
        100,
        undefined,
        undefined,
        undefined,
      ],
    );
  },
});
