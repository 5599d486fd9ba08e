import { assert, assertEquals } from "@std/assert";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import type { History, HistoryEvent } from "../../../../sim/model/history.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import type { DrillResult } from "../../../../sim/model/report/result.ts";
import { ANY_WORLD } from "../any_world.ts";

async function run(text: string, world = ANY_WORLD): Promise<DrillResult> {
  const herd = loadTopology("2014");
  const { scenario } = parseScenario(text, "drill.yaml", () => herd);
  return await runScenario(scenario!, herd, { ...world, seed: 7 });
}

function ofKind<K extends HistoryEvent["kind"]>(
  history: History,
  kind: K,
): Extract<HistoryEvent, { kind: K }>[] {
  return history.filter((event) => event.kind === kind) as Extract<
    HistoryEvent,
    { kind: K }
  >[];
}

Deno.test("runScenario() records every operation, and how it ended", async () => {
  const { history } = await run(`steps:
  - iamat: {client: kiwi, position: +1+1, to: Alford, time: 5}
  - whatsat: {client: emu, radius: 1, items: 1, to: Bolden, expect: unknown}
  - send: {line: HELLO, to: Bolden}
  - kill: Powell
  - iamat: {client: kiwi, position: +1+1, to: Powell}
  - pause: Bolden
  - iamat: {client: kiwi, position: +1+1, to: Bolden, within: 50ms}
  - resume: Bolden
`);
  const invoked = ofKind(history, "invoke");
  assertEquals(
    invoked.slice(0, 3).map(({ op, process, f, server, line }) =>
      [op, process, f, server, line].join(" ")
    ),
    [
      "1 Alford#1 iamat Alford IAMAT kiwi +1+1 5",
      "2 Bolden#2 whatsat Bolden WHATSAT emu 1 1",
      "3 Bolden#2 send Bolden HELLO",
    ],
  );
  const ends = history.filter(({ kind }) =>
    ["ok", "fail", "info"].includes(kind)
  );
  assertEquals(ends.map(({ kind }) => kind), [
    "ok",
    "fail",
    "fail",
    "fail",
    "info",
  ]);
  assert("reply" in ends[0]! && ends[0].reply!.startsWith("AT Alford "));
  assert("reply" in ends[2]! && ends[2].reply === "? HELLO");
  assertEquals(invoked[3]!.process, "nobody");
  assertEquals(
    history.filter(({ kind }) => kind.startsWith("fault-")).map((event) =>
      "id" in event && `${event.kind} ${event.id}`
    ),
    [
      "fault-begin kill-1",
      "fault-begin pause-1",
      "fault-end pause-1",
      "fault-touched kill-1",
    ],
  );
  const steps = ofKind(history, "step");
  assertEquals(
    steps.map(({ step, fileLine, ok }) => [step, fileLine, ok]),
    [
      [1, 2, true],
      [2, 3, true],
      [3, 4, true],
      [4, 5, true],
      [5, 6, false],
      [6, 7, true],
      [7, 8, false],
      [8, 9, true],
    ],
  );
  assert(steps[4]!.actual!.includes("Powell"));
  const times = history.map(({ atMs }) => atMs);
  assertEquals(times, times.toSorted((a, b) => a - b));
  assert(times[0]! >= 0);
});

Deno.test("runScenario() records every delivery, of a killed server too", async () => {
  const { history } = await run(
    `steps:
  - iamat: {client: kiwi, position: +1+1, to: Alford, time: 5}
  - kill: Alford
  - expect: {client: kiwi, on: all}
  - revive: Alford
  - expect: converged
`,
    { world: "threads" },
  );
  const ok = history.find(({ kind }) => kind === "ok");
  const reply = ok !== undefined && "reply" in ok ? ok.reply! : "";
  const deliveries = ofKind(history, "delivery");
  assertEquals(
    new Set(deliveries.map(({ line }) => line)),
    new Set([reply]),
  );
  const first = deliveries[0]!;
  assertEquals([first.server, first.from, first.isNew], ["Alford", null, true]);
  const news = deliveries.filter(({ isNew }) => isNew);
  // Each server once, and Alford again when it is back.
  assertEquals(
    news.map(({ server }) => server).toSorted(),
    ["Alford", "Alford", "Bolden", "Hamilton", "Parker", "Powell"],
  );
  const sent = ofKind(history, "sent");
  assert(
    sent.some(({ server, to }) => server === "Alford" && to === "Powell"),
    "nothing sent by the server that was killed",
  );
  assert(sent.length >= deliveries.length - 1);
  const states = ofKind(history, "state")
    .filter(({ server }) => server === "Alford")
    .map(({ state }) => state);
  assertEquals(states, ["starting", "up", "stopped", "starting", "up"]);
  assert(ofKind(history, "synced").length > 0);
  assert(ofKind(history, "link").some(({ isUp }) => !isUp));
});
