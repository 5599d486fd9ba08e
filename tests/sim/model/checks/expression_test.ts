import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { judge, parseCheck } from "../../../../sim/model/checks/expression.ts";
import { metricInfos } from "../../../../sim/model/checks/metric_names.ts";
import type { MetricValue } from "../../../../sim/model/checks/metrics.ts";

const NAMES = {
  metrics: metricInfos(["Ash", "Elm"]),
  phases: ["healthy"],
  faultIds: ["snip"],
  faultKinds: ["cut"],
};

function outcome(text: string, values: Record<string, MetricValue>): string {
  const parsed = parseCheck(text, NAMES);
  assert("check" in parsed, text);
  const { outcome, actual } = judge(
    parsed.check,
    new Map(Object.entries(values)),
  );
  return `${outcome}: ${actual}`;
}

Deno.test({
  name: "judge() compares what parseCheck() read",
  permissions: "none",
  fn() {
    const table: [string, Record<string, MetricValue>, string][] = [
      ["lost == 0", { lost: 0 }, "ok: lost is 0"],
      ["lost == 0", { lost: 3 }, "fail: lost is 3"],
      [
        "lost == 0",
        { acknowledged: 0 },
        "unknown: lost is unknown: no fix was acknowledged",
      ],
      [
        "lost == 0",
        { acknowledged: 2 },
        "unknown: lost is unknown: no server was up at the end",
      ],
      [
        "stale == 0",
        { acknowledged: 2, lost: 0 },
        "unknown: stale is unknown: nobody saw what a server had that was " +
        "not up at the end",
      ],
      [
        "lost == 0",
        { acknowledged: 2, "faults.pause.residual": 1 },
        "unknown: lost is unknown: nobody saw what a server has that was " +
        "frozen at the end",
      ],
      [
        "time_to_heal < 5s",
        { "faults.count": 1 },
        "unknown: time_to_heal is unknown: at the end fewer than two servers " +
        "were up, or one did not say what it holds",
      ],
      [
        "time_to_heal < 5s",
        { converged: true, "faults.count": 1, "faults.residual": 0 },
        "unknown: time_to_heal is unknown: nothing was told before the last " +
        "fault ended",
      ],
      [
        "time_to_heal < 5s",
        { converged: false, "faults.count": 1 },
        "unknown: time_to_heal is unknown: the herd had not converged at the end",
      ],
      [
        "time_to_heal < 5s",
        { converged: true, lost: 1, "faults.count": 1 },
        "unknown: time_to_heal is unknown: a fix that was acknowledged is lost",
      ],
      [
        "time_to_heal < 5s",
        { converged: true, "faults.count": 0 },
        "unknown: time_to_heal is unknown: there was no fault",
      ],
      [
        "time_to_heal < 5s",
        { converged: true, "faults.count": 1 },
        "unknown: time_to_heal is unknown: a fault still stood at the end",
      ],
      ["lost!=0", { lost: 3 }, "ok: lost is 3"],
      ["0 < updates", { updates: 3 }, "ok: updates is 3"],
      ["converged", { converged: true }, "ok: converged is true"],
      ["converged == false", { converged: true }, "fail: converged is true"],
      [
        "reliability>=99.5%",
        { reliability: 0.995 },
        "ok: reliability is 0.995",
      ],
      [
        "reliability>=99.9%",
        { reliability: 0.999 },
        "ok: reliability is 0.999",
      ],
      ["reliability == 7%", { reliability: 0.07 }, "ok: reliability is 0.07"],
      ["max <= 9us", { max: 0.009 }, "ok: max is 0.009ms"],
      ["max < 9us", { max: 0.009 }, "fail: max is 0.009ms"],
      ["redundancy <= 0.5", { redundancy: 0.5 }, "ok: redundancy is 0.5"],
      ["p99.9 < 2s", { "p99.9": 1_499.9 }, "ok: p99.9 is 1.5s"],
      // What is not the limit does not look like it.
      ["p99.9 < 1.5s", { "p99.9": 1_499.9 }, "ok: p99.9 is 1499.9ms"],
      ["max <= 100ms", { max: 100.4 }, "fail: max is 100.4ms"],
      ["max <= 12ms", { max: 12.0004 }, "fail: max is 12.0004ms"],
      ["reliability == 1", { reliability: 1 }, "ok: reliability is 1"],
      [
        "reliability == 1",
        { reliability: 0.99996 },
        "fail: reliability is 0.99996",
      ],
      [
        "reliability >= 99%",
        { reliability: 0.99996 },
        "ok: reliability is 0.99996",
      ],
      [
        "redundancy <= 0.5",
        { redundancy: 0.5004 },
        "fail: redundancy is 0.5004",
      ],
      [
        "messages_per_update <= flood_messages",
        { messages_per_update: 6.0001, flood_messages: 6 },
        "fail: messages_per_update is 6.0001, flood_messages is 6",
      ],
      [
        "to.Ash.p50 < 5ms",
        { "to.Ash.p50": 12.345 },
        "fail: to.Ash.p50 is 12.3ms",
      ],
      [
        "p99.9 < 1s",
        { "p99.9": 12, samples: 999 },
        "ok: p99.9 is 12ms (of 999)",
      ],
      [
        "p99 < ack.p90",
        { p99: 12, samples: 100, "ack.p90": 3, "ack.samples": 9 },
        "fail: p99 is 12ms, ack.p90 is 3ms (of 9)",
      ],
      [
        "to.Ash.p99.9 < 5ms",
        { "to.Ash.p99.9": 3, "to.Ash.samples": 40, samples: 4_000 },
        "ok: to.Ash.p99.9 is 3ms (of 40)",
      ],
      [
        "ack.p50 < 5ms",
        { "ack.samples": 0 },
        "unknown: ack.p50 is unknown: no fix was acknowledged",
      ],
      [
        "p99 < 5ms during snip",
        {},
        "unknown: p99 is unknown: snip never began",
      ],
      [
        "p99 < 5ms during snip",
        { updates: 0 },
        "unknown: p99 is unknown: no update reached every server that was up during snip",
      ],
      ["max < 5ms", { max: 3, samples: 1 }, "ok: max is 3ms"],
      ["ack.samples >= 100", { "ack.samples": 40 }, "fail: ack.samples is 40"],
      [
        "messages_per_update <= flood_messages",
        { messages_per_update: 8.25, flood_messages: 8 },
        "fail: messages_per_update is 8.25, flood_messages is 8",
      ],
      [
        "faults.cut.overlapped_updates >= 1",
        { "faults.cut.overlapped_updates": 0 },
        "fail: faults.cut.overlapped_updates is 0",
      ],
    ];
    for (const [text, values, expected] of table) {
      assertEquals(outcome(text, values), expected, text);
    }
  },
});

Deno.test({
  name: "parseCheck() takes a phase, where a metric has phases",
  permissions: "none",
  fn() {
    const parsed = parseCheck("p50 < 5ms during healthy", NAMES);
    assert("check" in parsed);
    assertEquals(parsed.check.during, "healthy");
    assertEquals(parsed.check.text, "p50 < 5ms during healthy");
  },
});

Deno.test({
  name: "parseCheck() takes a fault by its ID, its number or its kind",
  permissions: "none",
  fn() {
    for (const part of ["snip", "cut", "cut-12", "cut-Alford-3"]) {
      const parsed = parseCheck(`p50 < 5ms during ${part}`, NAMES);
      assert("check" in parsed, part);
      assertEquals(parsed.check.during, part);
    }
  },
});

Deno.test({
  name: "parseCheck() says what is wrong, and where",
  permissions: "none",
  fn() {
    const table: [string, number, string, string?][] = [
      ["", 0, "expected a metric, such as lost"],
      ["lost", 4, "lost needs a comparison, such as == 0"],
      ["lost ==", 7, "expected a value"],
      [
        "lost = 0",
        5,
        "expected a comparison, not =",
        "there is ==, !=, <, <=, >, >=",
      ],
      ["losst == 0", 0, "no metric losst", "did you mean lost?"],
      [
        "0 == lots_of_it",
        5,
        "no metric lots_of_it",
        "docs/scenarios.md has the list",
      ],
      [
        "to.Bob.p50 < 5ms",
        0,
        "no metric to.Bob.p50",
        "did you mean to.Elm.p50?",
      ],
      ["p50 < 5", 6, "expected a duration (5ms), not 5"],
      ["lost < 5ms", 7, "expected a number, not 5ms"],
      ["lost < -5", 7, '"-5" is no number and no duration'],
      ["converged == 1", 13, "expected true or false, not 1"],
      [
        "converged < true",
        10,
        "converged is true or false: there is == and !=",
      ],
      ["1 == 1", 0, "a check needs a metric, such as lost"],
      ["lost == 0 or", 10, "expected the end or during, not or"],
      ["p50 < 5ms during", 16, "expected a phase or a fault"],
      [
        `lost < ${"9".repeat(20)}`,
        7,
        `"${"9".repeat(20)}" is more than any figure is: ` +
        "at most 9007199254740991",
      ],
      [
        "p50 < 5ms during snp",
        17,
        "no phase or fault snp",
        "did you mean snip?",
      ],
      [
        "p50 < 5ms during latency-1",
        17,
        "no phase or fault latency-1",
        "there is healthy, snip, cut",
      ],
      [
        "p50 < 5ms during helthy",
        17,
        "no phase or fault helthy",
        "did you mean healthy?",
      ],
      ["p50 < 5ms during healthy x", 25, "expected the end, not x"],
      [
        "lost == 0 during healthy",
        10,
        "lost is of the whole drill, not of a part of it",
      ],
      [
        "updates >= lost during snip",
        16,
        "lost is of the whole drill, not of a part of it",
      ],
    ];
    for (const [text, offset, message, hint] of table) {
      const parsed = parseCheck(text, NAMES);
      assert("fault" in parsed, text);
      if (text.startsWith("to.Bob")) {
        assertEquals(parsed.fault.message, message);
        continue;
      }
      assertEquals(
        parsed.fault,
        { offset, message, ...hint === undefined ? {} : { hint } },
        text,
      );
    }
  },
});

Deno.test({
  name: "parseCheck() takes no name that is a phase's and a fault's",
  permissions: "none",
  fn() {
    for (const more of [{ faultIds: ["healthy"] }, { phases: ["cut"] }]) {
      const [name] = Object.values(more).flat();
      const parsed = parseCheck(`updates > 0 during ${name}`, {
        ...NAMES,
        ...more,
      });
      assert("fault" in parsed);
      assertEquals(parsed.fault.message, `${name} is a phase and a fault`);
      assertEquals(parsed.fault.offset, 19);
    }
  },
});

Deno.test({
  name: "parseCheck() takes any text without a throw",
  permissions: "none",
  fn() {
    const words = ["lost", "p50", "==", "<", "5ms", "0", "during", "healthy"];
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(fc.constantFrom(...words)).map((them) => them.join(" ")),
    );
    fc.assert(fc.property(text, (it) => {
      const parsed = parseCheck(it, NAMES);
      if ("fault" in parsed) {
        assert(parsed.fault.offset >= 0 && parsed.fault.offset <= it.length);
      }
    }));
  },
});
