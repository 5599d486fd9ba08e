import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import type { PlantedBug } from "../../../../herd/core/planted_bug.ts";
import { Herd } from "../../../../sim/live/herd/herd.ts";
import {
  incidentsOf,
  type RunOptions,
  runScenario,
} from "../../../../sim/live/drill/runner.ts";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import {
  type DrillResult,
  passed,
  verdictOf,
} from "../../../../sim/model/report/result.ts";
import { printProblems } from "../../../../sim/model/problem.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import {
  parseTopology,
  type Topology,
} from "../../../../sim/model/topology/topology.ts";
import { ANY_WORLD } from "../any_world.ts";

async function run(
  text: string,
  herd: Topology = loadTopology("2014"),
  options: Partial<RunOptions> = {},
): Promise<DrillResult> {
  const { scenario, problems } = parseScenario(text, "drill.yaml", () => herd);
  assert(scenario !== undefined, printProblems(problems));
  return await runScenario(scenario, herd, {
    ...ANY_WORLD,
    seed: 7,
    ...options,
  });
}

/** The outcome of each step: `ok` or what was there instead. */
function outcomes({ steps }: DrillResult): string[] {
  return steps.map(({ failure }) => failure?.actual ?? "ok");
}

/** Where time is real, and servers run beside the drill. */
const THREADS = { world: "threads" } as const;

const KIWI = "iamat: {client: kiwi, position: +34.07-118.44, to: Alford}";

Deno.test("runScenario() carries out every kind of step", async () => {
  const result = await run(
    `groups: {west: [Alford, Hamilton]}
steps:
  - ${KIWI}
  - expect: {client: kiwi, position: +34.07-118.44, on: all}
  - send: {line: " IAMAT moa +0-0 1", to: Bolden, matches: "^AT Bolden [+]"}
  - expect: {client: moa, on: west}
  - send: {line: HELLO, to: Bolden, reply: "? HELLO"}
  - whatsat: {client: emu, radius: 1, items: 1, to: Bolden, expect: unknown}
  - whatsat: {client: emu, radius: 1, items: 1, to: Bolden, expect: any}
  - whatsat: {client: kiwi, radius: 1, items: 1, to: Bolden, expect: any}
  - kill: [Parker, Powell]
  - iamat: {client: kiwi, position: +1+1, to: Bolden, time: 99999999999}
  - expect: {client: kiwi, on: Bolden, never: others, for: 100ms}
  - expect: {converged: west}
  - revive: all
  - pause: Hamilton
  - resume: all
  - restart: Alford
  - parallel:
      - wait: 1s
      - repeat: {times: 2, steps: [{wait: 1ms}]}
  - expect: {client: kiwi, position: +1+1, on: all, within: 5s}
  - expect: converged
`,
    undefined,
    THREADS,
  );
  assertEquals(outcomes(result), result.steps.map(() => "ok"));
  assert(passed(result));
  assertEquals(result.residual, []);
  const kinds = result.steps.slice(-8).map(({ step, depth }) =>
    `${depth} ${step.kind}`
  );
  assertEquals(kinds, [
    "0 restart",
    "2 wait",
    "2 wait",
    "1 repeat",
    "1 wait",
    "0 parallel",
    "0 expect-fix",
    "0 expect-converged",
  ]);
  assertEquals(result.steps.at(-1)?.verdict?.acknowledged, 3);
});

Deno.test("runScenario() goes on after a failure and tells each", async () => {
  const result = await run(`steps:
  - ${KIWI}
  - expect: {client: kiwi, position: +1+1, on: all}
  - expect: {client: kiwi, never: [Hamilton], for: 500ms}
  - send: {line: HELLO, to: Bolden, reply: "? HELO"}
  - send: {line: HELLO, to: Bolden, matches: ^AT}
  - whatsat: {client: kiwi, radius: 1, items: 1, to: Bolden, expect: unknown}
  - whatsat:
      {client: kiwi, radius: 1, items: 1, to: Bolden, expect: {server: Powell}}
  - resume: Alford
  - kill: Powell
  - kill: Powell
  - iamat: {client: kiwi, position: +1+1, to: Powell}
  - expect: {client: kiwi, on: [Alford, Powell], within: 100ms}
  - iamat: {client: ghost, position: +1+1, to: Powell}
  - expect: {client: ghost, on: all}
  - pause: Bolden
  - iamat: {client: kiwi, position: +1+1, to: Bolden, within: 100ms}
  - expect: {converged: [Alford, Bolden], within: 50ms}
`);
  const actual = outcomes(result);
  const expected = [
    /^ok$/,
    /^its newest acknowledged fix is AT Alford /,
    /^held by Hamilton \(after/,
    /^\? HELLO$/,
    /^\? HELLO$/,
    /^AT Alford .*\n\d+ place/,
    /^AT Alford .*\n\d+ place/,
    /Alford.* up/,
    /^ok$/,
    /Powell.* stopped/,
    /Powell.* stopped/,
    /^held by Alford\s+Powell lacks it: it is stopped/,
    /Powell.* stopped/,
    /^no server has acknowledged one/,
    /^ok$/,
    /^no answer by Bolden within 100ms/,
    /paused/,
  ];
  assertEquals(actual.length, expected.length);
  for (const [i, pattern] of expected.entries()) {
    assert(pattern.test(actual[i]!), `${i}: ${actual[i]} is not ${pattern}`);
  }
  assert(!passed(result));
  assertEquals(result.residual, ["Bolden is paused", "Powell is stopped"]);
});

Deno.test("runScenario() lets an operation fail that may, and no wrong answer pass", async () => {
  const result = await run(
    `steps:
  - iamat: {client: kiwi, position: +1+1, to: s0, may: fail}
  - expect: {client: kiwi, position: +1+1, exactly: true, on: all}
  - send: {line: HELLO, to: s1, reply: "? HELO", may: fail}
  - pause: s1
  - iamat: {client: moa, position: +1+1, to: s1, within: 100ms, may: fail}
  - whatsat: {client: kiwi, radius: 1, items: 1, to: s1, within: 100ms, may: fail}
  - kill: s1
  - send: {line: HELLO, to: s1, may: fail}
  - load: {rate: 100/s, for: 1ms, clients: 1, to: s1, may: fail}
  - garbage: {rate: 100/s, for: 1ms, to: s1, may: fail}
  - load: {rate: 100/s, for: 1ms, clients: 1, to: s1}
  - garbage: {rate: 100/s, for: 1ms, to: s1}
`,
    loadTopology("line:2"),
  );
  assertEquals(outcomes(result), [
    ...["ok", "ok", "? HELLO", "ok", "ok", "ok", "ok", "ok", "ok", "ok"],
    "0 of 0 fixes acknowledged, 1 not sent as nobody took them",
    "0 of 0 pieces refused",
  ]);
  assertMatch(result.steps[4]!.note!, /^no failure: no answer by s1 within/);
});

Deno.test("runScenario() counts a load's latency from when each line was due, whoever was late", async () => {
  const stalledMs = 150;
  const { history } = await run(
    `steps:
  - load: {rate: 100/s, for: 400ms, clients: 2, background: true}
  - wait: 50ms
`,
    loadTopology("line:1"),
    {
      ...THREADS,
      onStep: ({ step }) => {
        const endMs = performance.now() +
          (step.kind === "wait" ? stalledMs : 0);
        while (performance.now() < endMs);
      },
    },
  );
  const late = history.filter((event) =>
    event.kind === "invoke" && event.dueMs !== undefined &&
    event.atMs - event.dueMs > stalledMs / 3
  );
  assert(late.length >= 5, `${late.length} lines were late`);
});

Deno.test("runScenario() tells what is lost, by client", async () => {
  // No links: what the killed server held, no other one can give back.
  const { topology } = parseTopology(
    "servers: {Ash: 0, Elm: 0}\nlinks: []\n",
    "parted.yaml",
  );
  const steps = (grace: string, within: string) =>
    `steps:
  - iamat: {client: kiwi, position: +1+1, to: Ash}
  - iamat: {client: moa, position: +1+1, to: Ash}
  - wait: 1ms
  - restart: Ash
  - expect:
      converged: all
      within: ${within}
      lost: 0
      unless_killed_within: ${grace}
`;
  const lost = (await run(steps("0s", "300ms"), topology)).steps.at(-1)!;
  assertEquals(lost.verdict?.lost.map(({ client }) => client), ["kiwi", "moa"]);
  assert(
    /^2 clients of 2 lost or stale\nkiwi: AT Ash .* is on no server that is up\nmoa: /
      .test(lost.failure!.actual),
    lost.failure!.actual,
  );
  const died = (await run(steps("10s", "10s"), topology)).steps.at(-1)!;
  assertEquals(died.failure, undefined);
  assertEquals(died.verdict?.lost, []);
  assertEquals(
    died.verdict?.died.map(({ client, server }) => [client, server]),
    [
      ["kiwi", "Ash"],
      ["moa", "Ash"],
    ],
  );
});

Deno.test("runScenario() knows nothing of a herd that never got a fix", async () => {
  const line = loadTopology("line:2");
  const empty = await run(
    "steps: [expect: converged, {churn: {every: 10ms, for: 10ms}}]\n",
    line,
  );
  assertEquals(outcomes(empty), ["ok", "ok"]);
  assertEquals(empty.steps[0]?.isUnknown, true);
  assertEquals(verdictOf(empty), "unknown");
});

Deno.test("runScenario() tells a fix that could not get away from one that a bug has lost", async () => {
  const line = loadTopology("line:2");
  const judged = (within: string) =>
    `expect: {converged: all, within: ${within}, unless_killed_within: 100ms}`;
  const iamat = "iamat: {client: kiwi, position: +1+1, to: s0}";
  const alone = await run(
    `steps:
  - kill: s1
  - ${iamat}
  - wait: 300ms
  - kill: s0
  - revive: [s0, s1]
  - ${judged("10s")}
`,
    line,
  );
  assertEquals(outcomes(alone), alone.steps.map(() => "ok"));
  const died = alone.steps.at(-1)!.verdict!.died;
  assertEquals(died.map(({ client, server }) => [client, server]), [
    ["kiwi", "s0"],
  ]);
  assert(died[0]!.beforeEndMs >= 300, String(died[0]!.beforeEndMs));

  const synced = (plantedBug?: PlantedBug) =>
    run(
      `steps:
  - kill: s1
  - ${iamat}
  - revive: s1
  - wait: 500ms
  - restart: s0
  - ${judged(plantedBug ? "300ms" : "10s")}
`,
      line,
      plantedBug && { plantedBug },
    );
  const well = await synced();
  assertEquals(outcomes(well), well.steps.map(() => "ok"));
  assertEquals(well.steps.at(-1)?.verdict?.died, []);
  const ill = await synced("no-sync");
  assertMatch(outcomes(ill).at(-1)!, /^1 client of 1 lost or stale/);
});

Deno.test("runScenario() loses nothing under load and churn", async () => {
  const result = await run(
    `steps:
  - parallel:
      - load: {rate: 300/s, for: 1500ms, clients: 100}
      - churn: {every: 500ms, for: 1500ms, down: 100ms}
  - expect: {converged: all, within: 10s, unless_killed_within: 500ms}
`,
    undefined,
    THREADS,
  );
  assertEquals(outcomes(result), ["ok", "ok", "ok", "ok"]);
  const load = result.steps.find(({ step }) => step.kind === "load");
  const churn = result.steps.find(({ step }) => step.kind === "churn");
  const counted = (pattern: RegExp) =>
    Number(pattern.exec(load!.note!)?.[1] ?? 0);
  const acknowledged = counted(/^(\d+) of \d+ fix/);
  const sent = counted(/ of (\d+) fix/);
  const unsent = counted(/(\d+) not sent/);
  const dropped = counted(/(\d+) of 450 dropped/);
  assertEquals(sent + unsent + dropped, 450, load!.note);
  // Three kills: two of five servers are up in any case, and what is sent is
  // answered, but for what was under way to a server as it was killed.
  assert(sent > 0.4 * (450 - dropped) - 20, load!.note);
  assert(acknowledged > 0.8 * sent, load!.note);
  assert(churn!.note!.startsWith("3 kills ("), churn!.note);
  assertEquals(result.steps.at(-1)?.verdict?.acknowledged, acknowledged);
});

Deno.test("runScenario() draws the same servers again from the same seed", async () => {
  const drill = "steps: [{churn: {every: 20ms, for: 100ms, servers: [Alford, " +
    "Bolden, Powell]}}]\n";
  const kills = async () =>
    (await run(drill)).steps[0]?.note?.split(", each")[0];
  const first = await kills();
  assert(first?.startsWith("5 kills ("), first);
  assertEquals(await kills(), first);
});

Deno.test("runScenario() tells of a churn and a load that met no server", async () => {
  const result = await run(`steps:
  - kill: all
  - load: {rate: 100/s, for: 50ms, clients: 2}
  - churn: {every: 10ms, for: 30ms}
  - expect: converged
`);
  assertEquals(outcomes(result), [
    "ok",
    "0 of 0 fixes acknowledged, 5 not sent as nobody took them",
    "3 servers chosen, none of them up",
    "No server is up",
  ]);
});

Deno.test("runScenario() compares what a drill's checks ask for", async () => {
  const result = await run(`steps:
  - phase: healthy
  - load: {rate: 200/s, for: 500ms, clients: 10}
  - expect: converged
  - phase: idle
checks:
  - converged
  - lost == 0
  - reliability == 100%
  - operations == 100 during healthy
  - operations == 0 during idle
  - max < 5s during healthy
  - redundancy >= 0
  - last_hop.max <= 4
  - operations < least_messages
  - detection.max < 1s
  - faults.count == 0
`);
  const { violations, checks } = result.assessment;
  assertEquals(violations, []);
  assertEquals(
    checks.map(({ outcome }) => outcome),
    [...Array(8).fill("ok"), "fail", "unknown", "ok"],
    checks.map(({ check, actual }) => `${check.text}: ${actual}`).join("\n"),
  );
  assertEquals(verdictOf(result), "failed");
});

Deno.test("runScenario() loads in the background, questions too", async () => {
  const result = await run(`steps:
  - load:
      rate: 200/s
      for: 1s
      clients: 10
      to: [Alford, Bolden]
      mix: {iamat: 1, whatsat: 1}
      background: true
  - wait: 200ms
  - kill: Powell
checks:
  - operations > 150
  - faults.kill.overlapped_updates >= 20
`);
  assertEquals(
    result.steps.map(({ step, startedMs }) =>
      `${step.kind} ${startedMs < 500 ? "early" : "late"}`
    ),
    ["wait early", "kill early", "load early"],
  );
  assertEquals(result.assessment.violations, []);
  assertEquals(verdictOf(result), "passed");
  const { note = "" } = result.steps[2]!;
  const [, fixes, questions] =
    /^(\d+) of \1 fixes acknowledged, (\d+) of \2 questions answered$/
      .exec(note) ?? [];
  assertEquals(Number(fixes) + Number(questions), 200, note);
  assert(Number(questions) > 60 && Number(fixes) > 60, note);
});

Deno.test("runScenario() sees what holds always, and what only eventually", async () => {
  const result = await run(`steps:
  - ${KIWI}
  - eventually: {client: kiwi, on: all, within: 2s}
  - always: {client: kiwi, on: [Bolden, Alford], for: 100ms}
  - parallel:
      - always: {client: kiwi, position: +34.07-118.44, on: Bolden, for: 2s}
      - - wait: 100ms
        - kill: Bolden
`);
  const actual = outcomes(result);
  assertEquals(actual.slice(0, 3), ["ok", "ok", "ok"]);
  const [broken] = actual.filter((it) => it !== "ok");
  assert(
    // It may be killed in the very moment in which it is asked.
    /^after \d+ms Bolden lacks it: (it is stopped|Bolden ended)/.test(broken!),
    broken,
  );
});

Deno.test("runScenario() does not know what it did not check", async () => {
  assertEquals(verdictOf(await run("steps: [{kill: Powell}]\n")), "unknown");
  const nothing = await run("steps: [{wait: 1ms}]\nchecks: [lost == 0]\n");
  assertEquals(verdictOf(nothing), "unknown");
});

Deno.test("runScenario() takes faults back after their duration, and tells what stands", async () => {
  const result = await run(`steps:
  - ${KIWI}
  - kill: {targets: all, mode: one, duration: 100ms}
  - pause: {targets: all, mode: {fixed: 2}, duration: 100ms}
  - cut: {targets: all, mode: {fixed: 1}, duration: 100ms, id: snip}
  - wait: 600ms
  - expect: {converged: all, within: 5s}
  - expect: {client: kiwi, on: all}
  - partition: isolate_one
  - kill: {targets: Powell, duration: 1h}
  - slicer: {targets: [Alford-Powell, Bolden-Powell], average_size: 3, id: slices}
  - heal: [slices, slices]
`);
  assertEquals(outcomes(result), result.steps.map(() => "ok"));
  assertEquals(result.residual.length, 2);
  assertEquals(result.residual[0], "Powell is stopped");
  assert(/^partition-1 on /.test(result.residual[1]!), result.residual[1]);
  assert(
    // Nothing passes between a server that is down and others.
    result.vacuous.includes("slicer slices on Alford-Powell, Bolden-Powell"),
    result.vacuous.join("; "),
  );
});

Deno.test("runScenario() lets a nemesis rage, and the herd agrees after it", async () => {
  const result = await run(`steps:
  - parallel:
      - load: {rate: 200/s, for: 3s, clients: 20, to: all}
      - nemesis:
          every: 100ms
          for: 3s
          duration: 150ms
          faults: [pause, reset, cut, partition, latency, slicer, reorder]
          min_alive: 3
  - expect: {converged: all, within: 5s}
`);
  assertEquals(outcomes(result), result.steps.map(() => "ok"));
  assertEquals([result.residual, result.incidents], [[], []]);
  const { note } = result.steps.find(({ step }) => step.kind === "nemesis")!;
  assert(/^\d+ faults \(/.test(note!), note);
});

Deno.test("runScenario() ends at once when it is told to", async () => {
  const ending = new AbortController();
  const drill = run("steps: [{wait: 1ms}, {wait: 1h}]\n", undefined, {
    signal: ending.signal,
    onStep: () => ending.abort(new Error("enough")),
  });
  await assertRejects(() => drill, Error, "enough");
});

Deno.test("runScenario() leaves no server behind when it is told to end during a restart", async () => {
  const ending = new AbortController();
  let states = () => [""];
  const drill = run("steps: [restart: Powell]\n", undefined, {
    signal: ending.signal,
    onHerd: (herd) => {
      states = () => herd.status().map(({ state }) => state);
      return Promise.resolve({ [Symbol.asyncDispose]: () => herd.stop() });
    },
    onBegin: () => queueMicrotask(() => ending.abort(new Error("enough"))),
  });
  await assertRejects(() => drill, Error, "enough");
  assertEquals(new Set(states()), new Set(["stopped"]));
});

const TRIPPED =
  /^Powell: crashed, restarted once, backed off for \d+ms, limit reached$/;

Deno.test("runScenario() takes a crash that a step asks for, and what follows it", async () => {
  const result = await run(
    `supervisor:
  intensity: {restarts: 1, within: 1m}
  backoff: {min: 20ms}
steps:
  - ${KIWI}
  - expect: {client: kiwi, on: all}
  - crash: {targets: Powell, id: bad-luck}
  - expect: {servers: Powell, state: up, restarts: 1, backoff: 20ms}
  - crash: {targets: [Alford, Bolden], mode: one}
  - expect: {servers: all, state: up}
  - crash: Powell
  - expect: {servers: Powell, state: crashed, limit_reached: true}
  - expect: {servers: Powell, restarts: 0, within: 10s}
  - expect: {servers: [Alford, Powell], state: up, within: 20ms}
  - revive: Powell
  - expect: {converged: all, unless_killed_within: 100ms}
checks:
  - faults.crash.count == 3
  - faults.residual == 0
`,
  );
  assertEquals(result.incidents, []);
  const [early, late, ...more] = result.steps.filter(({ failure }) => failure);
  assertEquals(more, []);
  assertEquals(early?.failure?.expected, "Powell restarted 0 times within 10s");
  assertMatch(early!.failure!.actual, TRIPPED);
  assert(early!.tookMs < 5_000, "it is past at once");
  assertMatch(late!.failure!.actual, TRIPPED);
  for (const { check, outcome } of result.assessment.checks) {
    assertEquals(outcome, "ok", check.text);
  }
});

Deno.test("incidentsOf() is what ended a server unasked", () => {
  const event = { atMs: 0, kind: "state", server: "Ash" } as const;
  assertEquals(incidentsOf({ ...event, state: "stopped" }), []);
  assertEquals(incidentsOf({ ...event, state: "crashed", why: "bad luck" }), [
    "Ash crashed: bad luck",
  ]);
  assertEquals(incidentsOf({ ...event, state: "wedged" }), ["Ash wedged"]);
  assertEquals(
    incidentsOf({
      atMs: 0,
      kind: "restart-limit",
      server: "Ash",
      restarts: 3,
      periodMs: 5_000,
    }),
    ["Ash crashed once too often and stays down"],
  );
  assertEquals(
    incidentsOf({ ...event, state: "crashed", isAsked: true }),
    [],
  );
  assertEquals(
    incidentsOf({ atMs: 0, kind: "link-up", server: "Ash", peer: "Elm" }),
    [],
  );
});

Deno.test("runScenario() tells of a places service that still misbehaves, or did for nobody", async () => {
  const result = await run(`steps:
  - ${KIWI}
  - places: http-500
  - places: reset
checks:
  - faults.places.count == 2
`);
  assertEquals(outcomes(result), ["ok", "ok", "ok"]);
  assertEquals(result.residual, ["places-2 on the places service"]);
  assertEquals(result.vacuous, [
    "places-1 on the places service",
    "places-2 on the places service",
  ]);
  assertEquals(result.assessment.checks[0]?.outcome, "ok");
});

Deno.test("runScenario() heals what was done to servers and around them, by name, target or all", async () => {
  const result = await run(`steps:
  - ${KIWI}
  - expect: {client: kiwi, on: all}
  - kill: {targets: [Alford, Powell], id: gone}
  - pause: {targets: Bolden, id: frozen}
  - heal: Powell
  - expect: {servers: Powell, state: up, within: 10ms}
  - heal: [gone, frozen, gone]
  - expect: {servers: all, state: up, within: 10ms}
  - kill: {targets: Hamilton, duration: 50ms, id: brief}
  - places: {behaviour: stall, id: mute, duration: 1h}
  - places: {behaviour: http-500, id: ill}
  - garbage: {rate: 100/s, for: 1h, background: true, id: flood}
  - wait: 50ms
  - kill: Parker
  - heal: all
  - expect: {servers: all, state: up, within: 10ms}
  - restart: {targets: Powell, id: again}
  - heal: all
  - expect: {converged: all}
checks:
  - faults.count == 8
  - faults.kill.count == 3
  - faults.kill.touched == 4
  - faults.pause.touched == 1
  - faults.restart.touched == 1
  - faults.garbage.touched >= 1
  - faults.places.count == 2
  - faults.residual == 0
  - faults.vacuous == 2
`);
  assertEquals(outcomes(result), result.steps.map(() => "ok"));
  for (const { check, outcome, actual } of result.assessment.checks) {
    assertEquals(outcome, "ok", `${check.text}: ${actual}`);
  }
  assertEquals(result.residual, []);
  assertEquals(result.vacuous, [
    "places mute on the places service",
    "places ill on the places service",
  ]);
});

Deno.test("Herd.places() refuses a places service that is not its own", async () => {
  await using herd = await Herd.start("2014", { ...ANY_WORLD, places: "none" });
  await assertRejects(() => herd.places("stall"), Error, "it is not ours");
});

Deno.test("runScenario() fails a flood of garbage that nobody refused", async () => {
  const result = await run(`steps:
  - garbage: {rate: 200/s, for: 50ms, clients: 2, to: Alford}
  - kill: Alford
  - garbage: {rate: 200/s, for: 50ms, to: Alford}
  - revive: Alford
`);
  const [first, , second] = result.steps;
  assertEquals(first?.failure, undefined);
  assertEquals(second?.failure?.actual, "0 of 0 pieces refused");
});

Deno.test("runScenario() knows what greedy clients tell, and fails them if nobody answers", async () => {
  const result = await run(
    `steps:
  - parallel:
    - - greedy: {sends: iamats, to: Alford, for: 300ms, id: hog}
    - - iamat: {client: kiwi, position: +1+1, to: Alford}
  - kill: Alford
  - greedy: {sends: ids, to: [Alford], for: 50ms}
  - revive: Alford
  - expect: converged
checks:
  - operations == 3
  - operations.failed == 0
  - faults.greedy.count == 2
  - faults.greedy.touched >= 1
  - faults.greedy.vacuous == 1
  - links.lost >= 1
  - links.lost == 0 during hog
`,
    undefined,
    THREADS,
  );
  const [first, second] = result.steps.filter(({ step }) =>
    step.kind === "greedy"
  );
  assertEquals(first?.failure, undefined);
  assertEquals(second?.failure?.actual, "0 of 0 lines answered");
  assertEquals(result.assessment.violations, []);
  for (const { check, outcome, actual } of result.assessment.checks) {
    assertEquals(outcome, "ok", `${check.text}: ${actual}`);
  }
});

Deno.test("runScenario() sends a load to a server that stands still, and its silence shows", async () => {
  const result = await run(`steps:
  - parallel:
    - - pause: {targets: Alford, duration: 600ms}
    - - load: {rate: 50/s, for: 500ms, clients: 5, to: Alford}
checks:
  - operations.unsent == 0
  - load.achieved == 100%
  - ack.max >= 400ms
`);
  const load = result.steps.find(({ step }) => step.kind === "load");
  assertEquals(load?.note, "25 of 25 fixes acknowledged");
  assertEquals(
    result.assessment.checks.map(({ outcome, actual }) => [outcome, actual])
      .filter(([outcome]) => outcome !== "ok"),
    [],
  );
});

Deno.test("runScenario() counts what a load could not send to a dead server", async () => {
  const result = await run(`steps:
  - kill: Alford
  - load: {rate: 100/s, for: 100ms, clients: 5, to: [Alford, Bolden]}
checks:
  - operations.unsent >= 1
  - operations.unsent == operations.failed
  - load.achieved < 100%
  - load.dropped == 0
`);
  const load = result.steps.find(({ step }) => step.kind === "load");
  const unsent = result.assessment.metrics.get("operations.unsent");
  assertStringIncludes(load!.note!, `, ${unsent} not sent as nobody took them`);
  assertEquals(
    result.assessment.checks.map(({ outcome, actual }) => [outcome, actual])
      .filter(([outcome]) => outcome !== "ok"),
    [],
  );
});

Deno.test("runScenario() tells of a load that the machine can't keep", async () => {
  const result = await run(
    `steps:
  - load: {rate: 1000000/s, for: 100ms, clients: 5, to: Alford}
checks:
  - load.achieved < 95%
  - load.dropped >= 1
`,
    undefined,
    THREADS,
  );
  const load = result.steps.find(({ step }) => step.kind === "load");
  const told = / of 100000 dropped: asked for 1000000\/s, kept (\d+)\/s$/
    .exec(load!.note!);
  assert(told && Number(told[1]) < 950_000, load!.note);
  assertEquals(
    result.assessment.checks.map(({ outcome }) => outcome),
    ["ok", "ok"],
  );
});
