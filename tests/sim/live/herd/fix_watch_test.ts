/**
 * What is told too late is no evidence of what was in time, however busy the
 * machine: a frozen server answers when the time is up, and not before.
 *
 * @module
 */
import { assert, AssertionError, assertRejects } from "@std/assert";
import { freePorts } from "../../../free_ports.ts";
import { Client } from "../../../../herd/net/client.ts";
import {
  assertAbsent,
  assertPropagated,
} from "../../../../sim/live/herd/propagation.ts";
import { Undecided } from "../../../../sim/live/herd/undecided.ts";
import { Supervisor } from "../../../../sim/live/servers/supervisor.ts";
import { threads } from "../../../../sim/worlds/threads/threads.ts";
import type { ServerHandle } from "../../../../sim/worlds/world.ts";

const WINDOW_MS = 10;
const FREEZE_MS = 30_000;
const ON = ["Ash"];

/** One server, and what can be done to it. */
interface Ash extends AsyncDisposable {
  readonly supervisor: Supervisor;
  /** Has it take a fix. */
  tell(time: number): Promise<string>;
  /** Freezes its thread, and tells nobody; it thaws when `ask()` is called. */
  freezeUntilAsked(): Promise<void>;
}

async function startAsh(trace: boolean, dataDir?: string): Promise<Ash> {
  const address = {
    hostname: "127.0.0.1",
    port: freePorts(1)[0]!,
  };
  const secret = "00".repeat(32);
  const keeping = dataDir === undefined ? {} : { dataDir };
  const start = { name: "Ash", neighbours: [], secret, ...keeping };
  const world = threads();
  let handle: ServerHandle;
  const supervisor = new Supervisor([{ ...start, ...address, trace }], {
    world: {
      ...world,
      start: (...server) => handle = world.start(...server),
    },
  });
  await supervisor.start();
  const client = await Client.connect(address);
  return {
    supervisor,
    tell: async (time) =>
      (await client.iamat("kiwi", "+1-1", String(time))).line,
    freezeUntilAsked: async () => {
      const ask = supervisor.ask.bind(supervisor);
      supervisor.ask = (...question) => {
        handle.resume();
        return ask(...question);
      };
      await handle.pause(FREEZE_MS);
    },
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await supervisor.stop();
    },
  };
}

async function assertUndecided(asserted: Promise<void>, why: string) {
  const error = await assertRejects(() => asserted, Undecided, why);
  assert(!error.message.includes("lacks it"), error.message);
}

async function assertFailed(asserted: Promise<void>, why: string) {
  const error = await assertRejects(() => asserted, AssertionError, why);
  assert(!(error instanceof Undecided), error.message);
}

for (const trace of [false, true]) {
  const how = trace ? "decides by the trace" : "can't tell without a trace";

  Deno.test(`assertAbsent() ${how}, of a server that held it and answers late`, async () => {
    await using ash = await startAsh(trace);
    const fix = await ash.tell(5);
    await ash.freezeUntilAsked();
    const absent = assertAbsent(ash.supervisor, fix, ON, WINDOW_MS);
    await (trace
      ? assertFailed(absent, "held by Ash (after 0.0 ms)")
      : assertUndecided(absent, "not known of Ash: it was too slow to tell"));
  });

  Deno.test(`assertPropagated() ${how}, of a server that held it and answers late`, async () => {
    await using ash = await startAsh(trace);
    const fix = await ash.tell(5);
    await ash.freezeUntilAsked();
    const held = assertPropagated(ash.supervisor, fix, ON, WINDOW_MS);
    await (trace
      ? held
      : assertUndecided(held, "not known of Ash: it was too slow to tell"));
  });

  Deno.test(`assertAbsent() ${how}, of a paused server`, async () => {
    await using ash = await startAsh(trace);
    const fix = await ash.tell(5);
    await ash.supervisor.pause("Ash");
    const absent = assertAbsent(ash.supervisor, fix, ON, WINDOW_MS);
    const held = assertPropagated(ash.supervisor, fix, ON, WINDOW_MS);
    await (trace
      ? assertFailed(absent, "held by Ash (after 0.0 ms)")
      : assertUndecided(absent, "not known of Ash: it is paused"));
    await (trace ? held : assertUndecided(held, "it is paused"));
  });

  Deno.test(`assertAbsent() ${how}, of a server that is killed before it answers`, async () => {
    await using ash = await startAsh(trace);
    const fix = await ash.tell(5);
    await ash.freezeUntilAsked();
    const absent = assertAbsent(ash.supervisor, fix, ON, 1_000);
    const failing = trace
      ? assertFailed(absent, "held by Ash (after 0.0 ms)")
      : assertUndecided(
        absent,
        "not known of Ash: it ended meanwhile, and now",
      );
    await ash.supervisor.kill("Ash");
    await failing;
  });

  Deno.test(`assertAbsent() needs no trace (${trace}) to see that a late server still lacks it`, async () => {
    await using ash = await startAsh(trace);
    const older = await ash.tell(4);
    const newer = older.replace(/4$/, "5");
    await ash.freezeUntilAsked();
    await assertAbsent(ash.supervisor, newer, ON, WINDOW_MS);
    await ash.freezeUntilAsked();
    await assertFailed(
      assertPropagated(ash.supervisor, newer, ON, WINDOW_MS),
      `Ash lacks it: it holds ${older}`,
    );
  });

  Deno.test(`assertAbsent() needs no trace (${trace}) for a server that did not run`, async () => {
    await using ash = await startAsh(trace);
    const fix = await ash.tell(5);
    await ash.supervisor.kill("Ash");
    await assertAbsent(ash.supervisor, fix, ON, WINDOW_MS);
    await assertFailed(
      assertPropagated(ash.supervisor, fix, ON, WINDOW_MS),
      "Ash lacks it: it is stopped",
    );
  });
}

Deno.test("assertPropagated() knows that a late server had a fix from its disk", async () => {
  const dataDir = await Deno.makeTempDir();
  try {
    await using ash = await startAsh(true, dataDir);
    const fix = await ash.tell(5);
    await ash.supervisor.restart("Ash");
    await ash.freezeUntilAsked();
    await assertPropagated(ash.supervisor, fix, ON, WINDOW_MS);
    await ash.freezeUntilAsked();
    await assertFailed(
      assertPropagated(ash.supervisor, fix.replace(/5$/, "6"), ON, WINDOW_MS),
      `Ash lacks it: it holds ${fix}`,
    );
    await ash.supervisor.pause("Ash");
    await assertUndecided(
      assertPropagated(ash.supervisor, fix, ON, WINDOW_MS),
      "it is paused",
    );
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});

Deno.test("assertPropagated() takes no fix for one in time that came when the time was up", async () => {
  await using ash = await startAsh(true);
  const older = await ash.tell(4);
  const wanted = older.replace(/4$/, "4.5");
  await ash.freezeUntilAsked();
  const told = ash.tell(5);
  await assertFailed(
    assertPropagated(ash.supervisor, wanted, ON, WINDOW_MS),
    "Ash lacks it: it ",
  );
  await told;
  await assertPropagated(ash.supervisor, wanted, ON, WINDOW_MS);
  await ash.supervisor.pause("Ash");
  await assertFailed(
    assertPropagated(ash.supervisor, older.replace(/4$/, "6"), ON, WINDOW_MS),
    "Ash lacks it: it is paused",
  );
});
