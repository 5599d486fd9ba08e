/**
 * The faults of a herd, as its methods.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import type { DiskSettings } from "../../model/faults/disk_trouble.ts";
import type { Distribution } from "../../model/faults/distribution.ts";
import type { LineSettings } from "../../model/steps/line_fault.ts";
import type { FaultSettings } from "../../model/steps/link_faults.ts";
import type { Shape } from "../../model/faults/partition.ts";
import type {
  FaultHandle,
  FaultOptions,
  FaultRecord,
} from "../faults/fault_book.ts";
import {
  cutOf,
  type CutOptions,
  type FaultController,
} from "../faults/fault_controller.ts";
import type {
  GarbageHandle,
  GarbageOptions,
  GreedyHandle,
  GreedyOptions,
  PlacesFault,
} from "../faults/faults_around.ts";

/**
 * The targets of a fault. Of servers: a server, or `all` that are up. Of links:
 * a link (`Alford-Parker`), one direction of it (`Alford>Parker`), all links of
 * a server (`Alford`), or `all`. Or several of these.
 */
export type Targets = string | readonly string[];

/** How chunks are delayed. */
export interface LatencyOptions extends FaultOptions {
  /** By how many milliseconds the delay varies; 0 by default. */
  readonly jitterMs?: number;
  /**
   * How much the delay of a chunk depends on the one before, 0 (default) to 1.
   */
  readonly correlation?: number;
  /** "uniform" by default. */
  readonly distribution?: Distribution;
}

/** How chunks are cut into slices. */
export interface SlicerOptions extends FaultOptions {
  /** By how many bytes the length of a slice varies; 0 by default. */
  readonly variationBytes?: number;
  /** Milliseconds from one slice to the next; 0 by default. */
  readonly delayMs?: number;
}

/** Which lines are hit; all by default. */
export type LineOptions = FaultOptions & LineSettings;

/**
 * The faults of a herd. Each method resolves when the fault has begun, to a
 * handle that heals it; `heal()` also heals by ID and by target.
 */
export abstract class HerdFaults {
  /** The faults that are active, or have been. */
  readonly faults: FaultController;

  /** The controller carries out the faults. */
  protected constructor(faults: FaultController) {
    this.faults = faults;
  }

  /**
   * Kills servers: no goodbye, their connections end as if their process died.
   * Resolves when their ports are closed. Taken back, those that are still down
   * are revived.
   *
   * @example One of them, for a while
   * ```ts
   * import { Herd } from "../../../mod.ts";
   *
   * await using herd = await Herd.start("line:3");
   * {
   *   await using kill = await herd.kill(["s0", "s2"], { mode: "one" });
   *   if (kill.targets.length !== 1) throw new Error("not one");
   * }
   * await herd.serversAre({ state: "up" });
   * ```
   * @throws {WrongState} If one does not run.
   * @throws {RangeError} If there is no such server, or the ID stands already.
   */
  kill(servers: Targets, options?: FaultOptions): Promise<FaultHandle> {
    return this.faults.processes.down("kill", [servers].flat(), options);
  }

  /**
   * Kills servers, and removes their data on disk. Healing revives those that
   * are still down, and they get the records back from their neighbours.
   *
   * @throws {WrongState} If one does not run.
   * @throws {RangeError} If there is no such server, or the ID is in use.
   */
  wipe(servers: Targets, options?: FaultOptions): Promise<FaultHandle> {
    return this.faults.processes.down("wipe", [servers].flat(), options);
  }

  /**
   * Pauses servers: their connections stay open, but they do not read them.
   * Healing resumes those that are still paused.
   *
   * @throws {WrongState} If one is not up.
   * @throws {RangeError} If there is no such server, or the ID is in use.
   */
  pause(servers: Targets, options?: FaultOptions): Promise<FaultHandle> {
    return this.faults.processes.down("pause", [servers].flat(), options);
  }

  /**
   * Makes servers die of an uncaught error. Resolves when they are dead; what
   * follows is up to the restart policy. Healing revives those that are still
   * down.
   *
   * @throws {WrongState} If one is not up.
   * @throws {RangeError} If there is no such server, or the ID is in use.
   */
  crash(
    servers: Targets,
    options?: Omit<FaultOptions, "durationMs">,
  ): Promise<FaultHandle> {
    return this.faults.processes.down("crash", [servers].flat(), options);
  }

  /**
   * Kills servers and revives them. The fault ends when they are ready.
   *
   * @throws {WrongState} If one does not run.
   * @throws {RangeError} If there is no such server, or the ID is in use.
   */
  restart(
    servers: Targets,
    options?: Omit<FaultOptions, "durationMs">,
  ): Promise<FaultRecord> {
    return this.faults.processes.restart([servers].flat(), options);
  }

  /**
   * Makes the embedded places service misbehave, in one way at a time.
   *
   * @throws {Error} If the herd has another places service, or none.
   */
  places(
    behaviour: PlacesFault,
    options?: Omit<FaultOptions, "mode">,
  ): Promise<FaultHandle> {
    return this.faults.around.places(behaviour, options);
  }

  /**
   * Has hostile clients flood servers with what no server must take, until it
   * is taken back or its duration is over.
   *
   * @example All of it is refused
   * ```ts
   * import { Herd } from "../../../mod.ts";
   *
   * await using herd = await Herd.start("line:2");
   * const flood = herd.garbage({ ratePerSecond: 500, durationMs: 100 });
   * const { wrong } = await flood.over;
   * if (wrong.length > 0) throw new Error(wrong.join());
   * ```
   */
  garbage(options: GarbageOptions): GarbageHandle {
    return this.faults.around.garbage(options);
  }

  /**
   * Has clients send one line again and again, as fast as servers take it, until
   * it is taken back or its duration is over.
   *
   * @example Others are served meanwhile
   * ```ts
   * import { Herd } from "../../../mod.ts";
   *
   * await using herd = await Herd.start("line:2");
   * const greedy = herd.greedy({ sends: "garbage", durationMs: 100 });
   * await using kiwi = await herd.client("s0");
   * await kiwi.iamat("kiwi.cs.ucla.edu", "+34.068930-118.445127");
   * await greedy.over;
   * ```
   */
  greedy(options: GreedyOptions): GreedyHandle {
    return this.faults.around.greedy(options);
  }

  #on(
    targets: Targets,
    fault: FaultSettings,
    options: FaultOptions = {},
  ): Promise<FaultHandle> {
    return this.faults.begin(fault, [targets].flat(), options);
  }

  #onLines(
    kind: string,
    targets: Targets,
    options: LineOptions = {},
  ): Promise<FaultHandle> {
    const { percent, nth, lines, ...rest } = options;
    if (percent !== undefined && nth !== undefined) {
      throw new RangeError(`Cannot begin ${kind}: by percent or nth, not both`);
    }
    return this.#on(targets, { kind, ...given({ percent, nth, lines }) }, rest);
  }

  /**
   * Cuts links: nothing passes, not even an end, and what is held passes after
   * it. Connections stay open, as those do between which a cable is pulled. Or,
   * with `dials: "refuse"`, they are reset, and who dials is refused.
   *
   * @example Both ways, and one way
   * ```ts
   * import { Herd } from "../../../mod.ts";
   *
   * await using herd = await Herd.start("2014", { linkFaults: true });
   * const cut = await herd.cut("Alford-Parker");
   * await herd.cut("Alford>Powell", { durationMs: 100 });
   * await cut.heal();
   * await herd.cut("Alford-Parker", { dials: "refuse", durationMs: 100 });
   * ```
   * @throws {RangeError} If a target is none, or the ID stands already.
   */
  cut(targets: Targets, options?: CutOptions): Promise<FaultHandle>;
  /** Cuts the link between two servers, in both directions. */
  cut(a: string, b: string, options?: CutOptions): Promise<FaultHandle>;
  cut(
    targets: Targets,
    peer: string | CutOptions = {},
    options: CutOptions = {},
  ): Promise<FaultHandle> {
    const [on, how] = typeof peer === "string"
      ? [`${targets}-${peer}`, options]
      : [targets, peer];
    return this.#on(on, { kind: "cut", ...cutOf(how) }, how);
  }

  /**
   * Cuts the links between groups of servers; those in no group form one more.
   * Or by a shape, whose groups are random.
   *
   * @throws {RangeError} If a server does not exist, or the ID is in use.
   */
  partition(
    groups: Shape | readonly (readonly string[])[],
    options?: Omit<CutOptions, "mode">,
  ): Promise<FaultHandle> {
    return this.faults.partition(groups, options);
  }

  /** Resets the connections of links: both ends get an RST. */
  reset(
    targets: Targets,
    options?: Pick<FaultOptions, "id" | "mode">,
  ): Promise<FaultRecord> {
    return this.faults.reset([targets].flat(), options);
  }

  /** Delays chunks in each direction; their order is kept. */
  latency(
    targets: Targets,
    latencyMs: number,
    options: LatencyOptions = {},
  ): Promise<FaultHandle> {
    const { jitterMs = 0, correlation = 0, distribution = "uniform", ...rest } =
      options;
    const settings = { latencyMs, jitterMs, correlation, distribution };
    return this.#on(targets, { kind: "latency", ...settings }, rest);
  }

  /** Limits the bytes that pass per second. */
  bandwidth(
    targets: Targets,
    bytesPerSecond: number,
    options?: FaultOptions,
  ): Promise<FaultHandle> {
    return this.#on(targets, { kind: "bandwidth", bytesPerSecond }, options);
  }

  /** Makes chunks arrive in slices. */
  slicer(
    targets: Targets,
    averageBytes: number,
    options: SlicerOptions = {},
  ): Promise<FaultHandle> {
    const { variationBytes = 0, delayMs = 0, ...rest } = options;
    const settings = { averageBytes, variationBytes, delayMs };
    return this.#on(targets, { kind: "slicer", ...settings }, rest);
  }

  /** Closes each connection after so many bytes have passed. */
  limitData(
    targets: Targets,
    bytes: number,
    options?: FaultOptions,
  ): Promise<FaultHandle> {
    return this.#on(targets, { kind: "limit_data", bytes }, options);
  }

  /** Delays the end of a connection. */
  slowClose(
    targets: Targets,
    delayMs: number,
    options?: FaultOptions,
  ): Promise<FaultHandle> {
    return this.#on(targets, { kind: "slow_close", delayMs }, options);
  }

  /** Lets nothing pass, and closes connections after a while. */
  timeout(
    targets: Targets,
    timeoutMs: number,
    options?: FaultOptions,
  ): Promise<FaultHandle> {
    return this.#on(targets, { kind: "timeout", timeoutMs }, options);
  }

  /** Loses lines: a share of them, every nth, or those of one kind. */
  loss(targets: Targets, options?: LineOptions): Promise<FaultHandle> {
    return this.#onLines("loss", targets, options);
  }

  /** Sends lines twice. */
  duplicate(targets: Targets, options?: LineOptions): Promise<FaultHandle> {
    return this.#onLines("duplicate", targets, options);
  }

  /** Swaps a line with the next one. */
  reorder(targets: Targets, options?: LineOptions): Promise<FaultHandle> {
    return this.#onLines("reorder", targets, options);
  }

  /** Flips one bit of lines. */
  corrupt(targets: Targets, options?: LineOptions): Promise<FaultHandle> {
    return this.#onLines("corrupt", targets, options);
  }

  /**
   * Makes the clocks of servers wrong: by an offset in milliseconds, and a
   * drift in parts per million. It still applies after a restart.
   */
  clockSkew(
    servers: Targets,
    skew: { readonly offsetMs?: number; readonly driftPpm?: number },
    options?: FaultOptions,
  ): Promise<FaultHandle> {
    const whole = { offsetMs: 0, driftPpm: 0, ...skew };
    return this.faults.processes.skew([servers].flat(), whole, options);
  }

  /**
   * Makes the disks of servers fail, in one way.
   *
   * @throws {NoDisk} If one keeps nothing on disk.
   */
  disk(
    servers: Targets,
    settings: DiskSettings,
    options?: FaultOptions,
  ): Promise<FaultHandle> {
    return this.faults.processes.disk([servers].flat(), settings, options);
  }

  /**
   * Heals faults: one by its handle, those of a name, all on a target, or all
   * there are. A fault that is no longer active is ignored.
   *
   * @returns The faults that were healed; `left` tells where one that was
   * healed in part is still active.
   * @throws {RangeError} If it is neither a fault, past or present, nor a
   * target.
   */
  heal(what: FaultHandle | string = "all"): Promise<FaultRecord[]> {
    if (typeof what === "string") return this.faults.heal(what);
    return this.faults.healOne(what);
  }
}
