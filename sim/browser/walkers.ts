/**
 * Clients that walk about and tell where they are, so that a herd in a page has
 * something to do.
 *
 * @module
 */
import { delay } from "../../herd/net/timing.ts";
import type { Herd } from "../live/herd/herd.ts";
import type { Handlers } from "../live/web/router.ts";
import { Random } from "../model/random.ts";

/** What they are called. */
const NAMES = ["kiwi", "moa", "emu", "rhea", "tui", "weka"];
/** Where they begin. */
const LATITUDE = 34.07;
const LONGITUDE = -118.44;
/** How far apart, in degrees, and how far they go at a time. */
const APART = 0.25;
const STEP = 0.01;
/** One of them tells where it is so often. */
const EVERY_MS = 400;

/** Lets them walk until the signal is aborted. */
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
    // Whoever is killed meanwhile does not answer; the next one will.
    void Promise.resolve(iamat(asked({ ...walker, to }), signal))
      .catch(() => {});
  }
}

function asked(
  body: Parameters<Handlers["iamat"]>[0]["body"],
): Parameters<Handlers["iamat"]>[0] {
  return { body } as Parameters<Handlers["iamat"]>[0];
}
