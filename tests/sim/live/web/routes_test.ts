/**
 * Every way into the HTTP API, by real requests to real herds.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { RunDocument } from "../../../../sim/model/web/routes.ts";
import { blind } from "../../worlds/blind.ts";
import { until } from "../herd/brought.ts";
import { WatchedHerd } from "./watched_herd.ts";

Deno.test("HerdPage brings faults about by their fields, and takes them back", async () => {
  await using watched = await WatchedHerd.start("line:3");
  const begin = (body: unknown) => watched.write("POST", "/api/faults", body);
  const slow = await begin({
    kind: "latency",
    targets: ["s0-s1"],
    latency: "100ms",
  });
  assertEquals(slow, {
    status: 201,
    body: { id: "latency-1", targets: ["s0-s1"] },
  });
  const loss = await begin({ kind: "loss", targets: "s1>s2", percent: 10 });
  assertEquals(loss.body.id, "loss-1");
  const kill = await begin({ kind: "kill", targets: ["s2"], id: "gone" });
  assertEquals(kill.body, { id: "gone", targets: ["s2"] });
  const { faults } = await watched.get<{ faults: { id: string }[] }>(
    "/api/faults",
  );
  assertEquals(faults.map(({ id }) => id), ["latency-1", "loss-1", "gone"]);
  const cut = await watched.write("POST", "/api/partition", {
    groups: [["s0"], ["s1"]],
  });
  assertEquals(cut.status, 201);
  assertEquals(cut.body.targets, ["s0-s1", "s1-s2"]);

  const healed = await watched.write("DELETE", "/api/faults/loss-1");
  assertEquals(healed.body.faults[0].id, "loss-1");
  assertEquals((await watched.write("DELETE", "/api/faults/none")).status, 404);
  const all = await watched.write("DELETE", "/api/faults");
  assertEquals(all.body.faults.length, 3);
  await watched.herd.serversAre({ state: "up" });
});

Deno.test("HerdPage says what is wrong with a fault, as with a step of a drill", async () => {
  await using watched = await WatchedHerd.start("line:2");
  const rows: [body: unknown, status: number, message: string][] = [
    [{ kind: "latncy", targets: ["s0-s1"] }, 422, "did you mean latency?"],
    [{ kind: "iamat", to: "s0" }, 422, 'no fault "iamat"'],
    [{ kind: "cut", targets: ["s0-s9"] }, 422, "s9"],
    [{ kind: "latency", targets: "all", latency: "x" }, 422, "no duration"],
    [{ kind: "latency", targets: "all" }, 422, "latency"],
    [{ kind: "cut", targets: "all", bogus: 1 }, 422, "bogus"],
    [{ kind: "places", behaviour: "stall" }, 409, "places"],
    [{ kind: 5 }, 422, "kind"],
    [{}, 422, "kind"],
    [[], 422, "the body"],
  ];
  for (const [body, status, message] of rows) {
    const answer = await watched.write("POST", "/api/faults", body);
    assertEquals(answer.status, status, JSON.stringify(body));
    assertStringIncludes(answer.body.error.message, message);
  }
});

Deno.test("HerdPage tells the kinds of faults, with the fields of each", async () => {
  await using watched = await WatchedHerd.start("line:2");
  // deno-lint-ignore no-explicit-any
  const kinds = await watched.get<any[]>("/api/kinds");
  const of = (name: string) => kinds.find((kind) => kind.name === name);
  assertEquals(of("latency").on, "links");
  assertEquals(of("latency").schema.required, ["targets", "latency"]);
  assertEquals(of("latency").schema.properties.distribution.enum, [
    "uniform",
    "normal",
    "pareto",
  ]);
  assertEquals(of("kill").on, "servers");
  assertEquals(of("partition").on, "herd");
  assertEquals(of("garbage").on, "servers");
  assert(kinds.every(({ does }) => does.length > 0));
  assertEquals(of("heal"), undefined);
});

Deno.test("HerdPage does to a server what is asked, and says why it can't", async () => {
  await using watched = await WatchedHerd.start("line:2");
  const act = (path: string) => watched.write("POST", `/api/servers/${path}`);
  const rows: [path: string, status: number][] = [
    ["s1/pause", 200],
    ["s1/kill", 200],
    ["s1/kill", 409],
    ["s1/revive", 200],
    ["s1/resume", 409],
    ["s1/restart", 200],
    ["s1/crash", 200],
    ["s9/kill", 404],
    ["s1/maim", 422],
  ];
  for (const [path, status] of rows) {
    const answer = await act(path);
    assertEquals(answer.status, status, `${path} ${JSON.stringify(answer)}`);
  }
});

Deno.test("HerdPage asks servers as a client does, and expects of the herd", async () => {
  await using watched = await WatchedHerd.start("line:3", {
    places: "embedded",
  });
  const post = async (path: string, body: unknown) => {
    const answer = await watched.write("POST", path, body);
    assertEquals(answer.status, 200, JSON.stringify(answer));
    return answer.body;
  };
  assertEquals(await post("/api/expect", { converged: true }), {
    passed: false,
    message: "nothing to compare, no server has acknowledged a fix",
    isUndecided: true,
  });
  const sent = await post("/api/iamat", {
    to: "s0",
    client: "kiwi.cs.ucla.edu",
    latitude: 34.06893,
    longitude: -118.445127,
  });
  assertMatch(
    sent.line,
    /^IAMAT kiwi\.cs\.ucla\.edu \+34\.068930-118\.445127 \d+\.\d{9}$/,
  );
  assertMatch(sent.at, /^AT s0 [+-]/);
  assertEquals(
    await post("/api/expect", {
      client: "kiwi.cs.ucla.edu",
      on: "all",
      within: "10s",
    }),
    { passed: true },
  );
  assertEquals(
    await post("/api/expect", { line: sent.at, within: "10s" }),
    { passed: true },
  );
  assertEquals(
    await post("/api/expect", { converged: "all", within: "10s" }),
    { passed: true },
  );
  const wrong = await post("/api/expect", { client: "nobody", on: "all" });
  assertEquals(wrong.passed, false);
  assertStringIncludes(wrong.message, "no server has acknowledged one");
  const found = await post("/api/whatsat", {
    to: "s2",
    client: "kiwi.cs.ucla.edu",
    radius: 10,
    items: 2,
  });
  assertEquals(found.at, sent.at);
  assertEquals(found.places.status, "OK");
  assertEquals(found.places.results.length, 2);
  const unknown = await post("/api/whatsat", {
    to: "s2",
    client: "nobody",
    radius: 10,
    items: 2,
  });
  assertEquals([unknown.at, unknown.places], [null, null]);
  const raw = await post("/api/send", { to: "s1", line: "IAMAT x y z" });
  assertEquals(raw.reply, "? IAMAT x y z");

  const rows: [path: string, body: unknown, status: number][] = [
    ["/api/send", { to: "s9", line: "x" }, 422],
    ["/api/send", { to: "s0", line: "a\nb" }, 422],
    ["/api/send", { to: "s0", line: " " }, 422],
    ["/api/iamat", { to: "s0", client: "a b", latitude: 0, longitude: 0 }, 422],
    ["/api/iamat", { to: "s0", client: "a", latitude: 91, longitude: 0 }, 422],
    ["/api/whatsat", { to: "s0", client: "a", radius: 51, items: 1 }, 422],
    ["/api/expect", { line: "no AT line" }, 422],
    ["/api/expect", { client: "a", exactly: true, on: "all" }, 422],
    ["/api/expect", { client: "a", on: "s9" }, 422],
  ];
  for (const [path, body, status] of rows) {
    const answer = await watched.write("POST", path, body);
    assertEquals(answer.status, status, JSON.stringify([path, body, answer]));
  }
});

Deno.test("HerdPage tells what a server holds, has counted and has logged", async () => {
  const directory = await Deno.makeTempDir();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(directory, { recursive: true }));
  const log = { directory, level: "INFO" } as const;
  const watched = stack.use(await WatchedHerd.start("line:2", { log }));
  await using client = await watched.herd.client("s0");
  for (const id of ["a1", "b1", "a2", "a3"]) {
    await client.iamat(id, "+34.0-118.4");
  }
  const records = "/api/servers/s0/records";
  type Records = { total: number; records: { client: string; line: string }[] };
  const all = await watched.get<Records>(records);
  assertEquals(all.records.map((it) => it.client), ["a1", "a2", "a3", "b1"]);
  const some = await watched.get<Records>(
    `${records}?search=a&offset=1&limit=1`,
  );
  assertEquals([some.total, some.records[0]?.client], [3, "a2"]);
  const { stats } = await watched.get<{ stats: { iamat: number } }>(
    "/api/servers/s0/counters",
  );
  assertEquals(stats.iamat, 4);
  let lines: string[] = [];
  // Lines reach the file a moment later.
  await until(async () => {
    ({ lines } = await watched.get<{ lines: string[] }>(
      "/api/servers/s0/log?lines=2&text=IAMAT",
    ));
    return lines.at(-1)?.includes("IAMAT a3") ?? false;
  });
  assertEquals(lines.length, 2);
  const wrong = await fetch(`${watched.base}${records}?limit=0`);
  assertEquals(wrong.status, 422);
  await wrong.body?.cancel();
  const none = await fetch(`${watched.base}/api/servers/s9/records`);
  assertEquals(none.status, 404);
  await none.body?.cancel();
});

Deno.test("HerdPage tells the commands, and how a line may go on", async () => {
  await using watched = await WatchedHerd.start("line:2");
  const commands = await watched.get<{ name: string }[]>("/api/commands");
  assert(commands.some(({ name }) => name === "partition"));
  assertEquals(await watched.get("/api/complete?text=kill%20s"), {
    completions: ["s0 ", "s1 "],
    word: "s",
  });
  const away = await fetch(`${watched.base}/api/nowhere`);
  assertEquals(away.status, 404);
  await away.body?.cancel();
  const { status } = await watched.write("POST", "/api/herd");
  assertEquals(status, 405);
});

const DRILL = `topology: line:2
steps:
  - iamat: {client: kiwi, to: s0, position: +34.1-118.4}
  - expect: {client: kiwi, on: all, within: 10s}
  - wait: 100ms
`;

Deno.test("HerdPage passes nothing that can't be seen", async () => {
  await using watched = await WatchedHerd.start("line:2", { world: blind() });
  const { body } = await watched.write("POST", "/api/expect", {
    converged: true,
  });
  assertEquals([body.passed, body.isUndecided], [false, true]);
  assertStringIncludes(body.message, "do not show");
});

Deno.test("HerdPage runs many seeds in virtual time, and opens the first that fails", async () => {
  await using watched = await WatchedHerd.start("line:2");
  const run = async (text: string): Promise<RunDocument> => {
    const order = { text, seed: 7, world: "virtual", seeds: 30 };
    const { body } = await watched.write("POST", "/api/runs", order);
    let last: unknown;
    for await (
      const event of watched.events(`/api/runs/${body.id}/events`)
    ) last = event;
    return last as RunDocument;
  };
  const right = await run(DRILL);
  assertEquals([right.state, right.seed], ["passed", 7]);
  assertEquals(right.seeds, { done: 30, of: 30 });

  // A coin in each seed, which falls on the wrong side some time.
  const wrong = await run(DRILL.replace("within: 10s", "within: 1ms"));
  assertEquals(wrong.state, "failed", JSON.stringify(wrong));
  const { done, of } = wrong.seeds!;
  assertEquals([of, wrong.seed], [30, 7 + done - 1]);

  // With an odd seed s1 is killed, of which nothing is known then.
  const either = await run(`topology: line:3
steps:
  - kill: { targets: [s1, s2], mode: one }
  - iamat: { client: kiwi, position: +1+1, to: s0 }
checks: [to.s1.max < 1h]
`);
  assertEquals([either.state, either.seeds?.done], ["unknown", 30]);
  assertMatch(either.summary!, /^30 of 30 seeds run, \d+ unknown\n/);
  const died = await run(`topology: line:2
mode: ondemand
steps:
  - iamat: { client: kiwi, position: +1+1, to: s0 }
  - kill: s0
  - expect: { client: kiwi, on: s1 }
`);
  assertEquals(
    [died.state, ...died.steps.map(({ state }) => state)],
    ["unknown", "passed", "passed", "skipped"],
  );
  const never = await run(`${DRILL}sometimes: [repairs >= 1]\n`);
  assertEquals(never.state, "failed");
  assertMatch(
    never.summary!,
    /^30 of 30 seeds run, none reached repairs >= 1\n/,
  );

  const { status, body } = await watched.write("POST", "/api/runs", {
    text: DRILL,
    seeds: 30,
  });
  assertEquals(status, 422);
  assertStringIncludes(body.error.message, "world must be virtual");
});

Deno.test("HerdPage checks drills, runs them on herds of their own, and reports", async () => {
  await using watched = await WatchedHerd.start("line:2");
  const { body: checked } = await watched.write("POST", "/api/drills/check", {
    text: DRILL.replace("to: s0", "to: s7"),
  });
  assertEquals(checked.problems[0].line, 3);
  assertStringIncludes(checked.problems[0].message, "s7");
  const { body: right } = await watched.write("POST", "/api/drills/check", {
    text: DRILL,
  });
  assertEquals(right.problems.length, 0);
  assertEquals(right.steps.length, 3);

  const started = await watched.write("POST", "/api/runs", {
    name: "mine.yaml",
    text: DRILL,
    seed: 7,
  });
  assertEquals(started.status, 201);
  const { id } = started.body;
  const twice = await watched.write("POST", "/api/runs", { text: DRILL });
  assertEquals(twice.status, 409);
  const told: RunDocument[] = [];
  for await (const event of watched.events(`/api/runs/${id}/events`)) {
    told.push(event as RunDocument);
  }
  const last = told.at(-1)!;
  assertEquals(last.state, "passed", JSON.stringify(last));
  assertEquals([last.name, last.seed], ["mine", 7]);
  assertEquals(last.steps.map(({ state }) => state), Array(3).fill("passed"));
  assertEquals(await watched.get(`/api/runs/${id}`), { ...last });
  assertEquals((await watched.get<RunDocument[]>("/api/runs")).length, 1);

  const files: [file: string, part: string][] = [
    ["report.html", "<!doctype html>"],
    ["history.jsonl", '"kind":"invoke"'],
    ["junit.xml", "<testsuite"],
  ];
  for (const [file, part] of files) {
    const response = await fetch(`${watched.base}/api/runs/${id}/${file}`);
    assertStringIncludes((await response.text()).toLowerCase(), part);
    assertEquals(response.status, 200);
  }
});

Deno.test("HerdPage interrupts a drill, and knows none but those of the list", async () => {
  await using watched = await WatchedHerd.start("line:2");
  const text = DRILL.replace("100ms", "10m");
  const { body } = await watched.write("POST", "/api/runs", { text });
  const { body: ended } = await watched.write("DELETE", `/api/runs/${body.id}`);
  assertEquals(ended.state, "interrupted");
  assert(
    ended.steps.some((step: { state: string }) => step.state === "skipped"),
  );
  const report = await fetch(
    `${watched.base}/api/runs/${body.id}/report.html`,
  );
  assertEquals(report.status, 404);
  await report.body?.cancel();

  const drills = await watched.get<{ name: string; ships: boolean }[]>(
    "/api/drills",
  );
  assert(drills.some(({ name, ships }) => name === "partition" && ships));
  const drill = await watched.get<{ text: string }>("/api/drills/partition");
  assertStringIncludes(drill.text, "steps:");
  for (const name of ["..%2F..%2Fx.yaml", "%2Fetc%2Fpasswd", "nothing"]) {
    const away = await fetch(`${watched.base}/api/drills/${name}`);
    assertEquals(away.status, 404, name);
    await away.body?.cancel();
  }
  const away = await watched.write("POST", "/api/runs", { name: "/etc/hosts" });
  assertEquals(away.status, 404);
  assertEquals((await watched.write("POST", "/api/runs", {})).status, 422);
});
