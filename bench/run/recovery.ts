/**
 * How long a killed server takes to hold everything again, under load.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { Herd } from "../../sim/live/herd/herd.ts";
import { Feeder } from "./feeder.ts";
import { inTime } from "./in_time.ts";

export const TOPOLOGY = "2014";
/** The server that is killed and revived. */
export const SERVER = "Powell";
/** The server that clients connect to. */
export const TO = "Alford";
/** IAMAT a second throughout. */
const UPDATES_PER_SECOND = 1_000;
const TICK_MS = 10;
const POLL_MS = 20;
const WAIT_MS_MAX = 120_000;
const { clock } = denoPlatform;

/** Milliseconds since the server was revived. */
export interface Recovery {
  /** Until it was linked to its neighbours. */
  readonly readyMs: number;
  /** Until it held all records. */
  readonly filledMs: number;
}

/**
 * Fills a herd with records, a client each, kills a server, revives it, and
 * waits until it holds everything again.
 */
export async function measureRecovery(records: number): Promise<Recovery> {
  await using herd = await Herd.start(TOPOLOGY, { places: "none" });
  await using feeder = await Feeder.connect(herd.address(TO), records);
  await feeder.send(records);
  const untilFilled = async (name: string) => {
    const isFilled = async () => (await herd.stats(name)).records === records;
    if (await inTime(isFilled, WAIT_MS_MAX, POLL_MS)) return;
    throw new Error("The herd does not get there");
  };
  for (const name of herd.names) await untilFilled(name);
  await herd.converged({ withinMs: WAIT_MS_MAX });
  await herd.kill(SERVER);
  const perTick = UPDATES_PER_SECOND * TICK_MS / 1_000;
  const ticks = setInterval(() => void feeder.send(perTick), TICK_MS);
  try {
    const beganMs = clock.nowMs();
    await herd.revive(SERVER);
    const readyMs = clock.nowMs() - beganMs;
    await untilFilled(SERVER);
    return { readyMs, filledMs: clock.nowMs() - beganMs };
  } finally {
    clearInterval(ticks);
    await herd.converged({ withinMs: WAIT_MS_MAX });
  }
}
