/**
 * The drills of hubs, in virtual time: over many seeds each passes, and each
 * fails where its point is broken. With real NATS servers: `drills.slow.ts`, and
 * one here.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { delay } from "../../../../herd/net/timing.ts";
import {
  type DrillResult,
  Herd,
  runDrill,
  summary,
  verdictOf,
} from "../../../../mod.ts";
import { faultsOf } from "../../../../sim/model/checks/faults.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import type { WorldName } from "../../../../sim/model/world_name.ts";
import { unless, whyNoProgram } from "../../../skipped.ts";

const SEEDS = 2;
const SESSIONS_SEEDS = 20;

/** A drill, and what its point hangs on. */
const DRILLS = [
  ["hub-down", "  - heal: gone\n", "expect moa on all"],
  ["hub-amnesia", "  - heal: gone\n", "expect kiwi on all"],
  ["hub-leader-killed", "  - heal: gone\n", undefined],
  ["two-herds-part", "  - heal: apart\n", "expect kiwi on all"],
] as const;

async function textOf(drill: string): Promise<string> {
  const path = `../../../../sim/scenarios/${drill}.yaml`;
  return await Deno.readTextFile(new URL(path, import.meta.url));
}

function run(
  text: string,
  seed: number,
  world: WorldName = "virtual",
): Promise<DrillResult> {
  return runDrill({ name: "drill", folder: ".", text }, { world, seed });
}

for (const [drill, point, found] of DRILLS) {
  Deno.test(`${drill}.yaml passes in virtual time, seed after seed`, async () => {
    const text = await textOf(drill);
    for (let seed = 1; seed <= SEEDS; seed++) {
      const result = await run(text, seed);
      assertEquals(verdictOf(result), "passed", summary(result));
    }
    if (found === undefined) return;
    assertStringIncludes(text, point);
    const broken = await run(text.replace(point, ""), 1);
    assertEquals(verdictOf(broken), "failed");
    assertStringIncludes(summary(broken), found);
  });
}

Deno.test("a gateway waits for a leader that refuses at once, in one session", async () => {
  const text = await textOf("hub-leader-killed");
  for (let seed = 1; seed <= SESSIONS_SEEDS; seed++) {
    const { history } = await run(text, seed);
    const byGateway = Map.groupBy(
      history.flatMap((event) =>
        event.kind === "link" && event.peer === "hub" && event.isUp
          ? [event.server]
          : []
      ),
      (server) => server,
    );
    for (const [gateway, its] of byGateway) {
      // At the start, and after the kill: it may have been the gateway's own
      // server, or its consumer's.
      assert(its.length <= 3, `${its.length} of ${gateway}, seed ${seed}`);
    }
  }
});

Deno.test("two gateways of one herd do no harm, and one of them is enough", async () => {
  const topology = {
    ...generateTopology("ring:4")!,
    hub: { gateways: ["s0", "s2"] },
  };
  await using herd = await Herd.start(topology, {
    world: "virtual",
    hub: { servers: 1 },
    seed: 3,
  });
  const client = await herd.client("s1");
  const tell = async (from: number, to: number) => {
    for (let at = from; at < to; at++) {
      await client.iamat(`c${at % 20}`, "+34.1-118.4", String(at));
    }
  };
  await tell(0, 200);
  herd.faults.hub.cut(["s0"]);
  await tell(200, 400);
  await herd.heal("all");
  await delay(herd.platform.clock, 60_000);
  await herd.converged();
  const [one, other] = await Promise.all(
    ["s0", "s2"].map(async (name) => (await herd.stats(name)).hub!),
  );
  assert(one!.isUp && other!.isUp);
  assertEquals([one!.waiting, other!.waiting], [0, 0]);
  // Each tells what it has, at most, and nothing goes round and round.
  const most = 2 * 400 + 40;
  const published = one!.published + other!.published;
  assert(published <= most, `${published} published`);
});

Deno.test({
  ...unless(
    whyNoProgram("nats-server"),
    "nats-server: hub-down.yaml passes with a server in a process each",
  ),
  async fn() {
    const result = await run(await textOf("hub-down"), 1, "processes");
    assertEquals(verdictOf(result), "passed", summary(result));
  },
});

Deno.test("a hub that is down can't be killed, and such a fault is over at once", async () => {
  const { residual, vacuous, history } = await run(
    `topology: two-herds
hub: { servers: 1 }
steps:
  - hub_kill: { targets: all, id: one }
  - hub_kill: { targets: all, id: other }
`,
    1,
  );
  assertEquals(residual, ["hub_kill one on hub-1"]);
  assertEquals(vacuous, ["hub_kill other on nothing"]);
  assertEquals(
    faultsOf(history).map(({ endedMs }) => endedMs === undefined),
    [true, false],
  );
});

Deno.test("a gateway that is cut off twice is so until both are healed", async () => {
  const kiwi = "expect: { client: kiwi";
  const result = await run(
    `topology: two-herds
hub: { servers: 1 }
steps:
  - hub_cut: { targets: Fig, id: one }
  - hub_cut: { targets: Fig, id: other }
  - iamat: { client: kiwi, position: +34.05-118.25, to: Gum }
  - heal: one
  - ${kiwi}, on: Hazel, never: [Ash, Birch, Cedar], for: 20s }
  - heal: other
  - ${kiwi}, on: all, within: 20s }
`,
    1,
  );
  assertEquals(verdictOf(result), "passed", summary(result));
});

Deno.test("a gateway that can't reach the hub says so, each time", async () => {
  const failures: number[] = [];
  const { promise: thrice, resolve } = Promise.withResolvers<void>();
  await using herd = await Herd.start("line:2", {
    world: "virtual",
    hub: { servers: 1 },
    seed: 3,
    onEvent: (event) => {
      if (event.kind !== "dial-failed" || event.peer !== "hub") return;
      assertEquals(event.server, "s0");
      if (failures.push(event.failures) === 3) resolve();
    },
  });
  herd.faults.hub.cut(["s0"]);
  await thrice;
  assertEquals(failures.slice(0, 3), [1, 2, 3]);
});
