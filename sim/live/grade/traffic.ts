/**
 * What passes between the servers of a herd, as it is seen on their links: by
 * connections and bytes, for nobody knows how they talk to each other.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { delay } from "../../../herd/net/timing.ts";

/** By direction, such as `Ball>Holiday`. */
type Directions = Readonly<
  Record<string, { readonly bytesIn: number; readonly connections: number }>
>;

/** Where it is seen. */
export interface TrafficSources {
  /** What has passed on links so far. */
  readonly directions: () => Promise<Directions>;
  /** How often servers have dialled others, where that is seen. */
  readonly dials: () => number;
  /** Hears what was seen, in words. */
  readonly note: (text: string) => void;
}

/** What passed until it was quiet. */
export interface Passed {
  /** Messages, where each has a connection of its own. */
  readonly messages: number;
  /** Bytes. */
  readonly bytes: number;
  /** When the last of it passed, in milliseconds since the wait for it began. */
  readonly lastMs: number;
}

const LOOK_MS = 50;
/** Nothing has passed for so long: nothing more is to come. */
const QUIET_MS = 500;
/** An update that is under way is seen at least so often. */
const CALM_MS = 120;
const CALM_MS_MAX = 800;
const CALM_LOOK_MS = 20;

/** The traffic of a herd. */
export class Traffic {
  readonly #clock: Clock;
  readonly #sources: TrafficSources;

  /** Traffic that is seen at sources. */
  constructor(clock: Clock, sources: TrafficSources) {
    this.#clock = clock;
    this.#sources = sources;
  }

  /** What has passed so far. */
  async count(): Promise<{ messages: number; bytes: number }> {
    const all = Object.values(await this.#sources.directions());
    const sum = (key: "bytesIn" | "connections") =>
      all.reduce((total, each) => total + each[key], 0);
    const messages = Math.max(sum("connections"), this.#sources.dials());
    return { messages, bytes: sum("bytesIn") };
  }

  /**
   * What passes from `before` on until it is quiet, or for so long.
   *
   * @param before What had passed before it began.
   */
  async untilQuiet(
    before: { readonly messages: number; readonly bytes: number },
    maxMs: number,
  ): Promise<Passed> {
    const { last, lastMs, isMore, nowMs } = await this.#until(
      QUIET_MS,
      maxMs,
      LOOK_MS,
    );
    const messages = last.messages - before.messages;
    const bytes = last.bytes - before.bytes;
    const when = nowMs >= maxMs && isMore
      ? `and more after ${(nowMs / 1_000).toFixed(1)} s`
      : `the last after ${(lastMs / 1_000).toFixed(1)} s`;
    this.#sources.note(
      `servers sent each other ${messages} messages, ${bytes} bytes, ${when}`,
    );
    return { messages, bytes, lastMs };
  }

  /** Waits until updates have likely got everywhere, and for no long time. */
  async calm(): Promise<void> {
    await this.#until(CALM_MS, CALM_MS_MAX, CALM_LOOK_MS);
  }

  /** Looks until nothing has passed for so long, or the time is up. */
  async #until(quietMs: number, maxMs: number, lookMs: number) {
    const beganMs = this.#clock.nowMs();
    let [last, lastMs] = [await this.count(), 0];
    for (;;) {
      await delay(this.#clock, lookMs);
      const nowMs = this.#clock.nowMs() - beganMs;
      const now = await this.count();
      const isMore = now.messages > last.messages || now.bytes > last.bytes;
      if (isMore) [last, lastMs] = [now, nowMs];
      if (nowMs - lastMs < quietMs && nowMs < maxMs) continue;
      return { last, lastMs, isMore, nowMs };
    }
  }
}
