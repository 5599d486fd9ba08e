/**
 * Asks the servers of a herd for their counters, one after the other, and makes
 * of them what went over each link, and figures of each second.
 *
 * @module
 */
import type { LinkStats } from "../../../herd/net/account.ts";
import type { Clock } from "../../../herd/net/platform.ts";
import type { Figures, Flow } from "../../model/web/batch.ts";
import type { HostedStats } from "../../worlds/questions.ts";
import type { Herd } from "../herd/herd.ts";

/** Each server is asked so often, in milliseconds, where there are few. */
const ASK_MS = 500;
/** Questions a second, in all; where there are more servers each has fewer. */
const QUESTIONS_PER_SECOND = 50;
const SECOND_MS = 1_000;
/** So soon it is known for the first time how much there is. */
const FIRST_MS = 600;

/** What has been counted since a second began. */
interface Second {
  updates: number;
  atOut: number;
}

/** Counters of a herd's servers, as they were when these were asked last. */
export class CountersWatch {
  readonly #herd: Herd;
  readonly #clock: Clock;
  readonly #known = new Map<string, HostedStats>();
  /** Who is being asked. */
  readonly #asked = new Set<string>();
  #flows = new Map<string, Flow>();
  #next = 0;
  /** Questions that are due, and not whole yet. */
  #due = 0;
  #secondMs: number;
  #lengthMs = FIRST_MS;
  #second = newSecond();

  /** Nobody is asked yet. */
  constructor(herd: Herd) {
    this.#herd = herd;
    this.#clock = herd.platform.clock;
    this.#secondMs = this.#clock.nowMs();
  }

  /** What a server has counted; `undefined`: not known. */
  of(server: string): HostedStats | undefined {
    return this.#known.get(server);
  }

  /** What is counted of one way of a link. */
  ofWay(from: string, to: string): LinkStats | undefined {
    return this.of(from)?.byLink.find(({ peer }) => peer === to);
  }

  /** A server is not what it was: what was counted of it is of another life. */
  forget(server: string): void {
    this.#known.delete(server);
  }

  /** Forgets all, for what is counted in a while nobody asks is no flow. */
  reset(): void {
    this.#known.clear();
    this.#flows.clear();
    this.#second = newSecond();
    this.#secondMs = this.#clock.nowMs();
    this.#lengthMs = FIRST_MS;
    // All are asked at once for the first time.
    this.#due = Infinity;
  }

  /** Asks those whose turn it is in the `passedMs` that have passed. */
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
      // It is down, or paused, and so it has nothing to tell.
    } finally {
      this.#asked.delete(server);
    }
  }

  #take(server: string, stats: HostedStats): void {
    const before = this.#known.get(server);
    this.#known.set(server, stats);
    if (before === undefined) return;
    const more = since(before, stats);
    this.#second.updates += more.updates;
    this.#second.atOut += more.atOut;
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

  /** What went over links since this was asked last. */
  takeFlows(): Flow[] {
    const flows = [...this.#flows.values()];
    this.#flows = new Map();
    return flows;
  }

  /**
   * The figures of a second, if one has ended, as far as servers count them; and
   * how many lines it had.
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

function newSecond(): Second {
  return { updates: 0, atOut: 0 };
}

/** Fixes that clients told, and AT lines that went out, between two looks. */
function since(
  before: HostedStats,
  after: HostedStats,
): { updates: number; atOut: number } {
  const updates = clientsUpdates(after) - clientsUpdates(before);
  const atOut = after.atOut - before.atOut;
  return { updates: Math.max(0, updates), atOut: Math.max(0, atOut) };
}

/** What was stored, less what neighbours told. */
function clientsUpdates({ stored, atIn, duplicates }: HostedStats): number {
  return stored - (atIn - duplicates);
}
