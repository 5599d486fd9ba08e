/**
 * Tells a world what passes between its servers, where it wants to know: of some
 * servers nothing else is seen.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import type { World } from "../../worlds/world.ts";
import type { HerdProxies } from "./herd_proxies.ts";
import type { Traffic } from "./proxies.ts";

const LOOK_MS = 500;

/** Looks at the proxies of a herd again and again, until it is stopped. */
export class TrafficWatch {
  readonly #clock: Clock;
  readonly #proxies: HerdProxies;
  readonly #hear: World["passed"];
  #before: Readonly<Record<string, Traffic>> = {};
  #timer: Timer | undefined;
  #isStopped = false;

  /** Begins, if the world wants to hear of it. */
  constructor(clock: Clock, proxies: HerdProxies, world: World) {
    this.#clock = clock;
    this.#proxies = proxies;
    this.#hear = world.passed?.bind(world);
    if (this.#hear !== undefined) this.#later();
  }

  #later(): void {
    if (this.#isStopped) return;
    this.#timer = this.#clock.after(LOOK_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    try {
      const now = await this.#proxies.ask<"traffic">({ ask: "traffic" });
      for (const [way, { chunks, connections }] of Object.entries(now)) {
        const before = this.#before[way];
        const [from = ""] = way.split(">");
        this.#hear!(from, {
          chunks: chunks - (before?.chunks ?? 0),
          connections: connections - (before?.connections ?? 0),
        });
      }
      this.#before = now;
    } catch {
      // The proxies have ended, and who needs them hears of it.
      return;
    }
    this.#later();
  }

  /** Looks no more. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }
}
