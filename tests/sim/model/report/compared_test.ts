import { assert, assertEquals } from "@std/assert";
import {
  compare,
  comparisonText,
  isAlike,
  tallyText,
} from "../../../../sim/model/report/compared.ts";

Deno.test({
  name:
    "compare() tells check by check what passed in one world and failed in the other",
  permissions: "none",
  fn() {
    const lost = { check: "lost == 0", line: 9 };
    const order = { check: "always: no older fix over a newer" };
    const kill = { check: "kill Ash", line: 4, isAction: true };
    const revive = { check: "revive Ash", line: 5, isAction: true };
    const compared = compare({
      world: "threads",
      runs: [[
        { ...kill, outcome: "ok" },
        { ...revive, outcome: "fail", why: "Ash is up" },
        { ...lost, outcome: "ok" },
        { ...order, outcome: "skipped", why: "not shown" },
        { check: "p50 < 5ms", line: 10, outcome: "unknown", why: "no p50" },
      ]],
      figures: { lost: 0, p50: 3, ties: 0 },
    }, {
      world: "virtual",
      runs: [[
        { ...kill, outcome: "ok" },
        { ...revive, outcome: "ok" },
        { ...lost, outcome: "fail", why: "lost is 1" },
        { ...order, outcome: "ok" },
        { check: "p50 < 5ms", line: 10, outcome: "unknown", why: "no p50" },
      ]],
      figures: { lost: 1, ties: 0 },
    });
    const none = { ok: 0, fail: 0, unknown: 0, skipped: 0 };
    const ok = { ...none, ok: 1 };
    const unknown = { ...none, unknown: 1, why: "no p50" };
    assertEquals(compared.checks, [
      {
        check: "revive Ash",
        line: 5,
        tallies: [{ ...none, fail: 1, why: "Ash is up" }, ok],
        came: "otherwise",
      },
      {
        ...lost,
        tallies: [ok, { ...none, fail: 1, why: "lost is 1" }],
        came: "otherwise",
      },
      {
        ...order,
        tallies: [{ ...none, skipped: 1, why: "not shown" }, ok],
        came: "one-sided",
      },
      {
        check: "p50 < 5ms",
        line: 10,
        tallies: [unknown, unknown],
        came: "alike",
      },
    ]);
    assertEquals(compared.figures, [
      { figure: "lost", values: [0, 1] },
      { figure: "p50", values: [3, undefined] },
    ]);
    assert(!isAlike(compared));
    assertEquals(
      comparisonText(compared),
      "4 checks: 1 alike, 2 otherwise, 1 that only one world can tell",
    );
  },
});

Deno.test({
  name: "compare() counts many runs, and leaves their figures out",
  permissions: "none",
  fn() {
    const ok = { check: "lost == 0", outcome: "ok" } as const;
    const fail = { check: "lost == 0", outcome: "fail" } as const;
    const figures = { lost: 0 };
    const { checks: [check], figures: compared } = compare(
      { world: "threads", runs: [[ok], [fail], [ok]] },
      { world: "virtual", runs: [[fail]], figures },
    );
    assertEquals(check?.came, "alike");
    assertEquals(check?.tallies.map(tallyText), [
      "2 passed, 1 failed",
      "failed",
    ]);
    assertEquals(compared, []);
    const { checks: [once] } = compare({ world: "threads", runs: [[ok]] }, {
      world: "virtual",
      runs: [],
    });
    assertEquals(once?.came, "one-sided");
    assertEquals(once?.tallies.map(tallyText), ["passed", "not made"]);
  },
});
