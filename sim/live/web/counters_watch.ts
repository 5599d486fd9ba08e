/**
 * Polls the counters of a herd's servers one after the other, and derives the
 * flow on each link and the figures of each second.
 *
 * @module
 */
import type { LinkStats } from "../../../herd/net/account.ts";
import type { Clock } from "../../../herd/net/platform.ts";
import type { Figures, Flow } from "../../model/web/batch.ts";
import type { HostedStats } from "../../worlds/questions.ts";
import type { Herd } from "../herd/herd.ts";

/** The polling interval of each server in a small herd, in milliseconds. */
const ASK_MS = 500;
/**
 * The most questions a second in all; in a large herd each server gets fewer.
 */
const QUESTIONS_PER_SECOND = 50;
const SECOND_MS = 1_000;
/**
 * The length of the first period, which is shorter so that rates are known
 * soon.
 */
const FIRST_MS = 600;

/** The last known counters of a herd's servers. */
export class CountersWatch {
  readonly #herd: Herd;
  readonly #clock: Clock;
  readonly #known = new Map<string, HostedStats>();
  /** The servers whose answer is awaited. */
  readonly #asked = new Set<string>();
  #flows = new Map<string, Flow>();
  #next = 0;
  /** Questions that are due, including a fraction. */
  #due = 0;
  #secondMs: number;
  #lengthMs = FIRST_MS;
  #second = newSecond();

  constructor(herd: Herd) {
    this.#herd = herd;
    this.#clock = herd.platform.clock;
    this.#secondMs = this.#clock.nowMs();
  }

  /** The counters of a server; `undefined` if not known. */
  of(server: string): HostedStats | undefined {
    return this.#known.get(server);
  }

  /** The counters of one direction of a link. */
  ofWay(from: string, to: string): LinkStats | undefined {
    return this.of(from)?.byLink.find(({ peer }) => peer === to);
  }

  /** A restarted server counts from zero, so its old counters are dropped. */
  forget(server: string): void {
    this.#known.delete(server);
  }

  /** Forgets everything: what was counted while nobody asked is not a flow. */
  reset(): void {
    this.#known.clear();
    this.#flows.clear();
    this.#second = newSecond();
    this.#secondMs = this.#clock.nowMs();
    this.#lengthMs = FIRST_MS;
    // The first time all are asked at once.
    this.#due = Infinity;
  }

  /** Asks the servers that are due after `passedMs`. */
  ask(up: readonly string[], passedMs: number): void {
    if (!this.#herd.world.sees.has("memory")) return;
    const perMs = Math.min(
      up.length / ASK_MS,
      QUESTIONS_PER_SECOND / SECOND_MS,
    );
    this.#due = Math.min(this.#due + perMs * passedMs, up.length);
    for (; this.#due >= 1; this.#due--) {
      const server = up[this.#next++ % up.length]!;
      if (!this.#asked.has(server)) void this.#ask(server);
    }
  }

  async #ask(server: string): Promise<void> {
    this.#asked.add(server);
    try {
      this.#take(server, await this.#herd.stats(server));
    } catch {
      // It is down or paused, and has no answer.
    } finally {
      this.#asked.delete(server);
    }
  }

  #take(server: string, stats: HostedStats): void {
    const before = this.#known.get(server);
    this.#known.set(server, stats);
    if (before === undefined) return;
    // A server that has started again counts from zero.
    this.#second.updates += Math.max(0, stats.told - before.told);
    this.#second.atOut += Math.max(0, stats.atOut - before.atOut);
    for (const link of stats.byLink) {
      const old = before.byLink.find(({ peer }) => peer === link.peer);
      const lines = link.linesOut - (old?.linesOut ?? 0);
      const bytes = link.bytesOut - (old?.bytesOut ?? 0);
      if (lines <= 0) continue;
      const way = `${server}>${link.peer}`;
      const flow = this.#flows.get(way);
      this.#flows.set(way, {
        from: server,
        to: link.peer,
        lines: lines + (flow?.lines ?? 0),
        bytes: bytes + (flow?.bytes ?? 0),
      });
    }
  }

  takeFlows(): Flow[] {
    const flows = [...this.#flows.values()];
    this.#flows = new Map();
    return flows;
  }

  /**
   * The figures of a second, if one has ended, as far as counters tell; and how
   * many lines it had.
   */
  takeFigures():
    | Omit<Figures, "propagation" | "reply"> & {
      readonly linesPerSecond: number;
    }
    | undefined {
    const atMs = this.#clock.nowMs();
    const passedMs = atMs - this.#secondMs;
    if (passedMs < this.#lengthMs) return undefined;
    this.#lengthMs = SECOND_MS;
    const { updates, atOut } = this.#second;
    this.#second = newSecond();
    this.#secondMs = atMs;
    return {
      atMs,
      updates: Math.round(updates * SECOND_MS / passedMs),
      linesPerSecond: atOut * SECOND_MS / passedMs,
      messagesPerUpdate: updates === 0 ? null : atOut / updates,
    };
  }
}

/** Fixes received from clients, and AT lines sent, since the second began. */
function newSecond() {
  return { updates: 0, atOut: 0 };
}
