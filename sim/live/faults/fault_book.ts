/**
 * The book of a herd's faults: which are active, on what, and what each has
 * touched. Every fault is entered here; reports and checks read it.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import { checkedMs } from "../../model/duration.ts";
import { NameUses } from "../../model/faults/name_uses.ts";
import { FAULT_KINDS } from "../../model/steps/kinds.ts";
import type { Mode } from "../../model/faults/targets.ts";
import type { HerdIncident } from "../../model/events.ts";

/** The options of all faults. */
export interface FaultOptions {
  /**
   * Its name; by default `cut-1`, `latency-2` and so on. Once the fault has
   * ended, the name can be used again: each use is a fault of its own.
   */
  readonly id?: string;
  /** How many of its targets are hit, chosen at random; "all" by default. */
  readonly mode?: Mode;
  /** In milliseconds; by default the fault lasts until it is healed. */
  readonly durationMs?: number;
}

export interface FaultIdentity {
  /** Identifies one use of the name: `snip`, then `snip#2`. */
  readonly id: string;
  /** The same for each use: `snip`. */
  readonly name: string;
}

/** A fault that is active, or has ended. */
export interface FaultRecord extends FaultIdentity {
  /** The kind of fault, such as `cut` or `kill`. */
  readonly fault: string;
  /**
   * Servers, links (`Alford-Parker`), or directions of links (`Alford>Parker`).
   */
  readonly targets: readonly string[];
  /** The values of its settings, by name. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** When it began, in milliseconds since the epoch. */
  readonly beganMs: number;
  /** When it was healed or ended by itself; `undefined` while it is active. */
  readonly endedMs: number | undefined;
  /**
   * The targets on which it is still active: whole links, or directions of
   * them.
   */
  readonly left: readonly string[];
  /**
   * How many lines, chunks, connections, servers, clocks or requests it acted
   * on. A fault with 0 was vacuous.
   */
  readonly touched: number;
}

/** An active fault, with the way to heal it. */
export interface FaultHandle extends FaultIdentity, AsyncDisposable {
  /** The targets that were hit. */
  readonly targets: readonly string[];
  /** Ends the fault. May be called again. */
  heal(): Promise<void>;
}

export interface Entering
  extends Pick<FaultRecord, "id" | "name" | "fault" | "targets"> {
  /** None by default. */
  readonly settings?: FaultRecord["settings"];
  /** What it has acted on already; 0 by default. */
  readonly touched?: number;
  /**
   * The parts of each target that can be healed alone, such as the directions
   * of a link. By default a target is one part.
   */
  readonly spots?: ReadonlyMap<string, readonly string[]>;
  /** Whether nothing passes there; false by default. */
  readonly isHolding?: boolean;
  /** Whether dials there are refused; false by default. */
  readonly isRefusing?: boolean;
  /**
   * Heals some parts, and returns what was touched since the fault began, if
   * that is not all told. Left out where it is over as soon as it has begun.
   */
  readonly takeBack?: (spots: readonly string[]) => Promise<number | void>;
  /**
   * After a failure to heal: whether a part is still affected. By default all
   * are.
   */
  readonly isStillOn?: (spot: string) => boolean;
  /** What it has touched so far, since it began. */
  readonly touchedSince?: () => Promise<number>;
}

export interface Entry extends Entering {
  record: FaultRecord;
  /** The parts on which it is still active. */
  readonly left: Set<string>;
}

interface Held extends Entry {
  timer: Timer | undefined;
  /** Healings run one after the other. */
  healing: Promise<unknown>;
}

/** Faults by ID, in the order in which they began. */
export class FaultBook {
  readonly #clock: Clock;
  readonly #report: (incident: HerdIncident, atMs: number) => void;
  readonly #onEnd: () => void;
  readonly #entries = new Map<string, Held>();
  readonly #counts = new Map<string, number>();
  readonly #uses = new NameUses();
  #isStopped = false;

  /**
   * Starts empty.
   *
   * @param report Called at each begin and end.
   * @param onEnd Called when a fault has ended.
   */
  constructor(
    clock: Clock,
    report: (incident: HerdIncident, atMs: number) => void,
    onEnd: () => void,
  ) {
    this.#clock = clock;
    this.#report = report;
    this.#onEnd = onEnd;
  }

  /**
   * The identity of the next fault of a kind.
   *
   * @throws {RangeError} If a fault with this name is active already, or the
   * duration is invalid.
   * @throws {Error} If no fault is to begin any more.
   */
  identify(
    fault: string,
    { id, durationMs }: FaultOptions = {},
  ): FaultIdentity & Pick<FaultRecord, "fault"> {
    if (!FAULT_KINDS.includes(fault)) {
      throw new TypeError(`Cannot enter ${fault}: it is no kind of fault`);
    }
    if (this.#isStopped) {
      throw new Error(`Cannot begin ${fault}: the herd has stopped`);
    }
    if (durationMs !== undefined) checkedMs(durationMs, "durationMs");
    // Named faults count too, so that naming one does not change the others.
    const number = (this.#counts.get(fault) ?? 0) + 1;
    this.#counts.set(fault, number);
    const name = id ?? `${fault}-${number}`;
    if (this.called(name).some(({ record }) => record.endedMs === undefined)) {
      throw new RangeError(`Cannot begin ${name}: it stands already`);
    }
    return { id: this.#uses.next(name), name, fault };
  }

  /** All faults with this name, or the one with this ID, active or not. */
  called(what: string): Entry[] {
    return [...this.#entries.values()]
      .filter(({ id, name }) => id === what || name === what);
  }

  /** Whether an active fault ends by itself, after its duration. */
  isTimed(entry: Entry): boolean {
    return this.#entries.get(entry.id)?.timer !== undefined;
  }

  get active(): Entry[] {
    return [...this.#entries.values()]
      .filter(({ record }) => record.endedMs === undefined);
  }

  /** All faults ever, with what each has touched so far. */
  async records(): Promise<FaultRecord[]> {
    return await Promise.all(
      [...this.#entries.values()].map(async ({ record, touchedSince }) => {
        if (record.endedMs !== undefined || !touchedSince) return record;
        return { ...record, touched: record.touched + await touchedSince() };
      }),
    );
  }

  begin(fault: Entering, beganMs: number = this.#clock.nowMs()): Entry {
    const { id, name, fault: kind, targets, settings = {}, touched = 0 } =
      fault;
    const about = { id, name, fault: kind, targets, settings };
    const entry: Held = {
      ...fault,
      record: { ...about, beganMs, endedMs: undefined, left: targets, touched },
      left: new Set(fault.spots ? [...fault.spots.values()].flat() : targets),
      timer: undefined,
      healing: Promise.resolve(),
    };
    this.#entries.set(id, entry);
    this.#report({ kind: "fault-begin", ...about }, beganMs);
    return entry;
  }

  /**
   * Enters the end of a fault.
   *
   * @param touched What it acted on that was not entered yet.
   */
  end(
    entry: Entry,
    touched = 0,
    endedMs: number = this.#clock.nowMs(),
  ): void {
    if (entry.record.endedMs !== undefined) return;
    const { id } = entry;
    this.#entries.get(id)?.timer?.cancel();
    entry.left.clear();
    const all = entry.record.touched + touched;
    entry.record = { ...entry.record, touched: all, endedMs, left: [] };
    this.#report({ kind: "fault-end", id, touched: all }, endedMs);
    this.#onEnd();
  }

  /** Enters that a fault has ended on a part by itself. */
  settle(entry: Entry, spot: string, atMs: number): void {
    if (!entry.left.delete(spot)) return;
    if (entry.left.size === 0) this.end(entry, 0, atMs);
    else this.#endPart(entry, 0, atMs);
  }

  /** Enters that a fault has ended on some of its parts only. */
  #endPart(
    entry: Entry,
    touched: number,
    atMs: number = this.#clock.nowMs(),
  ): void {
    const { id, record } = entry;
    const left = targetsLeft(entry);
    entry.record = { ...record, touched: record.touched + touched, left };
    this.#report({ kind: "fault-part-end", id, left }, atMs);
    this.#onEnd();
  }

  /**
   * Heals faults, on all parts or some; on others they go on. Returns the
   * faults that were healed, wholly or in part.
   *
   * @throws {Error} If some can't be healed. The message names them, and those
   * that were.
   */
  async heal(
    entries: readonly Entry[],
    spots?: ReadonlySet<string>,
  ): Promise<FaultRecord[]> {
    const healed = entries.map(async ({ id }) => {
      const entry = this.#entries.get(id)!;
      const turn = entry.healing.then(() => this.#heal(entry, spots));
      entry.healing = turn.catch(() => {});
      return await turn ? [entry.record] : [];
    });
    const tries = await Promise.allSettled(healed);
    const done = tries.flatMap((it) =>
      it.status === "fulfilled" ? it.value : []
    );
    const failed = tries.flatMap((it, at) =>
      it.status === "rejected" ? [{ at, reason: it.reason }] : []
    );
    if (failed.length === 0) return done;
    throw new Error(unhealedText(entries, failed, done), {
      cause: failed[0]!.reason,
    });
  }

  /** Returns whether any part was healed. */
  async #heal(
    entry: Held,
    spots: ReadonlySet<string> | undefined,
  ): Promise<boolean> {
    if (entry.record.endedMs !== undefined) return false;
    const gone = [...entry.left].filter((spot) => spots?.has(spot) ?? true);
    if (gone.length === 0 && spots !== undefined) return false;
    for (const spot of gone) entry.left.delete(spot);
    try {
      const touched = gone.length === 0 ? 0 : await entry.takeBack?.(gone) ?? 0;
      if (entry.left.size === 0) this.end(entry, touched);
      else this.#endPart(entry, touched);
    } catch (error) {
      const { isStillOn = () => true } = entry;
      const still = gone.filter(isStillOn);
      for (const spot of still) entry.left.add(spot);
      if (still.length < gone.length) {
        if (entry.left.size === 0) this.end(entry);
        else this.#endPart(entry, 0);
      }
      throw error;
    }
    return true;
  }

  /**
   * The handle of a fault, which ends after its duration. One on nothing is
   * over as it begins.
   */
  handle(entry: Entry, { durationMs }: FaultOptions): FaultHandle {
    const { id, name, targets } = entry;
    if (entry.left.size === 0) this.end(entry);
    const heal = async () => void await this.heal([entry]);
    const isOver = this.#isStopped || entry.record.endedMs !== undefined;
    if (durationMs !== undefined && !isOver) {
      // If healing fails, the fault stays active, and is reported at the end.
      const late = () => void heal().catch(() => {});
      this.#entries.get(id)!.timer = this.#clock.after(
        durationMs,
        late,
      );
    }
    return { id, name, targets, heal, [Symbol.asyncDispose]: heal };
  }

  /** Has no more faults begin, and none end by its duration. */
  stop(): void {
    this.#isStopped = true;
    for (const { timer } of this.#entries.values()) timer?.cancel();
  }
}

/** Where a fault is still active: whole targets, or parts of some. */
function targetsLeft({ record, spots, left }: Entry): string[] {
  return record.targets.flatMap((target) => {
    const all = spots?.get(target) ?? [target];
    const still = all.filter((spot) => left.has(spot));
    return still.length === all.length ? [target] : still;
  });
}

/**
 * The message that names the faults that could not be healed, with the reasons,
 * and those that were.
 */
function unhealedText(
  entries: readonly Entry[],
  failed: readonly { readonly at: number; readonly reason: unknown }[],
  done: readonly FaultRecord[],
): string {
  const texts = failed.map(({ at, reason }) => {
    const why = reason instanceof Error ? reason.message : String(reason);
    return `Cannot heal ${entries[at]!.id}: ${why}`;
  });
  const healed = done.map(({ id }) => id).join(", ");
  return texts.join("; ") + (healed === "" ? "" : `; healed: ${healed}`);
}
