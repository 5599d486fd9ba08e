/**
 * A process that starts many workers at once, and reports how long that took
 * and how much it has grown: `herd`, the servers of a ring, linked and ready;
 * `bare`, workers that do nothing. Takes which, and how many.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { Herd } from "../../sim/live/herd/herd.ts";
import { ownArgs, serve } from "./serve.ts";

export type Started = "herd" | "bare";

export interface StartFigures {
  readonly readyMs: number;
  /** Growth of resident memory, per worker. */
  readonly mib: number;
}

const BYTES_PER_MIB = 1_048_576;
const BARE = "postMessage('ready');";

/** Starts workers that do nothing; resolves when all run. */
async function startBare(count: number): Promise<() => void> {
  const address = URL.createObjectURL(
    new Blob([BARE], { type: "text/javascript" }),
  );
  const workers = Array.from(
    { length: count },
    () => new Worker(address, { type: "module" }),
  );
  await Promise.all(workers.map((worker) =>
    new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = reject;
    })
  ));
  return () => workers.forEach((worker) => worker.terminate());
}

async function startHerd(count: number): Promise<() => Promise<void>> {
  const herd = await Herd.start(`ring:${count}`, { places: "none" });
  return () => herd.stop();
}

async function measure(what: Started, count: number): Promise<StartFigures> {
  const before = Deno.memoryUsage().rss;
  const beganMs = denoPlatform.clock.nowMs();
  const stop = await (what === "herd" ? startHerd(count) : startBare(count));
  const readyMs = denoPlatform.clock.nowMs() - beganMs;
  const mib = (Deno.memoryUsage().rss - before) / count / BYTES_PER_MIB;
  await stop();
  return { readyMs, mib };
}

const [what, count] = ownArgs<[Started, number]>();
await serve({ figures: () => measure(what, count) });
