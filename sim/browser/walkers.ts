/**
 * Clients that walk about and report their positions, so that a herd in a page
 * has something to do.
 *
 * @module
 */
import { delay } from "../../herd/net/timing.ts";
import type { Herd } from "../live/herd/herd.ts";
import type { Handlers } from "../live/web/router.ts";
import { Random } from "../model/random.ts";

type Asked = Parameters<Handlers["iamat"]>[0];

/** The clients' IDs. */
const NAMES = ["kiwi", "moa", "emu", "rhea", "tui", "weka"];
/** Where they start. */
const LATITUDE = 34.07;
const LONGITUDE = -118.44;
/** The distance between clients and the length of a step, in degrees. */
const APART = 0.25;
const STEP = 0.01;
/** How often one of them sends a fix. */
const EVERY_MS = 400;

/** Runs until `signal` aborts. */
export async function walk(
  herd: Herd,
  iamat: Handlers["iamat"],
  seed: number,
  signal: AbortSignal,
): Promise<void> {
  const random = new Random(seed, "walkers");
  const about = (width: number) => (random.fraction() - 0.5) * width;
  const walkers = NAMES.map((client) => ({
    client,
    latitude: LATITUDE + about(APART),
    longitude: LONGITUDE + about(APART),
  }));
  while (!signal.aborted) {
    await delay(herd.platform.clock, EVERY_MS, signal);
    const walker = random.pick(walkers);
    walker.latitude += about(STEP);
    walker.longitude += about(STEP);
    const up = herd.status().filter(({ state }) => state === "up");
    if (up.length === 0) continue;
    const to = random.pick(up).name;
    const body: Asked["body"] = { ...walker, to };
    // A server that is down does not answer; the next one will.
    void Promise.resolve(iamat({ body } as Asked, signal)).catch(() => {});
  }
}
