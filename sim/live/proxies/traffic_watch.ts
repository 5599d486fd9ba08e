/**
 * Reports the traffic between servers to a world that asks for it, because it
 * can observe nothing else of some servers.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import type { World } from "../../worlds/world.ts";
import type { HerdProxies } from "./herd_proxies.ts";
import type { Traffic } from "./proxies.ts";

const LOOK_MS = 500;

/** Polls the proxies of a herd until it is stopped. */
export class TrafficWatch {
  readonly #clock: Clock;
  readonly #proxies: HerdProxies;
  readonly #hear: World["passed"];
  #before: Readonly<Record<string, Traffic>> = {};
  #timer: Timer | undefined;
  #isStopped = false;

  /** Starts if the world asks for traffic. */
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
      // The proxies have ended; those who need them are told elsewhere.
      return;
    }
    this.#later();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }
}
