/**
 * How long the queues of servers get while a drill runs, and how late they are.
 *
 * @module
 */
import type { Timer } from "../../../herd/net/platform.ts";
import { every } from "../../../herd/net/timing.ts";
import type { QueueEvent } from "../../model/history.ts";
import type { HostedStats } from "../../worlds/questions.ts";
import type { Herd } from "../herd/herd.ts";
import type { Recorder } from "./recorder.ts";

/** As often as heartbeats: what a server had queued dies with it. */
const LOOK_MS = 500;
/** A server is late by a little all the time: less is not worth a line. */
const LAG_STEP_MS = 10;

type Look = Pick<QueueEvent, "longest" | "lagMs" | "waiting">;

/** Asks servers for their longest queues, and writes them down. */
export class QueueWatch {
  readonly #herd: Herd;
  readonly #recorder: Recorder;
  readonly #timer: Timer;
  /** Servers that have been asked, and have not answered yet. */
  readonly #asked = new Set<string>();
  /** What was written down last of each. */
  readonly #known = new Map<string, Required<Look>>();

  constructor(herd: Herd, recorder: Recorder) {
    this.#herd = herd;
    this.#recorder = recorder;
    this.#timer = every(recorder.clock, LOOK_MS, () => void this.look());
    // What nothing was seen of counts as an empty queue, so all are seen once.
    void this.look();
  }

  /** Looks once, at those that are up; not where nothing can be seen of it. */
  async look(): Promise<void> {
    if (!this.#herd.world.sees.has("memory")) return;
    const up = this.#herd.status().filter(({ name, state }) =>
      state === "up" && !this.#asked.has(name)
    );
    await Promise.all(up.map(({ name }) => this.#ask(name)));
  }

  async #ask(server: string): Promise<void> {
    this.#asked.add(server);
    try {
      const look = lookAt(await this.#herd.stats(server));
      const known = this.#known.get(server);
      if (known !== undefined && !isNews(look, known)) return;
      this.#known.set(server, look);
      this.#recorder.record({ kind: "queue", server, ...look });
    } catch {
      // It was killed or frozen meanwhile: there is no more to be known of it.
    } finally {
      this.#asked.delete(server);
    }
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
  }
}

function lookAt(
  { longestQueue, lagMs, byLink }: HostedStats,
): Required<Look> {
  return {
    longest: longestQueue,
    lagMs: Math.round(lagMs),
    waiting: byLink.filter(({ queued }) => queued > 0)
      .map(({ peer, queued, waitedS }) => ({ peer, queued, waitedS })),
  };
}

function isNews(look: Required<Look>, known: Required<Look>): boolean {
  return look.longest !== known.longest ||
    Math.abs(look.lagMs - known.lagMs) >= LAG_STEP_MS ||
    JSON.stringify(look.waiting) !== JSON.stringify(known.waiting);
}
