/**
 * How long a killed server takes to hold everything again, under load.
 *
 * @module
 */
import { delay } from "@std/async";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { Herd } from "../../sim/live/herd/herd.ts";
import { Feeder } from "./feeder.ts";

const TICK_MS = 10;
const POLL_MS = 20;
const WAIT_MS_MAX = 120_000;

export interface RecoveryOptions {
  readonly topology: string;
  /** The server that is killed and revived. */
  readonly server: string;
  /** The server that clients connect to. */
  readonly to: string;
  /** Clients, each with a fix. */
  readonly records: number;
  /** IAMAT a second throughout. */
  readonly updatesPerSecond: number;
}

/** Milliseconds since the server was revived. */
export interface Recovery {
  /** Until it was linked to its neighbours. */
  readonly readyMs: number;
  /** Until it held all records. */
  readonly filledMs: number;
  /** Resident memory of the whole process in bytes, before the kill. */
  readonly rssBytes: number;
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const stopMs = denoPlatform.clock.nowMs() + WAIT_MS_MAX;
  while (!await isDone()) {
    if (denoPlatform.clock.nowMs() > stopMs) {
      throw new Error("The herd does not get there");
    }
    await delay(POLL_MS);
  }
}

/**
 * Fills a herd, kills a server, revives it, and waits until it holds everything
 * again.
 */
export async function measureRecovery(
  options: RecoveryOptions,
): Promise<Recovery> {
  const { topology, server, to, records, updatesPerSecond } = options;
  await using herd = await Herd.start(topology, { places: "none" });
  await using feeder = await Feeder.connect(herd.address(to), records);
  await feeder.send(records);
  const holdsAll = async (name: string) =>
    (await herd.stats(name)).records === records;
  for (const name of herd.names) await until(() => holdsAll(name));
  await herd.converged({ withinMs: WAIT_MS_MAX });
  const rssBytes = Deno.memoryUsage().rss;
  await herd.kill(server);
  const perTick = Math.round(updatesPerSecond * TICK_MS / 1_000);
  const ticks = setInterval(() => void feeder.send(perTick), TICK_MS);
  try {
    const beganMs = denoPlatform.clock.nowMs();
    await herd.revive(server);
    const readyMs = denoPlatform.clock.nowMs() - beganMs;
    await until(() => holdsAll(server));
    return {
      readyMs,
      filledMs: denoPlatform.clock.nowMs() - beganMs,
      rssBytes,
    };
  } finally {
    clearInterval(ticks);
    await herd.converged({ withinMs: WAIT_MS_MAX });
  }
}
