import { assertEquals } from "@std/assert";
import { assess } from "../../../../sim/model/checks/assess.ts";
import { parseCheck } from "../../../../sim/model/checks/expression.ts";
import { judge } from "../../../../sim/model/checks/expression.ts";
import { metricInfos } from "../../../../sim/model/checks/metric_names.ts";
import {
  Measurement,
  type MetricValue,
} from "../../../../sim/model/checks/metrics.ts";
import type { HistoryEvent } from "../../../../sim/model/history.ts";
import { at, evidence, iamat } from "./histories.ts";

const MONOTONIC = "sessions.monotonic_reads";
const OWN_WRITES = "sessions.read_your_writes";
const NOBODY_KNOWS = "? WHATSAT kiwi 10 5";

/** A session asks for kiwi at `atMs`, and is answered 1 ms later. */
function asks(
  op: number,
  atMs: number,
  reply: string | undefined,
  session = "emu",
  tookMs = 1,
): HistoryEvent[] {
  const line = "WHATSAT kiwi 10 5";
  const asked = {
    process: "Elm#1",
    f: "whatsat",
    server: "Elm",
    line,
  } as const;
  return [
    { atMs, kind: "invoke", op, ...asked, session },
    {
      atMs: atMs + tookMs,
      op,
      ...reply === undefined
        ? { kind: "info", why: "no answer" } as const
        : { kind: reply.startsWith("?") ? "fail" : "ok", reply } as const,
    },
  ];
}

function figures(...events: HistoryEvent[][]): (name: string) => MetricValue {
  const metrics = new Measurement(evidence(events.flat())).metrics();
  return (name) => metrics.get(name);
}

function statement(text: string, ...events: HistoryEvent[][]): string {
  const names = { phases: [], faultIds: [], faultKinds: [] };
  const read = parseCheck(text, { metrics: metricInfos(["Ash"]), ...names });
  if (!("check" in read)) throw new Error(read.fault.message);
  const { metrics } = { metrics: new Measurement(evidence(events.flat())) };
  const { outcome, actual } = judge(read.check, metrics.metrics());
  return `${outcome}: ${actual}`;
}

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("sessions: an answer older than one before is no monotonic read", () => {
  const told = [...iamat(1, 0, 100), ...iamat(2, 10, 200)];
  const get = figures(
    told,
    asks(3, 20, at(200)),
    asks(4, 30, at(100)),
    asks(5, 40, at(100)),
    asks(6, 50, at(200)),
  );
  assertEquals(get(`${MONOTONIC}.violations`), 2);
  assertEquals(get(`${MONOTONIC}.judged`), 3);
  assertEquals(get("sessions.answers"), 4);
});

test("sessions: one that knows nothing any more is behind too", () => {
  const told = iamat(1, 0, 100);
  const get = figures(told, asks(2, 10, at(100)), asks(3, 20, NOBODY_KNOWS));
  assertEquals(get(`${MONOTONIC}.violations`), 1);
  // Nothing was read before, and so nothing can be missed.
  const first = figures(told, asks(2, 10, NOBODY_KNOWS));
  assertEquals(first(`${MONOTONIC}.judged`), 0);
  assertEquals(first(`${MONOTONIC}.violations`), undefined);
});

test("sessions: questions that overlap are not compared, nor those of others", () => {
  const told = [...iamat(1, 0, 100), ...iamat(2, 10, 200)];
  const overlapping = figures(
    told,
    asks(3, 20, at(200), "emu", 15),
    asks(4, 30, at(100)),
  );
  assertEquals(overlapping(`${MONOTONIC}.judged`), 0);
  const others = figures(
    told,
    asks(3, 20, at(200), "emu"),
    asks(4, 30, at(100), "moa"),
  );
  assertEquals(others(`${MONOTONIC}.judged`), 0);
});

test("sessions: who does not find what it has told does not read its writes", () => {
  const told = [...iamat(1, 0, 100), ...iamat(2, 10, 200)];
  const ask = (reply: string, session: string) =>
    figures(told, asks(3, 20, reply, session));
  assertEquals(ask(at(100), "kiwi")(`${OWN_WRITES}.violations`), 1);
  assertEquals(ask(at(200), "kiwi")(`${OWN_WRITES}.violations`), 0);
  assertEquals(ask(NOBODY_KNOWS, "kiwi")(`${OWN_WRITES}.violations`), 1);
  // It has told nothing.
  assertEquals(ask(at(100), "emu")(`${OWN_WRITES}.judged`), 0);
});

test("sessions: a load's fixes are of its session, and of their clients'", () => {
  const [asked, answer] = iamat(1, 0, 100) as [HistoryEvent, HistoryEvent];
  const told = [{ ...asked, session: "emu" } as HistoryEvent, answer];
  for (const session of ["emu", "kiwi"]) {
    const get = figures(told, asks(2, 10, NOBODY_KNOWS, session));
    assertEquals(get(`${OWN_WRITES}.violations`), 1, session);
  }
});

test("sessions: what was not acknowledged is owed to nobody, and no step back", () => {
  const [asked] = iamat(2, 10, 200);
  const events = [...iamat(1, 0, 100), asked!];
  const old = figures(events, asks(3, 20, at(100), "kiwi"));
  assertEquals(old(`${OWN_WRITES}.violations`), 0);
  assertEquals(old("sessions.staleness.max"), 0);
  // It was stored all the same, and read.
  const read = figures(
    events,
    asks(3, 20, at(200), "kiwi"),
    asks(4, 30, at(100), "kiwi"),
  );
  assertEquals(read(`${MONOTONIC}.violations`), 1);
  assertEquals(read(`${OWN_WRITES}.violations`), 0);
});

test("sessions: an acknowledgement while it was asked counts for the next question", () => {
  const get = figures(
    iamat(1, 0, 100),
    asks(2, 10, at(100), "kiwi", 20),
    iamat(3, 15, 200),
    asks(4, 40, at(100), "kiwi"),
  );
  assertEquals(get(`${OWN_WRITES}.violations`), 1);
  assertEquals(get(`${OWN_WRITES}.judged`), 2);
  assertEquals(get("sessions.staleness.max"), 40 - 16);
  assertEquals(get("sessions.staleness.samples"), 2);
});

test("sessions: staleness counts from the first newer fix, not from the last", () => {
  const told = [10, 20, 30, 40].flatMap((ms, i) => iamat(1 + i, ms, 100 + i));
  const stale = (reply: string) =>
    figures(told, asks(9, 100, reply))("sessions.staleness.max");
  assertEquals(stale(at(103)), 0);
  assertEquals(stale(at(102)), 100 - 41);
  assertEquals(stale(at(100)), 100 - 21);
  assertEquals(stale(NOBODY_KNOWS), 100 - 11);
  // What came later and is older passes nothing.
  const late = [...told, ...iamat(5, 50, 50)];
  assertEquals(
    figures(late, asks(9, 100, at(103)))("sessions.staleness.max"),
    0,
  );
});

test("sessions: without an acknowledged fix nothing is stale", () => {
  const get = figures(asks(1, 10, NOBODY_KNOWS), asks(2, 20, undefined));
  assertEquals(get("sessions.answers"), 1);
  assertEquals(get("sessions.staleness.samples"), 0);
  assertEquals(get("sessions.staleness.p50"), undefined);
});

test("sessions: what servers print in their own way is known again by position", () => {
  const kiwi = (position: string, time: string, server = "Ash") =>
    `AT ${server} +0.700000000 kiwi ${position} ${time}`;
  const tell = (op: number, atMs: number, position: string, time: number) => {
    const [asked, answer] = iamat(op, atMs, time);
    const line = `IAMAT kiwi ${position} ${time}`;
    const reply = kiwi(position, `${time}`);
    return [
      { ...asked, line } as HistoryEvent,
      { ...answer, reply } as HistoryEvent,
    ];
  };
  const told = [...tell(1, 0, "+1-1", 100), ...tell(2, 10, "+2-2", 200)];
  const get = figures(
    told,
    asks(3, 20, kiwi("+2.0-2.0", "200.00", "Elm"), "kiwi"),
    asks(4, 30, kiwi("+1.0-1.0", "100.00", "Elm"), "kiwi"),
  );
  assertEquals(get(`${MONOTONIC}.violations`), 1);
  assertEquals(get(`${OWN_WRITES}.violations`), 1);
  assertEquals(get(`${OWN_WRITES}.judged`), 2);
});

test("sessions: an answer that nobody told is unknown, and so is what follows", () => {
  const events = [
    iamat(1, 0, 100),
    asks(2, 10, at(100), "kiwi"),
    asks(3, 20, at(150), "kiwi"),
  ];
  const check = `${OWN_WRITES}.violations == 0`;
  assertEquals(
    statement(check, ...events),
    `unknown: ${OWN_WRITES}.violations is unknown: none is seen, of 1 judged, ` +
      "and 1 of which nobody can say",
  );
  assertEquals(
    statement(check, ...events, asks(4, 30, NOBODY_KNOWS, "kiwi")),
    `fail: ${OWN_WRITES}.violations is 1 (of 2 judged, and 1 of which nobody ` +
      "can say)",
  );
  assertEquals(
    statement(check, ...events.slice(0, 2)),
    `ok: ${OWN_WRITES}.violations is 0 (of 1 judged)`,
  );
});

test("sessions: without any, violations are unknown, and the reason says so", () => {
  const why = "no question that says as whom was answered";
  for (const name of [MONOTONIC, OWN_WRITES]) {
    assertEquals(
      statement(`${name}.violations == 0`, iamat(1, 0, 100)),
      `unknown: ${name}.violations is unknown: ${why}`,
    );
  }
  assertEquals(
    statement("sessions.staleness.p99 < 1s", iamat(1, 0, 100)),
    `unknown: sessions.staleness.p99 is unknown: ${why}`,
  );
});

test("sessions: a bound on violations must hold whatever the unknown answers were", () => {
  const events = [
    iamat(1, 0, 100),
    asks(2, 10, at(150), "kiwi"),
    asks(3, 20, at(150), "kiwi"),
    asks(4, 30, NOBODY_KNOWS, "kiwi"),
  ];
  // One violation was seen, and there may have been two more.
  const outcome = (check: string) =>
    statement(`${OWN_WRITES}.violations ${check}`, ...events).split(":")[0];
  assertEquals(
    ["<= 1", "<= 2", "<= 3", "< 3", "< 4", "< 1"].map(outcome),
    ["unknown", "unknown", "ok", "unknown", "ok", "fail"],
  );
  assertEquals(
    ["> 0", "> 1", "> 3", ">= 1", ">= 3", ">= 4"].map(outcome),
    ["ok", "unknown", "fail", "ok", "unknown", "fail"],
  );
  assertEquals(
    ["== 0", "== 1", "== 3", "== 4", "!= 0", "!= 1"].map(outcome),
    ["fail", "unknown", "unknown", "fail", "ok", "unknown"],
  );
});

test("sessions: of equal times either is the newer, unless servers order them", () => {
  const kiwi = (position: string) => `AT Ash +0.700000000 kiwi ${position} 100`;
  const [greater, less] = ["+2-2", "+1-1"];
  const tell = (op: number, atMs: number, position: string) => {
    const [asked, answer] = iamat(op, atMs, 100);
    const line = `IAMAT kiwi ${position} 100`;
    return [
      { ...asked, line } as HistoryEvent,
      { ...answer, reply: kiwi(position) } as HistoryEvent,
    ];
  };
  const events = [
    ...tell(1, 0, greater),
    ...tell(2, 10, less),
    ...asks(3, 20, kiwi(greater), "kiwi"),
    ...asks(4, 30, kiwi(less), "kiwi"),
  ];
  const seen = { world: "servers", sees: new Set(["answers"] as const) };
  const of = (ordersTies: boolean) => {
    const all = { ...evidence(events), seen: { ...seen, ordersTies } };
    const { metrics, violations } = assess(all, []);
    const figures = ["violations", "unknown", "judged"].map((it) =>
      [MONOTONIC, OWN_WRITES].map((name) => metrics.get(`${name}.${it}`))
    );
    return { figures, violations: violations.map(({ check }) => check) };
  };
  assertEquals(of(true), {
    figures: [[1, 1], [0, 0], [1, 2]],
    violations: ["monotonic reads"],
  });
  // The answer with the fix that is known is no tie.
  assertEquals(of(false), {
    figures: [[undefined, undefined], [1, 1], [0, 1]],
    violations: [],
  });
  // One that is older than both is behind them in any case.
  const old = [...iamat(9, -10, 50), ...events, ...asks(5, 40, at(50), "kiwi")];
  const all = { ...evidence(old), seen: { ...seen, ordersTies: false } };
  assertEquals(assess(all, []).metrics.get(`${OWN_WRITES}.violations`), 1);
});
