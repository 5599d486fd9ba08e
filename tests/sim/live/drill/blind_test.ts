/**
 * A herd into which nobody can look: what can't be seen is skipped with the
 * reason, and never passed.
 *
 * @module
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Herd, runDrill, summary, verdictOf } from "../../../../mod.ts";
import { Unseen } from "../../../../sim/live/herd/unseen.ts";
import { junitXml } from "../../../../sim/model/report/junit.ts";
import { stepLine } from "../../../../sim/model/report/text.ts";
import {
  resultJson,
  stepJson,
} from "../../../../sim/model/report/result_json.ts";
import { runRecord } from "../../../../sim/model/report/run_record.ts";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import { blind } from "../../worlds/blind.ts";

const HIDDEN = "blind servers do not show";
const RECORDS = "which fixes they hold";
const DELIVERIES = "what they send each other";
const LINKS = "which of their links are up";

const SKIPPED_CHECKS = {
  "hop.p50 < 1h": `hop.p50: ${HIDDEN} ${DELIVERIES}`,
  "to.s1.max < 1h": `to.s1.max: ${HIDDEN} ${DELIVERIES}`,
  "max < 1h": `max: ${HIDDEN} ${DELIVERIES}`,
  "time_to_heal < 1h": `time_to_heal: ${HIDDEN} ${RECORDS}, nor ${DELIVERIES}`,
  "lost == 0": `lost: ${HIDDEN} ${RECORDS}`,
  "converged": `converged: ${HIDDEN} ${RECORDS}`,
  "queues.max < 1000": `queues.max: ${HIDDEN} what they count and keep waiting`,
  "links.lost == 0": `links.lost: ${HIDDEN} ${LINKS}`,
  "repairs == 0": `repairs: ${HIDDEN} ${LINKS}`,
};

function drill(...checks: string[]) {
  return {
    name: "blind",
    folder: ".",
    text: `
topology: line:3
steps:
  - iamat: {client: kiwi, to: s0, position: +34.1-118.4}
  - expect: {client: kiwi, on: all, within: 5s}
  - always: {client: kiwi, on: [s0], for: 50ms}
  - expect: {converged: all, within: 5s}
  - cut: {targets: s0-s1, duration: 100ms}
  - whatsat: {client: kiwi, to: s0, radius: 10, items: 1}
  - kill: s2
  - revive: s2
  - expect: {servers: [s2], state: up}
checks:
${checks.map((check) => `  - "${check}"`).join("\n")}
`,
  };
}

Deno.test("runDrill() skips what can't be seen, and says so in text, JSON and junit", async () => {
  const checks = [...Object.keys(SKIPPED_CHECKS), "operations.ok == 2"];
  const result = await runDrill(drill(...checks), { world: blind() });
  const text = summary(result);
  assertEquals(verdictOf(result), "passed", text);
  assertEquals(
    result.assessment.checks.map(({ check, outcome, actual }) => [
      check.text,
      outcome,
      actual,
    ]),
    [
      ...Object.entries(SKIPPED_CHECKS).map(([check, what]) => [
        check,
        "skipped",
        what,
      ]),
      ["operations.ok == 2", "ok", "operations.ok is 2"],
    ],
  );
  const skipped = result.steps.filter(({ isSkipped }) => isSkipped);
  assertEquals(skipped.map(({ step }) => step.kind), [
    "expect-fix",
    "expect-always",
    "expect-converged",
  ]);
  const metrics = [...result.assessment.metrics.keys()];
  for (const metric of ["converged", "hop.p50", "queues.max", "links.lost"]) {
    assert(!metrics.includes(metric), metric);
  }
  const unseen = [...result.assessment.unseen.keys()];
  assertEquals(unseen, [
    "no older fix over a newer",
    "no AT from a stranger",
    "no repair without a fault",
    "no bad line on a link",
    "one connection a link",
  ]);

  for (const step of skipped) {
    const what = step.step.kind === "expect-converged"
      ? RECORDS
      : "by which fix they answer";
    assertEquals(step.note, `${HIDDEN} ${what}`);
    // The mark says so, once.
    assertEquals(stepLine(step).split("skipped").length, 2, stepLine(step));
    assertEquals(stepJson(step).isSkipped, true);
  }
  const count = skipped.length + Object.keys(SKIPPED_CHECKS).length +
    unseen.length;
  assert(text.includes(`, ${count} skipped`), text);
  assert(/skipped +line \d+ +hop\.p50 < 1h/.test(text), text);
  assert(text.includes("skipped  no AT from a stranger: blind servers"), text);
  assert(/invariants: [^\n]*replies in order/.test(text), text);
  assert(!/invariants: [^\n]*stranger/.test(text), text);
  const { checks: inJson } = resultJson(result) as {
    checks: { check: string; outcome: string }[];
  };
  assertEquals(
    inJson.filter(({ outcome }) => outcome === "skipped").length,
    Object.keys(SKIPPED_CHECKS).length,
  );
  const record = runRecord(result, loadTopology("line:3"), "2026-01-01T00:00Z");
  assertEquals(record.counts.skipped, count);
  const xml = junitXml(record);
  assertEquals(xml.match(/<skipped /g)?.length, count, xml);
});

Deno.test("verdictOf() a drill of which all checks were skipped is unknown", async () => {
  const file = drill(...Object.keys(SKIPPED_CHECKS));
  const text = file.text.replace(
    / {2}- (?:expect: \{servers|whatsat).*\n/g,
    "",
  );
  const result = await runDrill({ ...file, text }, { world: blind() });
  assertEquals(verdictOf(result), "unknown", summary(result));
});

Deno.test("runDrill() counts links by what servers tell where their records of it can't be seen", async () => {
  const file = drill(
    "links.lost >= 1",
    "detection.samples >= 1",
    "hop.p50 < 1h",
  );
  const result = await runDrill(file, { world: blind("links") });
  const { checks } = result.assessment;
  const outcomes = checks.map(({ outcome }) => outcome);
  assertEquals(outcomes, ["ok", "ok", "skipped"], summary(result));
});

Deno.test("Herd tells nothing that can't be seen, and obeys where nobody takes orders", async () => {
  await using herd = await Herd.start("line:2", { world: blind() });
  await using client = await herd.client("s0");
  const fix = await client.iamat("kiwi", "+34.1-118.4");
  const asked = [
    () => herd.propagated(fix),
    () => herd.absent(fix, { on: ["s1"], forMs: 10 }),
    () => herd.held(fix),
    () => herd.converged(),
    () => herd.records("s0"),
    () => herd.answers(["s0"]),
    () => herd.stats("s0"),
  ];
  for (const ask of asked) await assertRejects(ask, Unseen, HIDDEN);
  assertThrows(
    () => herd.subscribe(() => {}, { lines: true }),
    Unseen,
    `${HIDDEN} ${DELIVERIES}`,
  );
  assertEquals(herd.status().map(({ seesLinks }) => seesLinks), [false, false]);
  assertEquals([...herd.trace()], []);
  await herd.pause("s1");
  await herd.resume("s1");
  await herd.serversAre({ state: "up" });
  // Proxies stand on its links from the start, for nobody could be redirected.
  assert(herd.listening().some(({ name }) => name.includes("proxy")));
  await assertRejects(
    () => herd.clockSkew("s0", { offsetMs: 60_000 }),
    Error,
    "take no orders",
  );
});
