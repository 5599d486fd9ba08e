/**
 * Faults of servers' processes: killed, frozen, crashed, restarted, their clocks
 * wrong.
 *
 * They end when somebody takes them back, and when the server is well again for
 * another reason: a step has revived it, its supervisor has.
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
import { CLOCK_SKEW } from "../../model/steps/clock_skew.ts";
import { NO_SKEW, SKEW_RANGES } from "../../model/faults/skew.ts";
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

/** A fault that stands on servers until they run again. */
export type DownFault = "kill" | "wipe" | "pause" | "crash";

/** How a clock is to go wrong. */
export interface SkewSettings {
  /** Milliseconds that it is ahead; below 0: behind. */
  readonly offsetMs: number;
  /** Parts per million that it is fast; below 0: slow. */
  readonly driftPpm: number;
}

/** Brings faults of processes about and takes them back. */
export class ProcessFaults {
  readonly #book: FaultBook;
  readonly #supervisor: Supervisor;
  readonly #random: (id: string) => Random;

  /**
   * No faults yet.
   *
   * @param random What a fault of this name leaves to chance follows from it.
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
   * @param onBack Hears of the servers that are started or thawed again as the
   * fault is taken back.
   * @throws {WrongState} If one is not in the state for it; the others are hit.
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
        fault: kind,
        targets: hit,
        touched: hit.length,
        takeBack: async (spots) => {
          const gone = spots.filter((name) =>
            from.includes(this.#supervisor.child(name).state)
          );
          if (gone.length > 0) onBack(gone);
          await all(gone.map((name) => this.#supervisor[back](name)));
          return 0;
        },
        isStillOn: (name) => this.#supervisor.child(name).state !== "up",
      }, beganMs);
    // Who can't be hit is told by an error; no fault begins on nobody then.
    const entry = hit.length > 0 || targets.length === 0 ? begin() : undefined;
    const tries = await Promise.allSettled(
      targets.map((name) => this.#supervisor[kind](name)),
    );
    if (entry && targets.length === 0) this.#book.end(entry);
    const handle = entry && this.#book.handle(entry, options);
    throwFailed(tries);
    return handle!;
  }

  /**
   * Kills servers and starts them again. It is over as they are ready.
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
      fault: "restart",
      targets,
      touched: targets.length,
      spots: new Map(),
      takeBack: () => Promise.resolve(0),
    });
    const tries = await Promise.allSettled(
      targets.map((name) => this.#supervisor.restart(name)),
    );
    // Who was killed and did not come back was hit all the same.
    const spared = tries.filter((it) =>
      it.status === "rejected" && it.reason instanceof WrongState
    );
    this.#book.end(entry, -spared.length);
    throwFailed(tries);
    return entry.record;
  }

  /** Has the clocks of servers go wrong; the one that was set last counts. */
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
      fault: CLOCK_SKEW,
      targets,
      settings: { offsetMs, driftPpm },
      touched: targets.length,
      takeBack: async (spots) => {
        await Promise.all(spots.map((name) => this.#setLastClock(name)));
        return 0;
      },
    }, sinceMs);
    return this.#book.handle(entry, options);
  }

  /** The clock that was set last of those that stand; else the right one. */
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
   * Has the disks of servers go wrong; all that stands on one is wrong with it.
   *
   * @throws {NoDisk} If one keeps nothing on disk.
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
      fault: kind,
      targets,
      ...delayMs !== undefined && { settings: { delayMs } },
      touched: targets.length,
      takeBack: async (spots) => {
        await all(spots.map((name) => this.#setDisk(name)));
        return 0;
      },
    });
    await all(targets.map((name) => this.#setDisk(name)));
    return this.#book.handle(entry, options);
  }

  /** All that stands on a server's disk is wrong with it. */
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

  /** Takes note of a server's state: a fault may be over with it. */
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

  /** What a fault is called, and whom it is on. */
  #settle(
    kind: DownFault | "restart" | typeof CLOCK_SKEW | DiskFaultKind,
    servers: readonly string[],
    options: FaultOptions,
  ): Pick<FaultRecord, "id" | "name" | "targets"> {
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

/** How a fault stands on servers; nothing of one that does not. */
function lastingOf(kind: string): Lasting | undefined {
  return isFaultStep({ kind })
    ? courseOf(kind as ProcessFault).lasting
    : undefined;
}

/** Waits for all, also where one has failed. */
async function all(tries: readonly Promise<void>[]): Promise<void> {
  throwFailed(await Promise.allSettled(tries));
}

/** @throws What has failed; of several, an error that names all. */
function throwFailed(tries: readonly PromiseSettledResult<unknown>[]): void {
  const reasons = tries.flatMap((it) =>
    it.status === "rejected" ? [it.reason] : []
  );
  if (reasons.length <= 1) {
    if (reasons.length === 1) throw reasons[0];
    return;
  }
  const texts = reasons.map((it) => it instanceof Error ? it.message : it);
  throw new Error(texts.join("; "), { cause: reasons[0] });
}
