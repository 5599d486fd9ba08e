import { assert, assertEquals } from "@std/assert";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import { hopsOf } from "../../../../sim/model/checks/hops.ts";
import {
  type Crossing,
  type Crossings,
  crossingsOf,
} from "../../../../sim/model/crossings.ts";
import type { History } from "../../../../sim/model/history.ts";
import { trafficOf } from "../../../../sim/model/report/messages.ts";
import {
  type DrillResult,
  passed,
} from "../../../../sim/model/report/result.ts";
import { summary } from "../../../../sim/model/report/text.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import { ANY_WORLD } from "../any_world.ts";

const HERD = loadTopology("2014");
const NAMES = HERD.servers.map(({ name }) => name);
const SHIPPED = new URL("../../../../sim/scenarios/", import.meta.url);

async function run(text: string, world = ANY_WORLD): Promise<DrillResult> {
  const { scenario, problems } = parseScenario(text, "drill.yaml", () => HERD);
  assertEquals(problems, []);
  return await runScenario(scenario!, HERD, { ...world, seed: 7 });
}

/** As `run`, of a drill that must pass. */
async function pass(text: string): Promise<DrillResult> {
  const result = await run(text);
  assert(passed(result), summary(result));
  return result;
}

/** What became of a client's lines that were written for a server. */
function to(
  server: string,
  client: string,
  { crossings }: Crossings,
): Crossing[] {
  return crossings.filter(({ sent }) =>
    sent.to === server && sent.line.includes(` ${client} `)
  );
}

/** The arrows that the page of a report draws for these lines. */
function arrowsOf(history: History, lines: readonly Crossing[]) {
  const { updates, messages } = trafficOf(history, NAMES);
  return lines.map(({ sent: { line, atMs, to } }) => {
    const update = updates.indexOf(line);
    const server = NAMES.indexOf(to);
    const arrow = messages.find((message) =>
      message.update === update && message.to === server &&
      message.sentMs === atMs
    );
    return arrow?.isLost ? "lost" : arrow?.receivedMs;
  });
}

/** Each line that was read was written to the very server that read it. */
function assertNoneIsDead(history: History, { crossings }: Crossings): void {
  const ends = history.flatMap((event) =>
    event.kind === "state" && event.state === "stopped" ? [event] : []
  );
  for (const { sent, copies } of crossings) {
    for (const { atMs, server } of copies) {
      const dead = ends.find((end) =>
        [server, sent.server].includes(end.server) && end.atMs > sent.atMs &&
        end.atMs < atMs
      );
      assertEquals(dead, undefined, `${sent.line} passed a server's death`);
    }
  }
}

Deno.test("runScenario() tells a line that a fault dropped from the one that a sync brought", async () => {
  const text = await Deno.readTextFile(new URL("lost-lines.yaml", SHIPPED));
  const { history } = await pass(text);
  const all = crossingsOf(history);
  const told = to("Hamilton", "kiwi", all);
  assertEquals(told.map(({ fate }) => fate), ["lost", "arrived"]);
  const [lost, synced] = told;
  const read = synced!.copies[0]!;
  assertEquals(arrowsOf(history, told), ["lost", read.atMs]);
  const reset = history.find((event) =>
    event.kind === "link" && event.server === "Hamilton" && !event.isUp
  );
  assert(lost!.sent.atMs < reset!.atMs && reset!.atMs < synced!.sent.atMs);
  // No hop goes from before the reset of Hamilton's only link to after it.
  const { dueMs, tookMs } = hopsOf(history).get("Hamilton")!;
  const across = dueMs.filter((atMs, at) =>
    atMs < reset!.atMs && atMs + tookMs[at]! > reset!.atMs
  );
  assertEquals(across, []);
  assertEquals(all.strays, []);
  const dropped = history.filter((event) =>
    event.kind === "altered" && event.as === null
  );
  assertEquals(
    all.crossings.filter(({ fate }) => fate === "lost").length,
    dropped.length,
  );
  assert(dropped.length > 20, String(dropped.length));
});

Deno.test("runScenario() has no line pass from one life of a server to the next", async () => {
  const { history } = await pass(`steps:
  - cut: {targets: Parker-Hamilton, id: snip}
  - iamat: {client: kiwi, position: +34.0-118.0, to: Alford}
  - expect: {client: kiwi, on: [Alford, Parker], never: Hamilton, for: 300ms}
  - kill: Hamilton
  - heal: snip
  - revive: Hamilton
  - expect: {client: kiwi, on: all}
`);
  const all = crossingsOf(history);
  const told = to("Hamilton", "kiwi", all);
  assertEquals(told.map(({ fate }) => fate), ["lost", "arrived"]);
  assertEquals(arrowsOf(history, told)[0], "lost");
  assertNoneIsDead(history, all);
  const killed = history.find((event) =>
    event.kind === "state" && event.state === "stopped"
  )!;
  for (const { dueMs, tookMs } of hopsOf(history).values()) {
    for (const [at, ms] of dueMs.entries()) {
      assert(ms > killed.atMs || ms + tookMs[at]! < killed.atMs, `${ms}`);
    }
  }
});

const ALTERED = [
  ["reorder", { world: "threads" }],
  ["reorder", ANY_WORLD],
  ["corrupt", ANY_WORLD],
  ["duplicate", ANY_WORLD],
] as const;

for (const [mode, world] of ALTERED) {
  Deno.test(`runScenario() knows every line again, through ${mode}, in ${world.world}`, async () => {
    const { history } = await run(
      `steps:
  - ${mode}: {targets: all, percent: 20%, lines: AT}
  - load: {rate: 200/s, for: 1s, clients: 20}
  - heal: all
  - expect: {converged: all, within: 20s}
`,
      world,
    );
    const all = crossingsOf(history);
    const arrived = all.crossings.filter(({ fate }) => fate === "arrived");
    assert(arrived.length > 100, String(arrived.length));
    for (const { sent, copies } of arrived) {
      for (const { line, atMs } of copies) {
        assertEquals(line, sent.line);
        assert(atMs >= sent.atMs - 1, "It was read before it was written");
      }
    }
    assertEquals(all.strays, []);
    const fates = new Set(all.crossings.map(({ fate }) => fate));
    assert(!fates.has("ignored"), [...fates].join());
    const changed = all.crossings.filter(({ copies, corrupted }) =>
      copies.length > 1 || corrupted.length > 0
    );
    assertEquals(changed.length > 0, mode !== "reorder");
  });
}

Deno.test("runScenario() excuses a fix told while its only link was cut, both ends live", async () => {
  const { assessment, history } = await pass(`steps:
  - cut: {targets: Parker-Hamilton, id: snip}
  - iamat: {client: kiwi, position: +34.0-118.0, to: Hamilton}
  - wait: 600ms
  - kill: Hamilton
  - reset: Parker-Hamilton
  - heal: snip
  - revive: Hamilton
  - expect: {converged: all, unless_killed_within: 100ms}
`);
  assertEquals(assessment.metrics.get("lost.unexplained"), 0);
  assertEquals(assessment.metrics.get("lost"), 1);
  const fates = to("Parker", "kiwi", crossingsOf(history)).map((it) => it.fate);
  assertEquals(fates, ["lost"]);
});
