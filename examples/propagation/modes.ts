/**
 * What each mode of dissemination costs: how long a fix takes to be everywhere,
 * and how many lines servers write for it, also while a link is cut. In virtual time, so that the figures
 * are the same on every machine, and there at once:
 *
 *     deno run --allow-net=127.0.0.1 --allow-read --allow-env modes.ts
 *
 * @module
 */
import { Herd, ReplyError } from "@herd/workbench";

/** The modes, in the order in which they are told. */
export const MODES = ["flood", "tree", "ondemand"] as const;

const FIXES = 50;
/** Trees settle within a second or two. */
const SETTLED_MS = 3_000;

/** What one mode costs. */
export interface Cost {
  /** Milliseconds until all servers have a fix, or find it: the longest. */
  readonly longestMs: number;
  /** The same, while one link is cut. */
  readonly cutMs: number;
  /** Lines of fixes, and about them, between servers, for each fix. */
  readonly lines: number;
}

/** Has a client move around a ring, and the last server be asked for it. */
export async function costOf(
  mode: typeof MODES[number],
  seed = 1,
): Promise<Cost> {
  await using herd = await Herd.start("ring:6", {
    world: "virtual",
    mode,
    seed,
    // Nobody asks what is around: where is enough.
    places: "none",
  });
  const { clock } = herd.platform;
  await new Promise<void>((resolve) => clock.after(SETTLED_MS, resolve));
  const before = await linesOf(herd);
  const longestMs = await longestOf(herd, 0);
  const lines = (await linesOf(herd) - before) / FIXES;
  // In a ring all can still reach each other.
  await herd.cut("s0-s1");
  const cutMs = await longestOf(herd, FIXES);
  await herd.heal("all");
  await using emu = await herd.client("s5");
  const { at } = await emu.whatsat("kiwi", 10, 5);
  if (at.position !== positionOf(2 * FIXES - 1)) throw new Error(at.line);
  await emu.whatsat("moa", 10, 5).then(
    () => {
      throw new Error("Nobody knows moa");
    },
    (error) => {
      if (!(error instanceof ReplyError)) throw error;
    },
  );
  return { longestMs, cutMs, lines };
}

function positionOf(at: number): string {
  return `+34.${at}-118.445127`;
}

/** Tells fixes, each to another server, and waits until each is everywhere. */
async function longestOf(herd: Herd, from: number): Promise<number> {
  const { clock } = herd.platform;
  let longestMs = 0;
  for (let at = from; at < from + FIXES; at++) {
    await using kiwi = await herd.client(herd.names[at % herd.names.length]!);
    const fix = await kiwi.iamat("kiwi", positionOf(at));
    const beganMs = clock.nowMs();
    await herd.propagated(fix, { on: "all", withinMs: 10_000 });
    longestMs = Math.max(longestMs, clock.nowMs() - beganMs);
  }
  return longestMs;
}

async function linesOf(herd: Herd): Promise<number> {
  const all = await Promise.all(herd.names.map((name) => herd.stats(name)));
  return all.reduce((sum, it) => sum + it.atOut + it.controlOut, 0);
}

if (import.meta.main) {
  for (const mode of MODES) {
    const { longestMs, cutMs, lines } = await costOf(mode);
    const [ms, cut] = [longestMs, cutMs].map((it) => it.toFixed(1));
    console.log(
      `${mode}: everywhere within ${ms} ms (${cut} with a link cut), ` +
        `${lines} lines a fix`,
    );
  }
}
