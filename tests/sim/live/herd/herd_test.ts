import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import {
  assert,
  assertEquals,
  AssertionError,
  assertMatch,
  assertRejects,
} from "@std/assert";
import {
  type AtReply,
  Herd,
  loadTopology,
  neighboursOf,
  type Topology,
} from "../../../../mod.ts";
import { shippedTopologies } from "../../../../sim/live/herd/load.ts";
import { isListening } from "../../../../sim/live/servers/ports.ts";
import { ANY_WORLD } from "../any_world.ts";
import { EventLog } from "../event_log.ts";

const KIWI = "kiwi.cs.ucla.edu";
const UCLA = "+34.068930-118.445127";

/** The servers that can be reached from `from` without passing `dead` ones. */
function reachable(topology: Topology, from: string, dead: string[]): string[] {
  const reached = new Set([from]);
  for (const name of reached) {
    for (const next of neighboursOf(topology, name)) {
      if (!dead.includes(next)) reached.add(next);
    }
  }
  return [...reached];
}

/** The server with the most neighbours: what its loss cuts off is the most. */
function hub(topology: Topology): string {
  return topology.servers.map(({ name }) => name).reduce((best, name) =>
    neighboursOf(topology, name).length > neighboursOf(topology, best).length
      ? name
      : best
  );
}

/** Herds that need no hub. */
const SHIPPED = shippedTopologies().filter((name) =>
  loadTopology(name).hub === undefined
);
const SPECS = [...SHIPPED, "ring:6", "tree:7", "grid:25"];

for (
  const [spec, world] of [
    ["2014", { world: "threads" }] as const,
    ...SPECS.map((spec) => [spec, ANY_WORLD] as const),
  ]
) {
  Deno.test(`Herd ${spec} spreads an update, and outlives every fault, in ${world.world}`, async (t) => {
    const topology = loadTopology(spec);
    const log = new EventLog();
    // What a paused server holds is known by its trace only.
    await using herd = await Herd.start(spec, {
      ...world,
      onEvent: log.onEvent,
      trace: true,
    });
    const victim = hub(topology);
    const first = herd.names.find((name) => name !== victim)!;
    const client = await herd.client(first);
    const update = () => client.iamat(KIWI, UCLA);
    const others = herd.names.filter((name) => name !== victim);

    await t.step("an update at one server reaches all", async () => {
      await herd.propagated(await update(), { on: "all" });
      for (const name of herd.names) {
        const [record] = await herd.records(name);
        assertEquals([record?.client, record?.server], [KIWI, first]);
      }
    });

    let late: AtReply;
    await t.step("kill: it reaches those whom a way is left to", async () => {
      await herd.kill(victim);
      for (const name of neighboursOf(topology, victim)) {
        await log.untilLink("link-down", name, victim);
      }
      late = await update();
      const reached = reachable(topology, first, [victim]);
      const cutOff = others.filter((name) => !reached.includes(name));
      await herd.propagated(late, { on: reached });
      await herd.absent(late, { on: [...cutOff, victim], forMs: 50 });
    });

    await t.step("revive: all catch up", async () => {
      await herd.revive(victim);
      await herd.propagated(late, { on: "all" });
      await herd.converged();
    });

    await t.step("restart: the server gets its records back", async () => {
      await herd.restart(victim);
      await herd.propagated(late, { on: [victim] });
      await herd.converged();
    });

    await t.step("pause and resume: nothing is lost", async () => {
      await herd.pause(victim);
      const paused = await update();
      const reached = reachable(topology, first, [victim]);
      await herd.propagated(paused, { on: reached });
      await herd.absent(paused, { on: [victim], forMs: 50 });
      await herd.resume(victim);
      await herd.propagated(paused, { on: "all" });
      await herd.converged();
    });

    await t.step("crash: it comes back and catches up", async () => {
      const starts = log.statesOf(victim).filter((it) => it === "up").length;
      await herd.crash(victim);
      await log.untilState(victim, "up", starts + 1);
      await herd.propagated(await update(), { on: "all" });
      await herd.converged();
    });
  });
}

Deno.test("Herd.propagated() names who lacks a fix, and what they hold", async () => {
  const log = new EventLog();
  await using herd = await Herd.start("2014", {
    ...ANY_WORLD,
    onEvent: log.onEvent,
  });
  const bolden = await herd.client("Bolden");
  await herd.propagated(await bolden.iamat(KIWI, UCLA, "1"));
  await herd.kill("Parker");
  await herd.kill("Powell");
  for (const dead of ["Parker", "Powell"]) {
    await log.untilLink("link-down", "Bolden", dead);
  }
  const old = await bolden.iamat(KIWI, UCLA, "2");
  const fresh = await bolden.iamat("fig", UCLA, "3");

  const error = await assertRejects(
    () => herd.propagated(old, { on: herd.names, withinMs: 50 }),
    AssertionError,
  );
  const [head, expected, actual, ...details] = error.message.split("\n");
  assertEquals(
    head,
    `Not propagated within 50 ms: ${KIWI} at ${UCLA}, 2 (heard by Bolden)`,
  );
  assertEquals(
    [expected, actual],
    [
      "  expected: held by Alford, Bolden, Hamilton, Parker, Powell",
      "  actual:   held by Bolden",
    ],
  );
  const held = new RegExp(
    String
      .raw`^  (Alford|Hamilton) lacks it: it holds AT Bolden \S+ ${KIWI} \S+ 1$`,
  );
  assertMatch(details[0]!, held);
  assertMatch(details[1]!, held);
  assertEquals(details.slice(2), [
    "  Parker lacks it: it is stopped",
    "  Powell lacks it: it is stopped",
  ]);
  await assertRejects(
    () => herd.propagated(fresh, { withinMs: 50 }),
    AssertionError,
    "Hamilton lacks it: it has never heard of fig",
  );
});

Deno.test("Herd.propagated() waits for a server that is killed and revived", async () => {
  await using herd = await Herd.start("2014", ANY_WORLD);
  await herd.kill("Powell");
  const propagated = herd.propagated(
    `AT Alford +1.000000000 ${KIWI} ${UCLA} 4`,
    {
      on: herd.names,
      withinMs: 10_000,
    },
  );
  await herd.revive("Powell");
  await herd.restart("Powell");
  const alford = await herd.client("Alford");
  await alford.iamat(KIWI, UCLA, "5");
  await propagated;
});

Deno.test("Herd.propagated() hears what was told in time, though its own thread was busy", async () => {
  await using herd = await Herd.start("2014");
  const alford = await herd.client("Alford");
  const fix = await alford.iamat(KIWI, UCLA, "6");
  await herd.propagated(fix);
  const propagated = herd.propagated(fix, { withinMs: 250 });
  const endMs = performance.now() + 500;
  while (performance.now() < endMs);
  await propagated;
});

Deno.test("Herd.propagated() fails when no server is up, and on nonsense", async () => {
  await using herd = await Herd.start("line:1", ANY_WORLD);
  await assertRejects(() => herd.propagated("IAMAT"), TypeError, '"IAMAT"');
  await herd.kill("s0");
  await assertRejects(
    () => herd.propagated(`AT s0 +1.000000000 ${KIWI} ${UCLA} 5`),
    AssertionError,
    "No server is up",
  );
  await assertRejects(
    () => herd.converged(),
    AssertionError,
    "No server is up",
  );
});

Deno.test("Herd.propagated() takes client IDs that are not ASCII", async () => {
  await using herd = await Herd.start("line:2", ANY_WORLD);
  const client = await herd.client("s0");
  const at = await client.iamat("kïwi", UCLA);
  await herd.propagated(at);
  assertEquals((await herd.records("s1")).map((it) => it.client), ["kïwi"]);
});

Deno.test("Herd.records() says so where the server does not run", async () => {
  await using herd = await Herd.start("line:2", ANY_WORLD);
  await herd.kill("s1");
  await assertRejects(
    () => herd.records("s1"),
    Error,
    "s1 does not run",
  );
});

Deno.test("Herd.absent() names who got a fix, and when", async () => {
  await using herd = await Herd.start("2014", ANY_WORLD);
  const absent = assertRejects(
    () =>
      herd.absent(`AT Alford +1.000000000 ${KIWI} ${UCLA} 4`, {
        on: ["Hamilton"],
        forMs: 10_000,
      }),
    AssertionError,
  );
  const alford = await herd.client("Alford");
  await alford.iamat(KIWI, UCLA, "5");
  const lines = (await absent).message.split("\n");
  assertEquals(lines.slice(0, 2), [
    `Propagated where it should not: ${KIWI} at ${UCLA}, 4 (heard by Alford)`,
    "  expected: for 10000 ms on none of Hamilton",
  ]);
  assertMatch(
    lines[2]!,
    /^ {2}actual: {3}held by Hamilton \(after \d+\.\d ms\)$/,
  );
});

Deno.test("Herd.converged() tells who differs, and how many each holds", async () => {
  const log = new EventLog();
  await using herd = await Herd.start("line:3", {
    ...ANY_WORLD,
    onEvent: log.onEvent,
  });
  await herd.kill("s1");
  await log.untilLink("link-down", "s0", "s1");
  const client = await herd.client("s0");
  await client.iamat(KIWI, UCLA);
  const error = await assertRejects(
    () => herd.converged({ withinMs: 50 }),
    AssertionError,
  );
  assertMatch(
    error.message,
    new RegExp([
      "^Not converged within 50 ms",
      "  expected: equal records, and nothing queued",
      "  actual:   1 record, fingerprint [0-9a-f]{16}: s0",
      "            0 records, fingerprint [0-9a-f]{16}: s2",
      `  1 client differs, ${KIWI}:`,
      "    s0 holds [+]\\S+, \\S+ [(]heard by s0[)]",
      "    s2 holds nothing of it$",
    ].join("\n")),
  );
  await herd.revive("s1");
  await herd.converged();
});

Deno.test("Herd.client() tells the state of a server that does not listen", async () => {
  await using herd = await Herd.start("line:1", ANY_WORLD);
  await herd.kill("s0");
  await assertRejects(
    () => herd.client("s0"),
    Deno.errors.ConnectionRefused,
    "Cannot connect to s0: it is stopped",
  );
});

Deno.test("Herd.stop() closes the clients it gave, and every port", async () => {
  const herd = await Herd.start("ring:3");
  const client = await herd.client("s0");
  await herd.pause("s0");
  const lost = assertRejects(
    () => client.iamat(KIWI, UCLA),
    Error,
    "connection lost",
  );
  await herd.stop();
  await lost;
  for (const name of herd.names) {
    const { hostname, port } = herd.address(name);
    assertEquals(await isListening(denoPlatform, { hostname, port }), false);
  }
});

Deno.test("Herd.start() takes a topology's ports, free ones where it says 0", async () => {
  const topology: Topology = {
    name: "pair",
    servers: [{ name: "Ash", port: 0 }, { name: "Elm", port: 14_321 }],
    links: [["Ash", "Elm"]],
  };
  await using herd = await Herd.start(topology, { ports: "topology" });
  assertEquals(herd.address("Elm").port, 14_321);
  const { port } = herd.address("Ash");
  assert(port >= 15_000 && port < 32_000, String(port));
});

Deno.test("Herd.start() has each server log into one file for the run", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const herd = await Herd.start("line:2", {
      log: { directory: `${directory}/logs`, level: "INFO" },
    });
    const client = await herd.client("s0");
    await herd.propagated(await client.iamat(KIWI, UCLA));
    await herd.restart("s1");
    await herd.stop();
    const logs = herd.logDirectory!;
    const files = [...Deno.readDirSync(logs)].map(({ name }) => name).sort();
    assertEquals(files, [".run", "s0.jsonl", "s1.jsonl"]);
    const text = await Deno.readTextFile(`${logs}/s0.jsonl`);
    assert(!/P[IO]NG/.test(text), text);
    assert(text.includes(`IAMAT ${KIWI}`), text);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("Herd answers WHATSAT from a service that the first one starts", async () => {
  const log = new EventLog();
  await using herd = await Herd.start("line:2", { onEvent: log.onEvent });
  const isReady = () => log.events.some(({ kind }) => kind === "places-ready");
  assertEquals(isReady(), false);
  const [near, far] = [await herd.client("s0"), await herd.client("s1")];
  await herd.propagated(await near.iamat(KIWI, UCLA));
  const replies = await Promise.all([
    near.whatsat(KIWI, 10, 5),
    far.whatsat(KIWI, 10, 5),
  ]);
  assertEquals(isReady(), true);
  for (const { at, places } of replies) {
    assertEquals([at.server, at.client], ["s0", KIWI]);
    assertEquals([places.status, places.results.length], ["OK", 5]);
  }
});

Deno.test("Herd starts the embedded places along with it if told", async () => {
  const log = new EventLog();
  const { onEvent } = log;
  await using herd = await Herd.start("line:1", {
    places: "embedded",
    onEvent,
  });
  assertEquals(log.events[0]?.kind, "places-ready");
  const client = await herd.client("s0");
  await client.iamat(KIWI, UCLA);
  const { places } = await client.whatsat(KIWI, 10, 5);
  assertEquals([places.status, places.results.length], ["OK", 5]);
});

Deno.test("Herd says that there are no places where it was told so", async () => {
  await using herd = await Herd.start("line:1", {
    ...ANY_WORLD,
    places: "none",
  });
  const client = await herd.client("s0");
  const { line } = await client.iamat(KIWI, UCLA);
  const { at, places } = await client.whatsat(KIWI, 10, 5);
  assertEquals(at.line, line);
  assertEquals([places.status, places.results], ["UNKNOWN_ERROR", []]);
});

Deno.test("Herd asks another places service if told", async () => {
  const asked: URL[] = [];
  await using service = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) => {
      asked.push(new URL(url));
      return Response.json({
        html_attributions: [],
        results: [{ name: "Elm Street" }],
        status: "OK",
      });
    },
  );
  const places = { base: `http://127.0.0.1:${service.addr.port}`, key: "k" };
  await using herd = await Herd.start("line:1", { places });
  const client = await herd.client("s0");
  await client.iamat(KIWI, UCLA);
  const reply = await client.whatsat(KIWI, 10, 5);
  assertEquals(reply.places.results.map(({ name }) => name), ["Elm Street"]);
  assertEquals(asked.map((url) => url.searchParams.get("key")), ["k"]);
});
