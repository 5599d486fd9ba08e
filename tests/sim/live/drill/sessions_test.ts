/**
 * Sessions that move from server to server: their figures are clean where all is
 * well, and each tells of a cut.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runDrill, summary, verdictOf } from "../../../../mod.ts";
import type { DrillResult } from "../../../../mod.ts";

const CHECKS = `
checks:
  - sessions.monotonic_reads.violations == 0
  - sessions.read_your_writes.violations == 0
  - sessions.staleness.p99 <= 50ms
`;

/** Kiwi tells one side of the herd, and asks now here and now there. */
function moving(beforeIt: string): string {
  const tell = (position: string) =>
    `- iamat: { client: kiwi, position: ${position}, to: s0 }`;
  const ask = (server: string) =>
    `- whatsat: { client: kiwi, radius: 1, items: 1, to: ${server}, as: kiwi }`;
  return `
topology: line:4
world: virtual
steps:
  ${tell("+1+1")}
  - expect: { client: kiwi, on: all }
  - ${beforeIt}
  ${tell("+2+2")}
  - wait: 500ms
  ${ask("s1")}
  ${ask("s3")}
${CHECKS}`;
}

function loaded(beforeIt: string, mode = "flood"): string {
  return `
topology: line:4
world: virtual
mode: ${mode}
steps:
  - ${beforeIt}
  - load: { rate: 200/s, for: 1s, clients: 5, mix: { iamat: 1, whatsat: 1 }, as: emu }
${CHECKS}  - sessions.answers >= 60
  - sessions.monotonic_reads.judged >= 50
  - sessions.read_your_writes.judged >= 50
  - sessions.staleness.samples >= 50
`;
}

const WELL = "wait: 10ms";
const CUT = "cut: s1-s2";

async function run(text: string): Promise<DrillResult> {
  return await runDrill({ name: "sessions", folder: ".", text }, { seed: 5 });
}

/** The checks that do not hold. */
function broken({ assessment: { checks } }: DrillResult): string[] {
  return checks.flatMap(({ check, outcome }) =>
    outcome === "ok" ? [] : [check.text]
  );
}

Deno.test("a session that moves finds what it has told and read, where all is well", async () => {
  for (const text of [moving(WELL), loaded(WELL), loaded(WELL, "ondemand")]) {
    const result = await run(text);
    assertEquals(verdictOf(result), "passed", summary(result));
  }
});

Deno.test("a session that moves behind a cut finds neither, and what is old", async () => {
  for (const text of [moving(CUT), loaded(CUT)]) {
    const result = await run(text);
    assertEquals(broken(result), [
      "sessions.monotonic_reads.violations == 0",
      "sessions.read_your_writes.violations == 0",
      "sessions.staleness.p99 <= 50ms",
    ], summary(result));
  }
  const { assessment: { metrics } } = await run(moving(CUT));
  const staleMs = Number(metrics.get("sessions.staleness.max"));
  assert(staleMs >= 490 && staleMs < 600, `${staleMs} ms`);
});

Deno.test("a step says as whom it asks, and so does its history", async () => {
  const result = await run(moving(WELL));
  assertStringIncludes(summary(result), "whatsat kiwi 1 1 to s3 as kiwi");
  const sessions = result.history.flatMap((event) =>
    event.kind === "invoke" ? [event.session] : []
  );
  assertEquals(sessions, [undefined, undefined, "kiwi", "kiwi"]);
});
