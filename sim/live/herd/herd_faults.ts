/**
 * The faults that a herd can be given, as its methods.
 *
 * @module
 */
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
 * What a fault is aimed at. One of servers: a server, or `all` that are up; one
 * of links: a link, `Alford-Parker`, one way of it,
 * `Alford>Parker`, all links of a server, `Alford`, or `all`; or several.
 */
export type Targets = string | readonly string[];

/** How late chunks are. */
export interface LatencyOptions extends FaultOptions {
  /** Milliseconds that it spreads; none by default. */
  readonly jitterMs?: number;
  /** How much a chunk is as late as the one before, 0 (the default) to 1. */
  readonly correlation?: number;
  /** "uniform" by default. */
  readonly distribution?: Distribution;
}

/** How chunks are cut into slices. */
export interface SlicerOptions extends FaultOptions {
  /** Bytes that a slice may be longer or shorter; none by default. */
  readonly variationBytes?: number;
  /** Milliseconds from one slice to the next; none by default. */
  readonly delayMs?: number;
}

/** Which lines are hit: by default all. */
export type LineOptions = FaultOptions & LineSettings;

/**
 * A herd's faults. Each method resolves when the fault is on, to a handle that
 * takes it back; `heal()` takes back by ID and by target too.
 */
export abstract class HerdFaults {
  /** What stands, and what has stood. */
  readonly faults: FaultController;

  /** Faults are brought about by this controller. */
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
   * Kills servers, and removes what they keep on disk. Taken back, those that are
   * still down are revived, and learn from their neighbours what they held.
   *
   * @throws {WrongState} If one does not run.
   * @throws {RangeError} If there is no such server, or the ID stands already.
   */
  wipe(servers: Targets, options?: FaultOptions): Promise<FaultHandle> {
    return this.faults.processes.down("wipe", [servers].flat(), options);
  }

  /**
   * Freezes servers: their connections stay open, and nobody reads them. Taken
   * back, those that are still frozen are resumed.
   *
   * @throws {WrongState} If one is not up.
   * @throws {RangeError} If there is no such server, or the ID stands already.
   */
  pause(servers: Targets, options?: FaultOptions): Promise<FaultHandle> {
    return this.faults.processes.down("pause", [servers].flat(), options);
  }

  /**
   * Has servers die of an error that nothing catches. Resolves when they are
   * dead; what comes then is up to the restart policy. Taken back, those that
   * are still down are revived.
   *
   * @throws {WrongState} If one is not up.
   * @throws {RangeError} If there is no such server, or the ID stands already.
   */
  crash(
    servers: Targets,
    options?: Omit<FaultOptions, "durationMs">,
  ): Promise<FaultHandle> {
    return this.faults.processes.down("crash", [servers].flat(), options);
  }

  /**
   * Kills servers and revives them. It is over as they are ready.
   *
   * @throws {WrongState} If one does not run.
   * @throws {RangeError} If there is no such server, or the ID stands already.
   */
  restart(
    servers: Targets,
    options?: Omit<FaultOptions, "durationMs">,
  ): Promise<FaultRecord> {
    return this.faults.processes.restart([servers].flat(), options);
  }

  /**
   * Has the embedded places service let its clients down, in one way at a time.
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
    const fault = {
      kind,
      ...percent !== undefined && { percent },
      ...nth !== undefined && { nth },
      ...lines !== undefined && { lines },
    };
    return this.#on(targets, fault, rest);
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
  /** Cuts the link between two servers, both ways. */
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
   * Cuts the links between groups of servers; those in no group are one more.
   * Or by a shape, whose groups are left to chance.
   *
   * @throws {RangeError} If a server is none, or the ID stands already.
   */
  partition(
    groups: Shape | readonly (readonly string[])[],
    options?: Omit<CutOptions, "mode">,
  ): Promise<FaultHandle> {
    return this.faults.partition(groups, options);
  }

  /** Resets the connections of links: both ends are told by an RST. */
  reset(
    targets: Targets,
    options?: Pick<FaultOptions, "id" | "mode">,
  ): Promise<FaultRecord> {
    return this.faults.reset([targets].flat(), options);
  }

  /** Has chunks arrive later, one way, and in their order. */
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

  /** Lets no more bytes a second pass. */
  bandwidth(
    targets: Targets,
    bytesPerSecond: number,
    options?: FaultOptions,
  ): Promise<FaultHandle> {
    return this.#on(targets, { kind: "bandwidth", bytesPerSecond }, options);
  }

  /** Has chunks arrive in slices. */
  slicer(
    targets: Targets,
    averageBytes: number,
    options: SlicerOptions = {},
  ): Promise<FaultHandle> {
    const { variationBytes = 0, delayMs = 0, ...rest } = options;
    const settings = { averageBytes, variationBytes, delayMs };
    return this.#on(targets, { kind: "slicer", ...settings }, rest);
  }

  /** Closes each connection when so many bytes have passed. */
  limitData(
    targets: Targets,
    bytes: number,
    options?: FaultOptions,
  ): Promise<FaultHandle> {
    return this.#on(targets, { kind: "limit_data", bytes }, options);
  }

  /** Tells the end of a connection later. */
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

  /** Loses lines: a share of them, the nth, or those of one kind. */
  loss(targets: Targets, options?: LineOptions): Promise<FaultHandle> {
    return this.#onLines("loss", targets, options);
  }

  /** Sends lines twice. */
  duplicate(targets: Targets, options?: LineOptions): Promise<FaultHandle> {
    return this.#onLines("duplicate", targets, options);
  }

  /** Lets the next line pass a line. */
  reorder(targets: Targets, options?: LineOptions): Promise<FaultHandle> {
    return this.#onLines("reorder", targets, options);
  }

  /** Turns one bit of lines. */
  corrupt(targets: Targets, options?: LineOptions): Promise<FaultHandle> {
    return this.#onLines("corrupt", targets, options);
  }

  /**
   * Has the clocks of servers go wrong: an offset in milliseconds, and a drift
   * in parts per million. A server that is started again still has it.
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
   * Has the disks of servers go wrong, in one way.
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
   * Takes faults back: one by its handle, those of a name, all on a target, or
   * all there are. What does not stand any more is passed over.
   *
   * @returns The faults that were taken back; `left` tells where one that was
   * taken back in part still stands.
   * @throws {RangeError} If there never was such a fault, nor is it a target.
   */
  heal(what: FaultHandle | string = "all"): Promise<FaultRecord[]> {
    if (typeof what === "string") return this.faults.heal(what);
    return this.faults.healOne(what);
  }
}
