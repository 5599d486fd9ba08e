/**
 * Reports the traffic between servers to a world that asks for it, because it
 * can observe nothing else of some servers.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { delay } from "../../../herd/net/timing.ts";
import type { World } from "../../worlds/world.ts";
import { NO_TRAFFIC, type Traffic } from "./flow.ts";
import type { RunningProxies } from "./proxies.ts";

const LOOK_MS = 500;

/** Looks again and again, if the world wants to know, until it is stopped. */
export async function watchTraffic(
  clock: Clock,
  { ask }: Pick<RunningProxies, "ask">,
  world: World,
  stopped: AbortSignal,
): Promise<void> {
  if (world.passed === undefined) return;
  let known: Readonly<Record<string, Traffic>> = {};
  try {
    for (;;) {
      await delay(clock, LOOK_MS, stopped);
      const now = await ask<"traffic">({ ask: "traffic" });
      for (const [way, { chunks, connections }] of Object.entries(now)) {
        const before = known[way] ?? NO_TRAFFIC;
        const [from = ""] = way.split(">");
        world.passed(from, {
          chunks: chunks - before.chunks,
          connections: connections - before.connections,
        });
      }
      known = now;
    }
  } catch {
    // It was stopped, or the proxies have ended, and with them the herd.
  }
}
