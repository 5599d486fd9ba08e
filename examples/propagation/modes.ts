/**
 * What each mode of dissemination costs: how long a fix takes to be everywhere,
 * and how many lines servers write for it. In virtual time, so that the figures
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
  let longestMs = 0;
  for (let at = 0; at < FIXES; at++) {
    await using kiwi = await herd.client(herd.names[at % herd.names.length]!);
    const fix = await kiwi.iamat("kiwi", `+${at}.5-118.445127`);
    const beganMs = clock.nowMs();
    await herd.propagated(fix, { on: "all" });
    longestMs = Math.max(longestMs, clock.nowMs() - beganMs);
  }
  const lines = (await linesOf(herd) - before) / FIXES;
  await using emu = await herd.client("s5");
  const { at } = await emu.whatsat("kiwi", 10, 5);
  if (at.position !== `+${FIXES - 1}.5-118.445127`) throw new Error(at.line);
  await emu.whatsat("moa", 10, 5).then(
    () => {
      throw new Error("Nobody knows moa");
    },
    (error) => {
      if (!(error instanceof ReplyError)) throw error;
    },
  );
  return { longestMs, lines };
}

async function linesOf(herd: Herd): Promise<number> {
  const all = await Promise.all(herd.names.map((name) => herd.stats(name)));
  return all.reduce((sum, it) => sum + it.atOut + it.controlOut, 0);
}

if (import.meta.main) {
  for (const mode of MODES) {
    const { longestMs, lines } = await costOf(mode);
    const ms = longestMs.toFixed(1);
    console.log(`${mode}: everywhere within ${ms} ms, ${lines} lines a fix`);
  }
}
