/**
 * Faults of servers' processes: killed, paused, crashed, restarted, with a
 * wrong clock or disk.
 *
 * They end when they are healed, and when the server is well again for another
 * reason: a step or its supervisor has started it.
 *
 * @module
 */
import type {
  DiskFaultKind,
  DiskSettings,
} from "../../model/faults/disk_trouble.ts";
import {
  endsServer,
  isDiskFault,
  troubleOf,
} from "../../model/steps/disk_faults.ts";
import { NoDisk } from "../servers/no_disk.ts";
import { SEED_MAX } from "../../model/random.ts";
import { checkSettings } from "../../model/steps/settings.ts";
import { CLOCK_SKEW, SKEW_RANGES } from "../../model/steps/clock_skew.ts";
import { NO_SKEW } from "../../model/faults/skew.ts";
import { chosen } from "../../model/faults/targets.ts";
import { type ServerState, WrongState } from "../../model/lifecycle.ts";
import type { Lasting } from "../../model/steps/server_fault.ts";
import {
  courseOf,
  isFaultStep,
  type ProcessFault,
} from "../../model/steps/server_faults.ts";
import type { Random } from "../../model/random.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import type {
  FaultBook,
  FaultHandle,
  FaultOptions,
  FaultRecord,
} from "./fault_book.ts";

/** A fault that lasts on a server until it runs again. */
export type DownFault = "kill" | "wipe" | "pause" | "crash";

/** How a clock is wrong. */
export interface SkewSettings {
  /** Milliseconds that it is ahead, or behind if negative. */
  readonly offsetMs: number;
  /** Parts per million that it is fast, or slow if negative. */
  readonly driftPpm: number;
}

/** Begins and heals faults of processes. */
export class ProcessFaults {
  readonly #book: FaultBook;
  readonly #supervisor: Supervisor;
  readonly #random: (id: string) => Random;

  /**
   * Starts without faults.
   *
   * @param random Gives the source of random choices for a fault of this name.
   */
  constructor(
    book: FaultBook,
    supervisor: Supervisor,
    random: (id: string) => Random,
  ) {
    this.#book = book;
    this.#supervisor = supervisor;
    this.#random = random;
  }

  /**
   * Does something to servers, to all of them at once.
   *
   * @param onBack Called with the servers that are started or resumed when the
   * fault is healed.
   * @throws {WrongState} If one is not in the right state; the others are hit.
   */
  async down(
    kind: DownFault,
    servers: readonly string[],
    options: FaultOptions = {},
    onBack: (servers: readonly string[]) => void = () => {},
  ): Promise<FaultHandle> {
    const { targets, ...identity } = this.#settle(kind, servers, options);
    const { back, from, hits } = lastingOf(kind)!;
    const hit = targets.filter((name) =>
      hits(this.#supervisor.child(name).state)
    );
    const beganMs = this.#supervisor.platform.clock.nowMs();
    const begin = () =>
      this.#book.begin({
        ...identity,
        targets: hit,
        touched: hit.length,
        takeBack: async (spots) => {
          const gone = spots.filter((name) =>
            from.includes(this.#supervisor.child(name).state)
          );
          if (gone.length > 0) onBack(gone);
          await all(gone.map((name) => this.#supervisor[back](name)));
        },
        isStillOn: (name) => this.#supervisor.child(name).state !== "up",
      }, beganMs);
    // If none can be hit, an error says so, and no fault is entered.
    const entry = hit.length > 0 || targets.length === 0 ? begin() : undefined;
    const tries = await Promise.allSettled(
      targets.map((name) => this.#supervisor[kind](name)),
    );
    const handle = entry && this.#book.handle(entry, options);
    throwFailed(tries);
    return handle!;
  }

  /**
   * Kills servers and starts them again. The fault ends when they are ready.
   *
   * @throws {WrongState} If one does not run.
   */
  async restart(
    servers: readonly string[],
    options: Omit<FaultOptions, "durationMs"> = {},
  ): Promise<FaultRecord> {
    const { targets, ...identity } = this.#settle("restart", servers, options);
    const entry = this.#book.begin({
      ...identity,
      targets,
      touched: targets.length,
      spots: new Map(),
    });
    const tries = await Promise.allSettled(
      targets.map((name) => this.#supervisor.restart(name)),
    );
    // A server that was killed and did not come back was hit all the same.
    const spared = tries.filter((it) =>
      it.status === "rejected" && it.reason instanceof WrongState
    );
    this.#book.end(entry, -spared.length);
    throwFailed(tries);
    return entry.record;
  }

  /**
   * Makes the clocks of servers wrong; the latest active skew of a server
   * counts.
   */
  async skew(
    servers: readonly string[],
    skew: SkewSettings,
    options: FaultOptions = {},
  ): Promise<FaultHandle> {
    checkSettings({ ...skew }, SKEW_RANGES);
    const { targets, ...identity } = this.#settle(
      CLOCK_SKEW,
      servers,
      options,
    );
    const sinceMs = this.#supervisor.platform.clock.nowMs();
    const { offsetMs, driftPpm } = skew;
    await Promise.all(
      targets.map((name) =>
        this.#supervisor.set(name, { skew: { offsetMs, driftPpm, sinceMs } })
      ),
    );
    const entry = this.#book.begin({
      ...identity,
      targets,
      settings: { offsetMs, driftPpm },
      touched: targets.length,
      takeBack: async (spots) => {
        await Promise.all(spots.map((name) => this.#setLastClock(name)));
      },
    }, sinceMs);
    return this.#book.handle(entry, options);
  }

  /** Sets the clock by the latest active skew, or right if there is none. */
  async #setLastClock(name: string): Promise<void> {
    const last = this.#book.active.findLast(({ fault, left }) =>
      fault === CLOCK_SKEW && left.has(name)
    )?.record;
    const skew = last === undefined ? NO_SKEW : {
      offsetMs: Number(last.settings["offsetMs"]),
      driftPpm: Number(last.settings["driftPpm"]),
      sinceMs: last.beganMs,
    };
    await this.#supervisor.set(name, { skew });
  }

  /**
   * Makes the disks of servers fail; the active faults of a disk add up.
   *
   * @throws {NoDisk} If a server keeps nothing on disk.
   */
  async disk(
    servers: readonly string[],
    { kind, delayMs }: DiskSettings,
    options: FaultOptions = {},
  ): Promise<FaultHandle> {
    const { targets, ...identity } = this.#settle(kind, servers, options);
    const bare = targets.find((name) =>
      this.#supervisor.child(name).start.dataDir === undefined
    );
    if (bare !== undefined) throw new NoDisk(bare);
    const entry = this.#book.begin({
      ...identity,
      targets,
      ...delayMs !== undefined && { settings: { delayMs } },
      touched: targets.length,
      takeBack: (spots) => all(spots.map((name) => this.#setDisk(name))),
    });
    await all(targets.map((name) => this.#setDisk(name)));
    return this.#book.handle(entry, options);
  }

  /** Sets all active faults of a server's disk. */
  async #setDisk(name: string): Promise<void> {
    const those = this.#book.active.filter((it) =>
      isDiskFault({ kind: it.fault }) && it.left.has(name)
    ).map(({ record }) => record);
    const faults = those.map(({ fault, settings }) => ({
      kind: fault as DiskFaultKind,
      delayMs: Number(settings["delayMs"] ?? 0),
    }));
    const id = [name, ...those.map((it) => it.id)].join(" ");
    const seed = this.#random(id).below(SEED_MAX);
    await this.#supervisor.set(name, { trouble: troubleOf(faults, seed) });
  }

  /** Takes a server's change of state, with which a fault may end. */
  hear(server: string, state: ServerState, atMs: number): void {
    for (const entry of this.#book.active) {
      if (!entry.left.has(server)) continue;
      if (state === "crashed" && endsServer(entry.fault)) {
        this.#book.settle(entry, server, atMs);
        void this.#setDisk(server);
      }
      if (lastingOf(entry.fault)?.isOver(state)) {
        this.#book.settle(entry, server, atMs);
      }
    }
  }

  /** The identity of a fault, and its targets. */
  #settle(
    kind: DownFault | "restart" | typeof CLOCK_SKEW | DiskFaultKind,
    servers: readonly string[],
    options: FaultOptions,
  ): Pick<FaultRecord, "id" | "name" | "fault" | "targets"> {
    const { mode = "all" } = options;
    const named = servers.map((name) =>
      name === "all" ? name : this.#supervisor.child(name).name
    );
    const identity = this.#book.identify(kind, options);
    const those = !named.includes("all")
      ? named
      : kind === CLOCK_SKEW || isDiskFault({ kind })
      ? this.#supervisor.status().map(({ name }) => name)
      : this.#supervisor.up();
    const random = this.#random(identity.id);
    return { ...identity, targets: chosen(those, mode, random) };
  }
}

/** How a fault of servers lasts; `undefined` if it does not. */
function lastingOf(kind: string): Lasting | undefined {
  return isFaultStep({ kind })
    ? courseOf(kind as ProcessFault).lasting
    : undefined;
}

/** Waits for all, even if one has failed. */
async function all(tries: readonly Promise<void>[]): Promise<void> {
  throwFailed(await Promise.allSettled(tries));
}

/** @throws What has failed; if there are several, an error that names all. */
function throwFailed(tries: readonly PromiseSettledResult<unknown>[]): void {
  const reasons = tries.flatMap((it) =>
    it.status === "rejected" ? [it.reason] : []
  );
  if (reasons.length === 0) return;
  if (reasons.length === 1) throw reasons[0];
  const texts = reasons.map((it) => it instanceof Error ? it.message : it);
  throw new Error(texts.join("; "), { cause: reasons[0] });
}
