import { assert, assertEquals } from "@std/assert";
import { metricInfos } from "../../../../sim/model/checks/metric_names.ts";
import {
  Measurement,
  type MetricValue,
} from "../../../../sim/model/checks/metrics.ts";
import { faultsOf } from "../../../../sim/model/checks/faults.ts";
import type { Evidence } from "../../../../sim/model/checks/evidence.ts";
import { IN_MEMORY } from "../../../../sim/model/durability.ts";
import { type HistoryEvent, NOBODY } from "../../../../sim/model/history.ts";
import {
  at,
  delivery,
  evidence,
  flood,
  hop,
  iamat,
  state,
} from "./histories.ts";

const SERVERS = ["Ash", "Elm", "Fig"];

function held(line: string): Record<string, string[]> {
  return Object.fromEntries(SERVERS.map((name) => [name, [line]]));
}

function metrics(
  events: readonly HistoryEvent[],
  records: Record<string, readonly string[]> = {},
): (name: string) => MetricValue {
  const all = new Measurement(evidence(events, records)).metrics();
  return (name) => {
    assert(all.has(name), `no metric ${name}`);
    return all.get(name);
  };
}

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("Measurement.metrics() has what metricInfos() names, and nothing else", () => {
  const all = new Measurement(evidence([])).metrics();
  assertEquals(
    [...all.keys()].toSorted(),
    [...metricInfos(SERVERS).keys()].toSorted(),
  );
});

test("Measurement.metrics() knows nothing of an empty drill but that", () => {
  const get = metrics([]);
  const unknown = ["converged", "lost", "stale", "p99", "redundancy"];
  for (const name of [...unknown, "reliability", "ack.p50", "to.Ash.max"]) {
    assertEquals(get(name), undefined, name);
  }
  const counts = ["operations", "updates", "messages", "duplicates", "samples"];
  for (const name of [...counts, "queues.max", "detection.samples"]) {
    assertEquals(get(name), 0, name);
  }
});

test("Measurement.metrics() counts all lines that an operation cost", () => {
  const control = (atMs: number, lines: number): HistoryEvent => {
    return {
      atMs,
      kind: "control",
      server: "Ash",
      to: "Elm",
      command: "IHAVE",
      lines,
    };
  };
  const events = [...flood(1, 10, 100), ...flood(2, 20, 200)];
  const all = [control(5, 3), ...events, control(900, 2)];
  const get = metrics(all, held(at(200)));
  assertEquals(get("control_lines"), 5);
  assertEquals(get("messages_per_operation"), (4 + 5) / 2);
  const late = new Measurement(evidence(all)).metrics([
    { fromMs: 15, toMs: Infinity },
  ]);
  assertEquals(late.get("control_lines"), 2);
  assertEquals(late.get("messages_per_operation"), (2 + 2) / 1);
  assertEquals(metrics([control(5, 3)])("messages_per_operation"), undefined);
});

test("Measurement.metrics() has no figures of spreading where none is spread", () => {
  const events = flood(1, 10, 100);
  const all = new Measurement({
    ...evidence(events, held(at(100))),
    mode: "ondemand",
  }).metrics();
  for (
    const name of [
      ...["redundancy", "messages", "p50", "to.Elm.p99", "hop.max"],
      ...["samples", "hop.samples"],
    ]
  ) {
    assert(!all.has(name), name);
  }
  assertEquals(all.get("lost"), 0);
  assertEquals(all.get("ack.max"), 1);
  assertEquals(all.get("ack.samples"), 1);
});

test("Measurement.metrics() has what dies with its server, on demand, not lost", () => {
  const events = [
    ...iamat(1, 10, 100),
    state(5_000, "Ash", "stopped"),
  ];
  const lost = (mode: "flood" | "ondemand") =>
    new Measurement({
      ...evidence(events, { Elm: [], Fig: [] }),
      mode,
    }).metrics().get("lost");
  assertEquals(lost("flood"), 1);
  assertEquals(lost("ondemand"), 0);
});

test("Measurement.metrics() of a flood down a line, where all is well", () => {
  const events = [...flood(1, 10, 100), ...flood(2, 20, 200)];
  const get = metrics(events, held(at(200)));
  const expected = {
    operations: 2,
    "operations.ok": 2,
    acknowledged: 2,
    converged: true,
    lost: 0,
    stale: 0,
    reliability: 1,
    updates: 2,
    messages: 4,
    duplicates: 0,
    messages_per_update: 2,
    flood_messages: 2,
    least_messages: 2,
    redundancy: 0,
    "last_hop.max": 2,
    "last_hop.mean": 2,
    time_to_heal: undefined,
  };
  for (const [name, value] of Object.entries(expected)) {
    assertEquals(get(name), value, name);
  }
  for (const [name, ms] of [["p50", 2.5], ["max", 2.5], ["to.Ash.max", 0.5]]) {
    assert(Math.abs(Number(get(String(name))) - Number(ms)) < 0.01, `${name}`);
  }
  assert(Math.abs(Number(get("ack.p99")) - 1) < 0.01);
});

test("Measurement.metrics() counts latency from when an update was due", () => {
  const events = flood(1, 10, 100).map((event) =>
    event.kind === "invoke" ? { ...event, dueMs: 4 } : event
  );
  assert(Math.abs(Number(metrics(events)("p50")) - 8.5) < 0.01);
});

test("Measurement.metrics() tells lost from stale, and from explained", () => {
  const lost: HistoryEvent[] = [
    { atMs: 0, kind: "link", server: "Ash", peer: "Elm", isUp: true },
    ...flood(1, 10, 100),
    ...iamat(2, 20, 200),
    delivery(20.5, "Ash", null, at(200)),
  ];
  const get = metrics(lost, held(at(100)));
  assertEquals([get("lost"), get("stale"), get("converged")], [1, 0, true]);
  assertEquals(get("lost.unexplained"), 1);
  const killed = metrics(
    [...lost, state(100, "Ash", "stopped")],
    held(at(100)),
  );
  assertEquals([killed("lost"), killed("lost.unexplained")], [1, 0]);
  const late = metrics([...lost, state(400, "Ash", "stopped")], held(at(100)));
  assertEquals(late("lost.unexplained"), 1);
  const stale = metrics(lost, { ...held(at(200)), Fig: [at(100)] });
  assertEquals([stale("lost"), stale("stale")], [0, 1]);
  assertEquals(stale("converged"), false);
});

test("Measurement.metrics() finds duplicates and redundancy", () => {
  const echo = hop(12.6, "Elm", "Ash", at(100), false);
  const get = metrics([...flood(1, 10, 100), ...echo], held(at(100)));
  assertEquals(get("duplicates"), 1);
  assertEquals(get("messages_per_update"), 3);
  assertEquals(get("redundancy"), 0.5);
});

test("Measurement.metrics() finds what got not everywhere unreliable", () => {
  const half = [
    state(5, "Fig", "stopped"),
    ...iamat(1, 10, 100),
    delivery(10.5, "Ash", null, at(100)),
  ];
  const get = metrics(half, { Ash: [at(100)], Elm: [] });
  assertEquals(get("reliability"), 0.5);
  assertEquals(get("p50"), undefined);
});

/** Fixes of two clients that a cut keeps from Fig, and one that it has. */
const BEHIND_A_CUT = [
  ...flood(1, 10, 100),
  ...["moa", "emu"].flatMap((client, i) => {
    const [op, atMs, line] = [i + 2, 20 + 10 * i, at(200, "Ash", client)];
    return [
      ...iamat(op, atMs, 200, "Ash", client),
      delivery(atMs + 0.5, "Ash", null, line),
      ...hop(atMs + 1, "Ash", "Elm", line),
    ];
  }),
];

test("Measurement.metrics() judges by who was up, not by who survives", () => {
  const kiwi = at(100);
  const all = [kiwi, at(200, "Ash", "moa"), at(200, "Ash", "emu")];
  const lives = metrics(BEHIND_A_CUT, { Ash: all, Elm: all, Fig: [kiwi] });
  const killed = (atMs: number) =>
    metrics([...BEHIND_A_CUT, state(atMs, "Fig", "stopped")], {
      Ash: all,
      Elm: all,
    });
  for (const get of [lives, killed(1_000)]) {
    assertEquals(get("reliability"), 7 / 9);
    assertEquals(get("stale"), 2);
    assertEquals(get("lost"), 0);
  }
  // Had it been up a little longer, it might have had emu's.
  assertEquals(killed(225)("reliability"), 8 / 9);
  assertEquals(killed(225)("stale"), 1);
  // Nobody is owed what was told while it was down.
  assertEquals(killed(15)("reliability"), 1);
  assertEquals(killed(15)("stale"), 0);
});

test("Measurement.metrics() times updates to who was up as they were told", () => {
  const line = at(200);
  const events = [
    ...flood(1, 10, 100),
    state(15, "Fig", "stopped"),
    ...iamat(2, 20, 200),
    delivery(20.5, "Ash", null, line),
    ...hop(21, "Ash", "Elm", line),
    state(1_000, "Fig", "starting"),
    state(1_010, "Fig", "up"),
    ...hop(1_020, "Elm", "Fig", line),
  ];
  const get = metrics(events, held(line));
  // What Fig was told when it came back is no update of a second.
  assert(Number(get("to.Fig.max")) < 10, String(get("to.Fig.max")));
  assert(Number(get("max")) < 10, String(get("max")));
  assert(Math.abs(Number(get("p50")) - 1.5) < 0.01, String(get("p50")));
});

test("Measurement.metrics() takes a client's repeat for no duplicate", () => {
  const repeat = [
    ...iamat(2, 20, 100),
    delivery(20.5, "Ash", null, at(100), false),
  ];
  const get = metrics([...flood(1, 10, 100), ...repeat], held(at(100)));
  assertEquals([get("duplicates"), get("updates")], [0, 1]);
});

test("Measurement.metrics() takes time-outs for unknown, not for failed", () => {
  const [invoke] = iamat(1, 10, 100);
  const [open] = iamat(2, 10, 100);
  const get = metrics([
    invoke!,
    open!,
    { atMs: 20, kind: "info", op: 1, why: "time-out" },
  ]);
  assertEquals(get("operations.unknown"), 2);
  assertEquals(get("operations.failed"), 0);
});

test("Measurement.metrics() measures faults, healing and detection", () => {
  const cut = {
    kind: "fault-begin",
    fault: "cut",
    targets: ["Elm-Fig"],
  } as const;
  const events: HistoryEvent[] = [
    { atMs: 5, id: "cut-1", ...cut },
    ...iamat(1, 10, 100),
    delivery(10.5, "Ash", null, at(100)),
    ...hop(11, "Ash", "Elm", at(100)),
    { atMs: 12, kind: "link", server: "Elm", peer: "Fig", isUp: false },
    { atMs: 15, kind: "link", server: "Fig", peer: "Elm", isUp: false },
    { atMs: 50, kind: "fault-end", id: "cut-1", touched: 3 },
    ...hop(60, "Elm", "Fig", at(100)),
    { atMs: 70, id: "cut-2", ...cut },
    { atMs: 71, kind: "fault-end", id: "cut-2", touched: 0 },
  ];
  const healed = metrics(events.slice(0, -2), held(at(100)));
  assertEquals(healed("time_to_heal"), 10.5);
  const get = metrics(events, held(at(100)));
  assertEquals(get("faults.cut.count"), 2);
  assertEquals(get("faults.cut.overlapped_updates"), 1);
  assertEquals(get("faults.cut.touched"), 3);
  assertEquals(get("faults.cut.vacuous"), 1);
  assertEquals(get("faults.vacuous"), 1);
  assertEquals(get("faults.kill.count"), 0);
  assert(Math.abs(Number(get("detection.max")) - 10) < 0.01);
  const standing = metrics(events.slice(0, -1), held(at(100)));
  assertEquals(standing("faults.residual"), 1);
  assertEquals(standing("time_to_heal"), undefined);
  const told = metrics([
    ...events.slice(0, -1),
    { atMs: 80, kind: "fault-touched", id: "cut-2", touched: 0 },
  ]);
  assertEquals(told("faults.residual"), 1);
  assertEquals(told("faults.vacuous"), 1);
  // What goes after the cut was healed has another reason.
  const late = metrics([
    ...events,
    { atMs: 90, kind: "link", server: "Elm", peer: "Fig", isUp: false },
  ]);
  assert(Math.abs(Number(late("detection.max")) - 10) < 0.01);
});

test("Measurement.metrics() counts what a client sends as a fault begins or ends", () => {
  const fault = { kind: "fault-begin", fault: "cut", targets: ["Ash-Elm"] };
  const events = [
    ...iamat(1, 9.9, 100),
    { atMs: 10, id: "a", ...fault } as HistoryEvent,
    ...iamat(2, 10, 200),
    ...iamat(3, 20, 300),
    { atMs: 20, kind: "fault-end", id: "a", touched: 1 } as const,
    ...iamat(4, 20.1, 400),
  ];
  assertEquals(metrics(events)("faults.cut.overlapped_updates"), 2);
});

test("Measurement.metrics() counts fixes by whatever step, if they were sent", () => {
  const cut = { kind: "fault-begin", fault: "cut", id: "a" } as const;
  const send = (op: number, line: string): HistoryEvent[] => {
    const begun = { kind: "invoke", op, process: "Ash#1", f: "send" } as const;
    return [
      { atMs: 10, ...begun, server: "Ash", line },
      { atMs: 13, kind: "ok", op, reply: at(100) },
    ];
  };
  const [unsent] = iamat(4, 10, 300);
  const get = metrics([
    { atMs: 5, ...cut, targets: ["Ash-Elm"] },
    ...send(1, " IAMAT  kiwi +1-1 100"),
    ...send(2, "WHATSAT kiwi 1 1"),
    ...iamat(3, 10, 200),
    ...iamat(5, 20, 400).map((event) =>
      event.kind === "ok" ? { ...event, reply: "ERROR" } : event
    ),
    { ...unsent!, process: NOBODY } as HistoryEvent,
    { atMs: 10, kind: "fail", op: 4, why: "refused" },
  ]);
  assertEquals(get("acknowledged"), 2);
  assertEquals([get("ack.samples"), get("ack.max")], [2, 3]);
  assertEquals(get("faults.overlapped_updates"), 3);
});

test("Measurement.metrics() takes a fault for over where it has no target left", () => {
  const begin = { kind: "fault-begin", fault: "cut" } as const;
  const nothing = { atMs: 5, id: "a", ...begin, targets: [] };
  assertEquals(metrics([nothing])("faults.residual"), 0);
  const told = metrics([nothing, ...flood(1, 1, 100)], held(at(100)));
  assertEquals(told("time_to_heal"), 0);
  const targets = ["Ash-Elm", "Elm-Fig"];
  const events = [
    { atMs: 5, id: "b", ...begin, targets },
    { atMs: 6, kind: "fault-part-end", id: "b", left: ["Elm-Fig"] } as const,
  ];
  assertEquals(metrics(events)("faults.residual"), 1);
  assertEquals(faultsOf(events)[0]?.left, ["Elm-Fig"]);
});

test("Measurement.metrics() takes no time of a server for detection that was dead meanwhile", () => {
  const get = metrics([
    {
      atMs: 5,
      kind: "fault-begin",
      fault: "cut",
      id: "a",
      targets: ["Ash-Elm"],
    },
    state(10, "Elm", "stopped"),
    state(20, "Elm", "up"),
    { atMs: 100, kind: "link", server: "Elm", peer: "Ash", isUp: false },
  ]);
  assertEquals(get("detection.samples"), 0);
});

test("Measurement.metrics() takes a fault to be noticed once, and not once its server is back", () => {
  const link = (atMs: number, isUp: boolean) =>
    ({ atMs, kind: "link", server: "Ash", peer: "Elm", isUp }) as const;
  const samples = (...events: HistoryEvent[]) =>
    metrics(events)("detection.samples");
  const cut = {
    ...{ atMs: 5, kind: "fault-begin", fault: "cut", id: "a" } as const,
    targets: ["Ash-Elm"],
  };
  assertEquals(samples(cut, link(12, false)), 1);
  assertEquals(
    samples(cut, link(12, false), link(30, true), link(40, false)),
    1,
  );
  const killed = [state(10, "Elm", "stopped"), state(20, "Elm", "up")];
  assertEquals(samples(...killed, link(500, false)), 0);
});

test("Measurement.metrics() times an update by its first telling, and to who was up then", () => {
  const line = at(100);
  const events = [
    state(0, "Elm", "starting"),
    state(10, "Elm", "up"),
    ...iamat(1, 10, 100),
    delivery(11, "Ash", null, line),
    ...hop(12, "Ash", "Elm", line),
    // The client repeats it; nobody is told anew, and no time begins anew.
    ...iamat(2, 300, 100),
    delivery(301, "Ash", null, line, false),
    ...hop(310, "Elm", "Fig", line),
    state(400, "Elm", "stopped"),
    ...iamat(3, 400, 200),
    delivery(401, "Ash", null, at(200)),
  ];
  const get = metrics(events);
  assertEquals(get("duplicates"), 0);
  assertEquals(get("to.Elm.samples"), 1, "up as it was told; down at 400");
  assert(Math.abs(Number(get("to.Elm.max")) - 2.5) < 0.01);
  assert(Math.abs(Number(get("to.Fig.max")) - 300.5) < 0.5);
});

test("Measurement.metrics() takes no arrival for one after its server has ended", () => {
  const line = at(100);
  const get = metrics([
    ...iamat(1, 10, 100),
    delivery(11, "Ash", null, line),
    ...hop(12, "Ash", "Elm", line),
    state(20, "Fig", "stopped"),
    state(30, "Fig", "up"),
    ...hop(40, "Elm", "Fig", line),
  ]);
  assertEquals([get("to.Elm.samples"), get("to.Fig.samples")], [1, 0]);
  assertEquals(get("samples"), 0, "not to all that were up");
});

test("Measurement.metrics() counts healing from the latest end of faults that overlap", () => {
  const fault = { kind: "fault-begin", fault: "cut", targets: [] } as const;
  const begin = (atMs: number, id: string) => ({ atMs, id, ...fault });
  const end = (atMs: number, id: string) =>
    ({ atMs, kind: "fault-end", id, touched: 1 }) as const;
  for (const [first, second] of [["a", "b"], ["b", "a"]] as const) {
    const events = [
      begin(5, first),
      begin(6, second),
      ...iamat(1, 10, 100),
      delivery(10.5, "Ash", null, at(100)),
      end(30, "a"),
      ...hop(35, "Ash", "Elm", at(100)),
      end(50, "b"),
      ...hop(60, "Elm", "Fig", at(100)),
    ];
    assertEquals(metrics(events, held(at(100)))("time_to_heal"), 10.5);
  }
});

test("Measurement.metrics() has no time to heal where nothing was told before", () => {
  const cut: HistoryEvent[] = [
    {
      atMs: 1,
      kind: "fault-begin",
      fault: "cut",
      id: "a",
      targets: ["Ash-Elm"],
    },
    { atMs: 2, kind: "fault-end", id: "a", touched: 0 },
  ];
  const timeToHeal = (...events: HistoryEvent[]) =>
    metrics([...cut, ...events], held(at(100)))("time_to_heal");
  assertEquals(timeToHeal(...flood(1, 10, 100)), undefined);
  assertEquals(timeToHeal(...flood(1, -10, 50), ...flood(2, 10, 100)), 0);
});

test("Measurement.metrics() takes one server, or a silent one, for no agreement", () => {
  const events = flood(1, 10, 100);
  const { Ash, Elm } = held(at(100)) as Record<string, string[]>;
  const dead = state(20, "Fig", "stopped");
  const table: [HistoryEvent[], Record<string, string[]>, unknown][] = [
    [[dead], { Ash: Ash!, Elm: Elm! }, true],
    [[dead], { Ash: Ash!, Elm: [] }, false],
    // Fig is up, and did not answer.
    [[], { Ash: Ash!, Elm: Elm! }, undefined],
    [[dead, state(21, "Elm", "paused")], { Ash: Ash! }, undefined],
  ];
  for (const [more, records, converged] of table) {
    assertEquals(
      metrics([...events, ...more], records)("converged"),
      converged,
    );
  }
  const alone = evidence([], { Ash: [at(100)] });
  const [server] = alone.topology.servers;
  const topology = { servers: [server!], links: [] };
  const all = new Measurement({ ...alone, topology }).metrics();
  assertEquals(all.get("converged"), true);
});

test("Measurement.metrics() takes what was healed in part for nothing to notice there", () => {
  const targets = ["Ash-Elm", "Elm-Fig"];
  const begin = { kind: "fault-begin", fault: "cut", targets } as const;
  const down = (atMs: number, server: string, peer: string) =>
    ({ atMs, kind: "link", server, peer, isUp: false }) as const;
  const detection = (...events: HistoryEvent[]) => {
    const get = metrics(events);
    return [get("detection.samples"), get("detection.max")];
  };
  const cut = { atMs: 5, id: "a", ...begin };
  const inPart = (atMs: number, id: string, left: string[]) =>
    ({ atMs, kind: "fault-part-end", id, left }) as const;
  // What is left of the cut is noticed, and the kill later, each by itself.
  assertEquals(
    detection(
      cut,
      inPart(10, "a", ["Elm-Fig"]),
      down(12, "Fig", "Elm"),
      state(9_000, "Elm", "stopped"),
      down(9_001, "Ash", "Elm"),
    ),
    [2, 7],
  );
  assertEquals(
    detection(cut, inPart(10, "a", ["Elm>Ash"]), down(12, "Ash", "Elm")),
    [1, 7],
  );
  // Another fault keeps a link silent that the first one has left.
  assertEquals(
    detection(
      cut,
      { atMs: 8, id: "b", ...begin, targets: ["Ash-Elm"] },
      { atMs: 10, kind: "fault-end", id: "a", touched: 1 },
      down(12, "Ash", "Elm"),
      down(12, "Elm", "Fig"),
    ),
    [1, 7],
  );
});

test("Measurement.metrics() takes what is repeated for acknowledged, if the repeat is", () => {
  const [asked] = iamat(1, 10, 100);
  const again = iamat(2, 500, 100);
  const reply = at(100).replace("+0.5", "+0.9");
  const get = metrics([
    asked!,
    delivery(10.5, "Ash", null, at(100)),
    { atMs: 400, kind: "info", op: 1, why: "no answer" },
    again[0]!,
    { ...again[1]!, reply } as HistoryEvent,
    ...hop(450, "Ash", "Elm", at(100)),
  ], held(at(100)));
  assertEquals(get("reliability"), 2 / 3);
  assertEquals(get("to.Elm.max"), 440.5);
});

test("Measurement.metrics() times what is told again after a restart from then", () => {
  const later = at(100).replace("+0.5", "+5.5");
  const again = iamat(2, 5_000, 100);
  const get = metrics([
    ...flood(1, 10, 100),
    state(20, "Ash", "stopped"),
    state(30, "Ash", "starting"),
    state(31, "Ash", "up"),
    again[0]!,
    delivery(5_000.5, "Ash", null, later),
    { ...again[1]!, reply: later } as HistoryEvent,
    ...hop(5_001, "Ash", "Elm", later),
    ...hop(5_002, "Elm", "Fig", later),
  ], held(later));
  assertEquals(get("to.Elm.max"), 1.5);
  assertEquals(get("max"), 2.5);
});

test("Measurement.metrics() counts the way by a hub as one link more", () => {
  const line = at(100);
  const get = metrics([
    ...iamat(1, 10, 100),
    delivery(10.5, "Ash", null, line),
    ...hop(11, "Ash", "Elm", line),
    { atMs: 12, kind: "sent", server: "Elm", to: "hub", line },
    delivery(13, "Fig", "hub", line),
    delivery(14, "Elm", "hub", line, false),
  ]);
  assertEquals(get("last_hop.max"), 2);
});

test("Measurement.metrics() counts links that went down, in a part too", () => {
  const link = { kind: "link", server: "Elm", peer: "Fig" } as const;
  const events: HistoryEvent[] = [
    { atMs: 1, ...link, isUp: true },
    { atMs: 5, ...link, isUp: false },
    { atMs: 6, ...link, isUp: true },
    { atMs: 9, ...link, isUp: false },
  ];
  assertEquals(metrics([])("links.lost"), 0);
  assertEquals(metrics(events)("links.lost"), 2);
  const measurement = new Measurement(evidence(events));
  const part = measurement.metrics([{ fromMs: 5, toMs: 9 }]);
  assertEquals(part.get("links.lost"), 1);
});

test("Measurement.metrics() counts detection from the kill itself", () => {
  const kill = { kind: "fault-begin", id: "k", fault: "kill" } as const;
  const get = metrics([
    { atMs: 10, ...kill, targets: ["Fig"] },
    { atMs: 12, kind: "link", server: "Elm", peer: "Fig", isUp: false },
    state(15, "Fig", "stopped"),
  ]);
  assert(Math.abs(Number(get("detection.max")) - 2) < 0.01);
});

test("Measurement.metrics() measures queues and what is left of sockets", () => {
  const queue = (server: string, longest: number) =>
    ({ atMs: 1, kind: "queue", server, longest }) as const;
  const get = metrics([
    queue("Ash", 3),
    queue("Elm", 9),
    queue("Elm", 2),
    { atMs: 5, kind: "sockets", leaked: ["Ash listens"] },
  ]);
  assertEquals(get("queues.max"), 9);
  assertEquals(get("queues.Ash.max"), 3);
  assertEquals(get("queues.Fig.max"), 0);
  assertEquals(get("sockets.leaked"), 1);
  assertEquals(metrics([])("queues.max"), 0);
});

test("Measurement.metrics() tells of restarts, back-off and the limit, by server", () => {
  const restart = (
    atMs: number,
    server: string,
    restarts: number,
    backoffMs: number,
  ): HistoryEvent => ({ atMs, kind: "restart", server, restarts, backoffMs });
  const limit = { restarts: 2, periodMs: 5_000 };
  const get = metrics([
    // By hand.
    ...[state(1, "Ash", "stopped"), state(2, "Ash", "starting")],
    ...[state(3, "Ash", "crashed"), state(4, "Ash", "starting")],
    ...[state(5, "Elm", "crashed"), restart(6, "Elm", 1, 1)],
    ...[state(7, "Fig", "crashed"), restart(107, "Fig", 1, 100)],
    ...[state(108, "Fig", "crashed"), restart(308, "Fig", 2, 200)],
    state(309, "Fig", "crashed"),
    { atMs: 310, kind: "restart-limit", server: "Fig", ...limit },
  ]);
  assertEquals(get("restarts.total"), 3);
  assertEquals(get("restarts.max_per_server"), 2);
  assertEquals(get("restarts.limit_reached"), 1);
  const byServer = ["Ash", "Elm", "Fig"].map((server) => [
    get(`restarts.${server}.count`),
    get(`restarts.${server}.limit_reached`),
  ]);
  assertEquals(byServer, [[0, 0], [1, 0], [2, 1]]);
  assert(Math.abs(Number(get("restarts.backoff.p50")) - 100) < 1);
  assert(Math.abs(Number(get("restarts.backoff.max")) - 200) < 1);
  assertEquals(metrics([])("restarts.backoff.max"), undefined);
});

test("Measurement.faultSpans() tells when a fault, or those of a kind, stood", () => {
  const cut = { kind: "fault-begin", fault: "cut", targets: [] } as const;
  const measured = new Measurement(evidence([
    ...flood(1, 5, 100),
    { atMs: 10, id: "snip", ...cut },
    ...flood(2, 12, 200),
    { atMs: 20, kind: "fault-end", id: "snip", touched: 1 },
    ...flood(3, 25, 300),
    { atMs: 30, id: "cut-2", ...cut },
    ...flood(4, 35, 400),
  ]));
  const updates = (name: string) =>
    measured.metrics(measured.faultSpans(name)).get("updates");
  assertEquals(["snip", "cut-2", "cut"].map(updates), [1, 1, 2]);
  assertEquals(measured.faultSpans("pause"), []);
});

test("Measurement.metrics() counts what is due on a border once, in the later phase", () => {
  const step = { kind: "step", fileLine: 1, ok: true, startedMs: 0 } as const;
  const measured = new Measurement(evidence([
    { atMs: 0, step: 1, text: "begins", phase: "before", ...step },
    ...flood(1, 0, 100),
    { atMs: 15, step: 2, text: "begins", phase: "after", ...step },
    ...flood(2, 15, 200),
  ]));
  const phases = [...measured.phases().values()];
  const counts = (name: string) =>
    phases.map((spans) => measured.metrics(spans).get(name));
  for (const name of ["operations", "updates"]) {
    assertEquals(counts(name), [1, 1], name);
  }
  assertEquals(measured.metrics(phases.flat()).get("operations"), 2);
});

test("Measurement.metrics() of a phase has what was due in it", () => {
  const step = { kind: "step", fileLine: 1, ok: true, startedMs: 0 } as const;
  const measured = new Measurement(evidence([
    { atMs: 0, step: 1, text: "begins", phase: "before", ...step },
    ...flood(1, 10, 100),
    { atMs: 15, step: 2, text: "begins", phase: "after", ...step },
    ...flood(2, 20, 200),
    ...flood(3, 30, 300),
  ]));
  const phases = measured.phases();
  assertEquals([...phases.keys()], ["before", "after"]);
  // What is of the whole drill is no figure of a part.
  const names = [...measured.metrics(phases.get("before")).keys()];
  const parts = [...metricInfos(SERVERS)].flatMap(([name, { hasPhases }]) =>
    hasPhases || name.endsWith("_messages") ? [name] : []
  );
  assertEquals(names.toSorted(), parts.toSorted());
  const updates = [...phases.values()].map((spans) =>
    measured.metrics(spans).get("updates")
  );
  assertEquals(updates, [1, 2]);
  // What is due on the border of two is in the second, and in no other.
  const border = new Measurement(evidence(flood(1, 15, 100)));
  const [before, after] = [{ fromMs: 0, toMs: 15 }, { fromMs: 15, toMs: 30 }];
  for (const name of ["operations", "updates"]) {
    const of = (span: typeof before) => border.metrics([span]).get(name);
    assertEquals([of(before), of(after)], [0, 1], name);
  }
});

test("Measurement.phases() has all of a phase that began several times", () => {
  const begins = (atMs: number, step: number, phase: string): HistoryEvent => {
    const begun = {
      kind: "step",
      fileLine: 1,
      ok: true,
      startedMs: 0,
    } as const;
    return { atMs, step, text: "begins", phase, ...begun };
  };
  const measured = new Measurement(evidence([
    begins(0, 1, "quiet"),
    ...flood(1, 1, 100),
    begins(10, 2, "busy"),
    ...flood(2, 11, 200),
    begins(20, 3, "quiet"),
    ...flood(3, 21, 300),
    begins(30, 4, "busy"),
    ...flood(4, 31, 400),
    ...flood(5, 35, 500),
  ]));
  const counts = [...measured.phases()].map((
    [name, spans],
  ) => [name, measured.metrics(spans).get("operations")]);
  assertEquals(counts, [["quiet", 2], ["busy", 3]]);
});

test("Measurement.metrics() takes for stale, not for lost, what is on a frozen server", () => {
  const events = [
    state(0, "Fig", "starting"),
    state(1, "Fig", "up"),
    ...flood(1, 10, 100),
    ...iamat(2, 20, 200, "Fig"),
    delivery(20.5, "Fig", null, at(200, "Fig")),
    state(400, "Fig", "paused"),
  ];
  const { Ash, Elm } = held(at(100));
  const known = evidence(events, { Ash: Ash!, Elm: Elm! });
  const losses = (more: Partial<Evidence> = {}) => {
    const all = new Measurement({ ...known, ...more }).metrics();
    return ["lost", "lost.unexplained", "stale"].map((name) => all.get(name));
  };
  assertEquals(losses(), [0, 0, 1]);
  const killed = [...events, state(500, "Fig", "stopped")];
  assertEquals(losses({ history: killed }), [1, 0, 0]);
  // Where nobody sees what comes to servers, nobody knows what that one has.
  const blind = { world: "processes", sees: new Set(["records"] as const) };
  assertEquals(losses({ seen: blind }), [undefined, undefined, undefined]);
  assertEquals(losses({ seen: blind, history: killed }), [1, 0, undefined]);
  const late = killed.map((event) =>
    event.kind === "state" && event.atMs > 1 ? { ...event, atMs: 30 } : event
  ).toSorted((a, b) => a.atMs - b.atMs);
  assertEquals(losses({ seen: blind, history: late })[2], 0, "owed nothing");
  const onDemand = losses({ mode: "ondemand" });
  assertEquals(onDemand[0], 0);
});

test("Measurement.metrics() has shares that equal what is written of them", () => {
  const five = [...SERVERS, "Gum", "Hop"];
  const topology = {
    servers: five.map((name) => ({ name, port: 0 })),
    links: [],
  };
  const events = Array.from({ length: 10 }, (_, i) => [
    ...flood(i, i * 10, i),
    ...hop(i * 10 + 3, "Fig", "Gum", at(i)),
    // Of 30 that were reached beyond the first, 12 were reached again.
    ...i < 6
      ? [
        ...hop(i * 10 + 4, "Gum", "Fig", at(i), false),
        ...hop(i * 10 + 5, "Elm", "Ash", at(i), false),
      ]
      : [],
  ]).flat();
  const all = new Measurement({ ...evidence(events), topology }).metrics();
  assertEquals(all.get("reliability"), 0.8);
  assertEquals(all.get("redundancy"), 0.4);
});

test("Measurement.metrics() counts a nemesis as the faults that it brings about", () => {
  const fault = (atMs: number, fault: string): HistoryEvent => {
    return { atMs, kind: "fault-begin", fault, id: fault, targets: ["Ash"] };
  };
  const end = (atMs: number, id: string): HistoryEvent => {
    return { atMs, kind: "fault-end", id, touched: 1 };
  };
  const get = metrics([
    fault(5, "nemesis"),
    ...flood(1, 10, 100),
    fault(20, "pause"),
    end(30, "pause"),
    ...hop(32, "Ash", "Elm", at(100)),
    end(90, "nemesis"),
  ], held(at(100)));
  assertEquals(get("faults.count"), 1);
  assertEquals(get("faults.overlapped_updates"), 0);
  assertEquals(get("faults.nemesis.count"), 1);
  assertEquals(get("time_to_heal"), 2.5);
});

test("Measurement.metrics() has no time to heal of what is lost", () => {
  const kill = { kind: "fault-begin", fault: "kill", id: "a" } as const;
  const get = metrics([
    ...flood(1, 10, 100),
    ...iamat(2, 20, 200),
    delivery(20.5, "Ash", null, at(200)),
    { atMs: 30, ...kill, targets: ["Ash"] },
    state(30, "Ash", "stopped"),
    state(40, "Ash", "starting"),
    state(41, "Ash", "up"),
    { atMs: 41, kind: "fault-end", id: "a", touched: 1 },
    ...hop(50, "Elm", "Ash", at(100)),
  ], held(at(100)));
  assertEquals([get("converged"), get("lost")], [true, 1]);
  assertEquals(get("time_to_heal"), undefined);
});

test("Measurement.metrics() takes for stale no server that held what is newer when it ended", () => {
  const older = [
    ...iamat(2, 100, 50, "Fig"),
    delivery(100.5, "Fig", null, at(50, "Fig")),
  ];
  const began = (atMs: number) => [
    state(atMs, "Elm", "starting"),
    state(atMs + 1, "Elm", "up"),
  ];
  const paused = [state(20, "Elm", "paused"), state(30, "Elm", "up")];
  const killed = [state(20, "Elm", "stopped"), ...began(30)];
  const wipe: HistoryEvent = {
    ...{ atMs: 25, kind: "fault-begin", fault: "wipe", id: "a" },
    targets: ["Elm"],
  };
  const table: [HistoryEvent[], hasDisks: boolean, stale: number][] = [
    [paused, false, 0],
    [killed, false, 1],
    [killed, true, 0],
    [[...killed, wipe], true, 1],
  ];
  for (const [meanwhile, hasDisks, stale] of table) {
    const events = [
      ...began(0),
      ...flood(1, 10, 100),
      ...meanwhile,
      // Fig began anew behind a cut, and hears of what is older.
      ...older,
      state(400, "Elm", "stopped"),
    ].toSorted((a, b) => a.atMs - b.atMs);
    const { Ash, Fig } = held(at(100));
    const all = new Measurement({
      ...evidence(events, { Ash: Ash!, Fig: Fig! }),
      keeping: { ...IN_MEMORY, hasDisks },
    }).metrics();
    assertEquals(all.get("stale"), stale);
  }
});

test("Measurement.metrics() counts lines by their kind, and fixes of equal times", () => {
  const control = (atMs: number, command: string, lines: number) =>
    ({
      atMs,
      kind: "control",
      server: "Ash",
      to: "Elm",
      command,
      lines,
    }) as const;
  const told = "AT Ash +0.200000000 kiwi +1-1 300";
  const other = "AT Elm +0.100000000 kiwi +2-2 300";
  const came = (atMs: number, line: string, isNew: boolean): HistoryEvent => ({
    atMs,
    kind: "delivery",
    server: "Ash",
    from: "Elm",
    line,
    isNew,
  });
  const all = metrics([
    control(1, "SYNC", 1),
    control(2, "SYNC", 3),
    control(3, "GRAFT", 2),
    came(4, told, true),
    came(5, told, false),
    came(6, other, true),
    came(7, "AT Elm +0.100000000 kiwi +2-2 301", true),
  ]);
  assertEquals(
    ["lines.sync", "lines.graft", "lines.prune", "ties"].map(all),
    [4, 2, 0, 1],
  );
});
