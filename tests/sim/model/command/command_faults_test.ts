import { assertEquals } from "@std/assert";
import {
  completeCommand,
  parseCommand,
} from "../../../../sim/model/command/command.ts";
import {
  FAULT_COMMANDS,
  type FaultCommand,
  isFaultCommand,
  numberForms,
} from "../../../../sim/model/command/command_faults.ts";

const SERVERS = ["Alford", "Parker"];

Deno.test({
  name: "parseCommand() gives each command about links, clocks and places",
  permissions: "none",
  fn() {
    const targets = ["Alford-Parker"];
    const latency = {
      kind: "latency",
      latencyMs: 100,
      jitterMs: 0,
      correlation: 0,
      distribution: "uniform",
    } as const;
    const lines: [text: string, command: FaultCommand][] = [
      ["cut Alford Parker", { kind: "cut", fault: { kind: "cut" }, targets }],
      ["cut Alford-Parker", { kind: "cut", fault: { kind: "cut" }, targets }],
      ["cut Alford>Parker", {
        kind: "cut",
        fault: { kind: "cut" },
        targets: ["Alford>Parker"],
      }],
      ["heal", { kind: "heal", what: "all" }],
      ["heal cut-1", { kind: "heal", what: "cut-1" }],
      ["faults", { kind: "faults" }],
      ["reset all", { kind: "reset", targets: ["all"] }],
      ["partition halves", { kind: "partition", wish: "halves" }],
      ["partition Alford,Powell | rest", {
        kind: "partition",
        wish: [["Alford", "Powell"]],
      }],
      ["partition Alford, Powell|Parker Bolden", {
        kind: "partition",
        wish: [["Alford", "Powell"], ["Parker", "Bolden"]],
      }],
      ["latency Alford-Parker 100ms", {
        kind: "latency",
        fault: latency,
        targets,
      }],
      ["latency Alford-Parker 100ms ±20ms", {
        kind: "latency",
        fault: { ...latency, jitterMs: 20 },
        targets,
      }],
      ["latency Alford-Parker 100ms ±20ms pareto", {
        kind: "latency",
        fault: { ...latency, jitterMs: 20, distribution: "pareto" },
        targets,
      }],
      ["bandwidth Alford-Parker 10kB/s", {
        kind: "bandwidth",
        fault: { kind: "bandwidth", bytesPerSecond: 10_000 },
        targets,
      }],
      ["loss Alford-Parker 10% AT", {
        kind: "loss",
        fault: { kind: "loss", percent: 10, lines: "AT" },
        targets,
      }],
      ["corrupt Alford-Parker PING", {
        kind: "corrupt",
        fault: { kind: "corrupt", percent: 100, lines: "PING" },
        targets,
      }],
      ["slicer Alford-Parker 5", {
        kind: "slicer",
        fault: {
          kind: "slicer",
          averageBytes: 5,
          variationBytes: 0,
          delayMs: 0,
        },
        targets,
      }],
      ["limit_data Alford-Parker 1kB", {
        kind: "limit_data",
        fault: { kind: "limit_data", bytes: 1_000 },
        targets,
      }],
      ["slow_close Alford-Parker 1s", {
        kind: "slow_close",
        fault: { kind: "slow_close", delayMs: 1_000 },
        targets,
      }],
      ["timeout Alford-Parker 1s", {
        kind: "timeout",
        fault: { kind: "timeout", timeoutMs: 1_000 },
        targets,
      }],
      ["places http-500", { kind: "places", behaviour: "http-500" }],
      ["places none", { kind: "places", behaviour: "none" }],
      ["clock_skew Alford -1h", {
        kind: "clock_skew",
        server: "Alford",
        offsetMs: -3_600_000,
      }],
    ];
    for (const [text, command] of lines) {
      assertEquals(parseCommand(text, SERVERS), { ok: true, command }, text);
    }
  },
});

Deno.test({
  name: "parseCommand() shows how a command about links is written",
  permissions: "none",
  fn() {
    const wrong = [
      "cut",
      "cut a b c",
      "heal a b",
      "faults now",
      "reset",
      "partition",
      "partition a | | b",
      "partition |",
      "latency a",
      "latency a 100",
      "latency a 100ms 20ms",
      "latency a 100ms ±20",
      "latency a 100ms ±20ms gauss",
      "latency a 100ms uniform more",
      "bandwidth a 10kB",
      "bandwidth a 0B/s",
      "loss a 101%",
      "loss a AT 10%",
      "loss a XY",
      "slicer a 0",
      "slicer a",
      "limit_data a x",
      "slow_close a 5",
      "slow_close a 0s",
      "timeout a 1s 2s",
      "places",
      "places bad",
      "places stall now",
      "clock_skew Alford",
      "clock_skew Alford 1",
      "clock_skew Alford 1000001h",
      "latency a 597h",
      "bandwidth a 1000001MB/s",
    ];
    const told = (text: string) => parseCommand(text, SERVERS);
    assertEquals(told("timeout a 597h"), {
      ok: false,
      why: "usage: timeout <link> <time> " +
        "(<time>: 500ms, 1.5s, 2m, 1h, at most 596h)",
    });
    for (const text of wrong) {
      const name = text.split(" ")[0]!;
      const { usage } = FAULT_COMMANDS[name as FaultCommand["kind"]];
      assertEquals(parseCommand(text, SERVERS), {
        ok: false,
        why: `usage: ${usage}${numberForms(usage)}`,
      }, text);
    }
    assertEquals(["cut", "kill", "constructor"].map(isFaultCommand), [
      true,
      false,
      false,
    ]);
  },
});

Deno.test({
  name: "completeCommand() goes on with links where a fault is put on one",
  permissions: "none",
  fn() {
    const links = ["all", "Alford", "Alford-Parker", "Alford>Parker"];
    const complete = (text: string) => completeCommand(text, SERVERS, links)[0];
    assertEquals(complete("cut Alford-"), ["Alford-Parker "]);
    assertEquals(complete("heal Al"), [
      "Alford ",
      "Alford-Parker ",
      "Alford>Parker ",
    ]);
    assertEquals(complete("clock_skew "), ["Alford ", "Parker "]);
    assertEquals(complete("places st"), ["stall "]);
    assertEquals(complete("hub_kill "), ["all ", "leader "]);
    assertEquals(complete("kill "), ["Alford ", "Parker "]);
    assertEquals(complete("cut Alford-Parker "), []);
  },
});
