/**
 * The book of a herd's faults: what stands, on what, and what it has touched.
 * Whatever is done to a herd is entered here, and nowhere else; reports and
 * checks read it.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import { checkedMs } from "../../model/duration.ts";
import { NameUses } from "../../model/faults/name_uses.ts";
import { FAULT_KINDS } from "../../model/steps/kinds.ts";
import type { Mode } from "../../model/faults/targets.ts";
import type { HerdIncident } from "../../model/events.ts";

/** What all faults have in common. */
export interface FaultOptions {
  /**
   * What it is called; `cut-1`, `latency-2` by default. Once it has ended, the
   * name may be used again: each use is a fault of its own.
   */
  readonly id?: string;
  /** How many of its targets it is for, by chance; "all" by default. */
  readonly mode?: Mode;
  /** Milliseconds that it lasts; until it is healed by default. */
  readonly durationMs?: number;
}

export interface FaultIdentity {
  /** This use of the name, and no other: `snip`, then `snip#2`. */
  readonly id: string;
  /** What it is called: `snip`, each time. */
  readonly name: string;
}

/** A fault that stands or has stood. */
export interface FaultRecord extends FaultIdentity {
  /** Which fault it is: `cut`, `kill`. */
  readonly fault: string;
  /** What it is on: servers, links, `Alford-Parker`, or ways, `Alford>Parker`. */
  readonly targets: readonly string[];
  /** How it is set. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** When it began, in milliseconds since the epoch. */
  readonly beganMs: number;
  /** When it ended, if it did: taken back, or over by itself. */
  readonly endedMs: number | undefined;
  /** Where of its targets it still stands: whole links, or ways of them. */
  readonly left: readonly string[];
  /**
   * Lines, chunks, connections, servers, clocks or requests that it acted on.
   * 0: it was vacuous.
   */
  readonly touched: number;
}

/** A fault that was brought about, and the way to take it back. */
export interface FaultHandle extends FaultIdentity, AsyncDisposable {
  /** What it is really on. */
  readonly targets: readonly string[];
  /** Takes it back. May be called again. */
  heal(): Promise<void>;
}

export interface Entering
  extends Pick<FaultRecord, "id" | "name" | "fault" | "targets"> {
  /** How it is set; nothing by default. */
  readonly settings?: FaultRecord["settings"];
  /** What it acts on at once; nothing by default. */
  readonly touched?: number;
  /**
   * What of each target can be taken back alone: the ways of a link. Each
   * target as a whole by default.
   */
  readonly spots?: ReadonlyMap<string, readonly string[]>;
  /** Whether nothing passes on those spots; false by default. */
  readonly isHolding?: boolean;
  /** Whether who dials there is refused; false by default. */
  readonly isRefusing?: boolean;
  /** Takes it back on some spots, and tells what it touched since it began. */
  readonly takeBack: (spots: readonly string[]) => Promise<number>;
  /** Whether a spot could not be taken back; by default none could. */
  readonly isStillOn?: (spot: string) => boolean;
  /** What it has touched by now, since it began. */
  readonly touchedSince?: () => Promise<number>;
}

export interface Entry extends Entering {
  record: FaultRecord;
  /** The spots on which it still stands. */
  readonly left: Set<string>;
}

interface Held extends Entry {
  timer: Timer | undefined;
  /** What takes it back is done one after the other. */
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

  /**
   * An empty book.
   *
   * @param report Hears of each beginning and end.
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
   * What the next fault of a kind is known by.
   *
   * @throws {RangeError} If a fault of its name stands already, or its duration
   * is none.
   */
  identify(
    fault: string,
    { id, durationMs }: FaultOptions = {},
  ): FaultIdentity {
    if (!FAULT_KINDS.includes(fault)) {
      throw new TypeError(`Cannot enter ${fault}: it is no kind of fault`);
    }
    if (durationMs !== undefined) checkedMs(durationMs, "durationMs");
    // All are counted, so that who gives names to some changes no others.
    const number = (this.#counts.get(fault) ?? 0) + 1;
    this.#counts.set(fault, number);
    const name = id ?? `${fault}-${number}`;
    if (this.called(name).some(({ record }) => record.endedMs === undefined)) {
      throw new RangeError(`Cannot begin ${name}: it stands already`);
    }
    return { id: this.#uses.next(name), name };
  }

  /** The faults of this name, or the one use of it, standing or not. */
  called(what: string): Entry[] {
    return [...this.#entries.values()]
      .filter(({ id, name }) => id === what || name === what);
  }

  /** Whether a fault that stands ends by itself, after its duration. */
  isTimed(entry: Entry): boolean {
    return this.#entries.get(entry.id)?.timer !== undefined;
  }

  get active(): Entry[] {
    return [...this.#entries.values()]
      .filter(({ record }) => record.endedMs === undefined);
  }

  /** All faults that there were, with what each has touched by now. */
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
   * Writes down that a fault is over.
   *
   * @param touched What it acted on that was not told yet.
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

  /** Writes down that a fault is over on a spot, by itself. */
  settle(entry: Entry, spot: string, atMs: number): void {
    if (!entry.left.delete(spot)) return;
    if (entry.left.size === 0) this.end(entry, 0, atMs);
    else this.#endPart(entry, 0, atMs);
  }

  /** Writes down that a fault is over on some of its spots, not on all. */
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
   * Takes faults back, on some spots or all; what stands elsewhere goes on.
   * Tells what was taken back, wholly or in part.
   *
   * @throws {Error} If some can't be; it names them, and those that could.
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

  /** Whether something of it was taken back. */
  async #heal(
    entry: Held,
    spots: ReadonlySet<string> | undefined,
  ): Promise<boolean> {
    if (entry.record.endedMs !== undefined) return false;
    const gone = [...entry.left].filter((spot) => spots?.has(spot) ?? true);
    if (gone.length === 0 && spots !== undefined) return false;
    for (const spot of gone) entry.left.delete(spot);
    try {
      const touched = gone.length === 0 ? 0 : await entry.takeBack(gone);
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

  /** The way to take a fault back, and its end after its duration. */
  handle(entry: Entry, { durationMs }: FaultOptions): FaultHandle {
    const { id, name, targets } = entry;
    const heal = async () => void await this.heal([entry]);
    if (durationMs !== undefined && entry.record.endedMs === undefined) {
      // Where it fails, the fault goes on standing, and is told at the end.
      const late = () => void heal().catch(() => {});
      this.#entries.get(id)!.timer = this.#clock.after(
        durationMs,
        late,
      );
    }
    return { id, name, targets, heal, [Symbol.asyncDispose]: heal };
  }

  stop(): void {
    for (const { timer } of this.#entries.values()) timer?.cancel();
  }
}

/** Where a fault still stands: whole targets, and of some only a part. */
function targetsLeft({ record, spots, left }: Entry): string[] {
  return record.targets.flatMap((target) => {
    const all = spots?.get(target) ?? [target];
    const still = all.filter((spot) => left.has(spot));
    return still.length === all.length ? [target] : still;
  });
}

/** Which faults could not be taken back, and why; and which could. */
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
