/**
 * What is too late is no success, however busy the machine was.
 *
 * @module
 */
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import {
  assert,
  assertEquals,
  AssertionError,
  assertRejects,
} from "@std/assert";
import { utf8 } from "../../../../herd/core/bytes/bytes.ts";
import { parseAtLine } from "../../../../herd/core/wire/message.ts";
import type { Clock } from "../../../../herd/net/platform.ts";
import { delay } from "../../../../herd/net/timing.ts";
import { wereEqual } from "../../../../sim/live/herd/recorded.ts";
import type { Child } from "../../../../sim/live/servers/child.ts";
import { traceMemory, TraceWriter } from "../../../../sim/model/trace.ts";
import { assertAnswersAlike } from "../../../../sim/live/herd/answers.ts";
import { Undecided } from "../../../../sim/live/herd/undecided.ts";
import { assertConverged } from "../../../../sim/live/herd/convergence.ts";
import { threads } from "../../../../sim/worlds/threads/threads.ts";
import type { Supervisor } from "../../../../sim/live/servers/supervisor.ts";

const SERVERS = ["Ash", "Elm"];
const LINE = "AT Ash +0.500000000 kiwi +1-1 5";
const UNTRACED = { state: "up", start: {} };
/** How long this thread does nothing else, by its clock. */
const BUSY_MS = 10_000;
/** A question takes so long to be answered. */
const SLOW_MS = 40;

/**
 * Servers that agree from the second time on that they are asked for what they
 * hold; the thread is busy after the first time.
 */
function slowToAgree(): Supervisor {
  const asked = new Map<string, number>();
  const real = denoPlatform.clock;
  let busyMs = 0;
  const clock: Clock = {
    nowMs: () => real.nowMs() + busyMs,
    wallMs: () => real.wallMs() + busyMs,
    after: (ms, run) => real.after(ms, run),
    immediate: (run) => real.immediate(run),
  };
  const answerOf = (server: string, kind: string) => {
    if (kind === "records") return [LINE];
    const times = (asked.get(server) ?? 0) + 1;
    asked.set(server, times);
    const isThere = server === "Ash" || times > 1;
    if (server === "Elm" && times === 1) setTimeout(() => busyMs = BUSY_MS);
    if (kind === "record") {
      return { at: isThere ? LINE : undefined, unanswered: 0 };
    }
    const atMs = clock.nowMs();
    return { count: isThere ? 1 : 0, fingerprint: "00", queued: 0, atMs };
  };
  return {
    platform: { ...denoPlatform, clock },
    world: threads(),
    child: () => UNTRACED,
    up: () => SERVERS,
    ask: (server: string, { ask }: { ask: string }) =>
      Promise.resolve(answerOf(server, ask)),
  } as unknown as Supervisor;
}

for (const assertion of [assertConverged, assertAnswersAlike]) {
  Deno.test(`${assertion.name}() takes no agreement for one in time that came later`, async () => {
    await assertion(slowToAgree(), SERVERS, 6 * BUSY_MS);
    await assertRejects(
      () => assertion(slowToAgree(), SERVERS, BUSY_MS / 2),
      Undecided,
      "only later",
    );
  });
}

/** Servers that agree, and are asked only when so many milliseconds are over. */
function askedLate(
  ms: number,
  children: Record<string, unknown> = {},
): Supervisor {
  const { clock } = denoPlatform;
  return {
    platform: denoPlatform,
    world: threads(),
    child: (server: string) => children[server] ?? UNTRACED,
    ask: async (_: string, { ask }: { ask: string }) => {
      await delay(clock, ms);
      if (ask === "records") return [LINE];
      if (ask === "record") return { at: LINE, unanswered: 0 };
      const atMs = clock.nowMs();
      return { count: 1, fingerprint: "00", queued: 0, atMs };
    },
  } as unknown as Supervisor;
}

for (const assertion of [assertConverged, assertAnswersAlike]) {
  Deno.test(`${assertion.name}() can't tell by what was asked in time and answered late`, async () => {
    await assertRejects(
      () => assertion(askedLate(SLOW_MS), SERVERS, 5),
      Undecided,
      "only later",
    );
  });
}

/** A server that has recorded that it stored lines, and when. */
function traced(
  stored: readonly (readonly [atMs: number, line: string])[],
  keeping: { readonly dataDir?: string } = {},
) {
  const memory = traceMemory();
  const writer = new TraceWriter([], memory);
  for (const [atMs, line] of stored) {
    writer.delivered(parseAtLine(utf8(line))!, undefined, true, 0, atMs);
  }
  const start = { trace: true, neighbours: [], ...keeping };
  return { name: "Ash", state: "up", sinceMs: 0, start, traces: [memory] };
}

Deno.test("assertConverged() decides by the trace where answers are late", async () => {
  const nowMs = denoPlatform.clock.nowMs();
  const outcome = async (elmMs: number) => {
    const ash = traced([[nowMs - 1_000, LINE]]);
    const children = { Ash: ash, Elm: traced([[elmMs, LINE]]) };
    await assertConverged(askedLate(SLOW_MS, children), SERVERS, 5);
  };
  await outcome(nowMs - 1);
  const error = await assertRejects(
    () => outcome(nowMs + 60_000),
    AssertionError,
    "actual: only later",
  );
  assert(!(error instanceof Undecided));
});

Deno.test("assertConverged() can't tell by the trace what servers have from their disks", async () => {
  const ash = traced([], { dataDir: "ash" });
  const children = { Ash: ash, Elm: traced([]) };
  await assertRejects(
    () => assertConverged(askedLate(SLOW_MS, children), SERVERS, 5),
    Undecided,
  );
});

Deno.test("wereEqual() looks for an instant in which all held the same", () => {
  const other = LINE.replace("+1-1 5", "+1-1 6");
  const moa = LINE.replace("kiwi", "moa");
  const table: [[number, string][], [number, string][], boolean][] = [
    [[], [], true],
    [[[5, LINE]], [], false],
    [[[5, LINE]], [[7, LINE]], true],
    [[[5, LINE]], [[21, LINE]], false],
    [[[5, LINE]], [[20, LINE]], true],
    // For a moment only, after the window's start, or before it.
    [[[5, LINE], [15, other]], [[12, LINE]], true],
    [[[5, LINE], [9, other]], [[7, LINE]], false],
    [[[5, LINE], [15, other]], [[7, LINE]], true],
    [[[5, LINE], [6, moa]], [[7, LINE]], false],
    [[[5, LINE], [6, moa]], [[7, moa], [8, LINE]], true],
  ];
  for (const [ash, elm, expected] of table) {
    const servers = [traced(ash), traced(elm)] as unknown as Child[];
    const window = { startMs: 10, endMs: 20 };
    assertEquals(
      wereEqual(servers, window),
      expected,
      JSON.stringify([ash, elm]),
    );
  }
  const reborn = { ...traced([]), sinceMs: 21 } as unknown as Child;
  assert(!wereEqual([reborn], { startMs: 10, endMs: 20 }));
});
