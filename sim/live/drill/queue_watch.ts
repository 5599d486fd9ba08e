/**
 * How long the queues of servers get while a drill runs.
 *
 * @module
 */
import type { Timer } from "../../../herd/net/platform.ts";
import { every } from "../../../herd/net/timing.ts";
import type { Herd } from "../herd/herd.ts";
import type { Recorder } from "./recorder.ts";

/** As often as heartbeats: what a server had queued dies with it. */
const LOOK_MS = 500;

/** Asks servers for their longest queues, and writes them down. */
export class QueueWatch {
  readonly #herd: Herd;
  readonly #recorder: Recorder;
  readonly #timer: Timer;
  /** Servers that have been asked, and have not answered yet. */
  readonly #asked = new Set<string>();
  readonly #known = new Map<string, number>();

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
      const { longestQueue: longest } = await this.#herd.stats(server);
      if (longest === this.#known.get(server)) return;
      this.#known.set(server, longest);
      this.#recorder.record({ kind: "queue", server, longest });
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
