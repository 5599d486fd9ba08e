/**
 * The faults of a herd: what stands, on which targets, and its end.
 *
 * Faults compose: several may stand on one target, each is taken back by
 * itself, and to take back what does not stand does nothing.
 *
 * @module
 */
import { nowMs } from "../../../herd/net/clock.ts";
import type { FaultKind } from "../../model/faults/kinds.ts";
import { isHolding, type LinkFault } from "../../model/faults/faults.ts";
import {
  linksCut,
  type Shape,
  shapeGroups,
  withRest,
} from "../../model/faults/partition.ts";
import { Random } from "../../model/random.ts";
import { NO_SKEW } from "../../model/faults/skew.ts";
import {
  chosen,
  type LinkTarget,
  linkTargets,
  type Mode,
} from "../../model/faults/targets.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { HerdIncident } from "../events.ts";
import { LinkProxies } from "./link_proxies.ts";
import type { Supervisor } from "../servers/supervisor.ts";

/** What all faults have in common. */
export interface FaultOptions {
  /** What it is called; `cut-1`, `latency-2` unless told. */
  readonly id?: string;
  /** How many of its targets it is for, by chance; "all" unless told. */
  readonly mode?: Mode;
  /** Milliseconds after which it is taken back; never unless told. */
  readonly durationMs?: number;
}

/** A fault that stands or has stood. */
export interface FaultRecord {
  /** What it is called. */
  readonly id: string;
  /** Which fault it is: `cut`, `latency`, `clock_skew`. */
  readonly fault: FaultKind;
  /** What it is on: servers, links, `Alford-Parker`, or ways, `Alford>Parker`. */
  readonly targets: readonly string[];
  /** How it is set. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** When it began, in milliseconds since the epoch. */
  readonly beganMs: number;
  /** When it was taken back, if it was. */
  readonly endedMs: number | undefined;
  /** Lines, chunks, connections or clocks that it acted on. 0: it was vacuous. */
  readonly touched: number;
}

/** A fault that was brought about, and the way to take it back. */
export interface FaultHandle extends AsyncDisposable {
  /** What it is called. */
  readonly id: string;
  /** What it is really on. */
  readonly targets: readonly string[];
  /** Takes it back. May be called again. */
  heal(): Promise<void>;
}

/** A partition that was brought about, and the way to take it back. */
export interface PartitionHandle extends FaultHandle {
  /** Who sees whom; a server may be in several. */
  readonly groups: readonly (readonly string[])[];
}

interface Entry {
  record: FaultRecord;
  /** What of it still stands: ways of links, or servers. */
  readonly left: Set<string>;
  readonly isHolding: boolean;
  readonly isOfLinks: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Brings faults about and takes them back. */
export class FaultController {
  /** The proxies that carry out faults of links. */
  readonly proxies: LinkProxies;
  readonly #topology: Topology;
  readonly #seed: number;
  readonly #report: (incident: HerdIncident, atMs: number) => void;
  readonly #entries = new Map<string, Entry>();
  #supervisor: Supervisor | undefined;
  #count = 0;

  /**
   * No faults.
   *
   * @param seed What all that is left to chance follows from.
   * @param report Hears of each beginning and end.
   */
  constructor(
    topology: Topology,
    seed: number,
    report: (incident: HerdIncident, atMs: number) => void,
  ) {
    this.proxies = new LinkProxies(topology, seed);
    this.#topology = topology;
    this.#seed = seed;
    this.#report = report;
  }

  /** Takes the supervisor of the herd, once there is one. */
  attach(supervisor: Supervisor): void {
    this.#supervisor = supervisor;
    this.proxies.attach(supervisor);
  }

  /** Whether two neighbours can hear each other, as far as is known here. */
  isReachable(a: string, b: string): boolean {
    return ![...this.#entries.values()].some(({ isHolding, left }) =>
      isHolding && (left.has(`${a}>${b}`) || left.has(`${b}>${a}`))
    );
  }

  /** Begins a fault on links; see `linkTargets()` for what can be named. */
  async begin(
    fault: LinkFault,
    targets: readonly string[],
    options: FaultOptions = {},
  ): Promise<FaultHandle> {
    const { kind, ...settings } = fault;
    const id = this.#newId(kind, options);
    const all = linkTargets(targets, this.#topology);
    const some = chosen(all, options.mode ?? "all", this.#random(id));
    return await this.#begin(fault, id, kind, some, settings, options);
  }

  /** Cuts the links between groups of servers, or of a shape. */
  async partition(
    wish: Shape | readonly (readonly string[])[],
    options: Omit<FaultOptions, "mode"> = {},
  ): Promise<PartitionHandle> {
    const id = this.#newId("partition", options);
    const named = typeof wish === "string"
      ? shapeGroups(wish, this.#topology, this.#random(id))
      : wish.map((group) => group.map((name) => this.#server(name)));
    const cut = linksCut(named, this.#topology);
    const groups = withRest(named, this.#topology);
    const settings = {
      ...typeof wish === "string" && { shape: wish },
      groups: groups.map((group) => group.join(", ")).join(" | "),
    };
    const handle = await this.#begin(
      { kind: "cut" },
      id,
      "partition",
      cut,
      settings,
      options,
    );
    return { ...handle, groups };
  }

  async #begin(
    fault: LinkFault,
    id: string,
    name: FaultKind,
    on: readonly LinkTarget[],
    settings: FaultRecord["settings"],
    options: FaultOptions,
  ): Promise<FaultHandle> {
    const directions = on.flatMap(({ directions }) => directions);
    await this.proxies.insert(on.map(({ link }) => link));
    if (directions.length > 0) {
      await this.proxies.ask<"begin">({ ask: "begin", id, fault, directions });
    }
    const targets = on.map(({ name }) => name);
    const entry = this.#enter(id, name, targets, settings, {
      left: new Set(directions),
      isHolding: isHolding(fault),
      isOfLinks: true,
    });
    this.#supervisor!.reconsider();
    return this.#handle(entry, options);
  }

  /**
   * Resets the connections of links: both ends are told by an RST. It is over
   * as it is done.
   */
  async reset(
    targets: readonly string[],
    options: Pick<FaultOptions, "id" | "mode"> = {},
  ): Promise<FaultRecord> {
    const id = this.#newId("reset", options);
    const all = linkTargets(targets, this.#topology);
    const on = chosen(all, options.mode ?? "all", this.#random(id));
    await this.proxies.insert(on.map(({ link }) => link));
    // A connection carries both ways, whoever has dialled it.
    const directions = on.flatMap(({ link: [a, b] }) => [
      `${a}>${b}`,
      `${b}>${a}`,
    ]);
    const touched = directions.length === 0
      ? 0
      : await this.proxies.ask<"reset">({ ask: "reset", directions });
    const names = on.map(({ name }) => name);
    const about = {
      left: new Set<string>(),
      isHolding: false,
      isOfLinks: true,
    };
    const entry = this.#enter(id, "reset", names, {}, about);
    this.#end(entry, touched);
    return entry.record;
  }

  /** Has the clocks of servers go wrong. */
  async skew(
    servers: readonly string[],
    skew: { readonly offsetMs: number; readonly driftPpm: number },
    options: FaultOptions = {},
  ): Promise<FaultHandle> {
    const id = this.#newId("clock_skew", options);
    const all = servers.includes("all")
      ? this.#topology.servers.map(({ name }) => name)
      : servers.map((name) => this.#server(name));
    const some = chosen(all, options.mode ?? "all", this.#random(id));
    const sinceMs = nowMs();
    await Promise.all(
      some.map((name) => this.#supervisor!.skew(name, { ...skew, sinceMs })),
    );
    const about = {
      left: new Set(some),
      isHolding: false,
      isOfLinks: false,
    };
    const entry = this.#enter(id, "clock_skew", some, { ...skew }, about);
    return this.#handle(entry, options);
  }

  /**
   * Takes back a fault by its ID, all that stands on a target, or `all`. What
   * stands on several links goes on on the others. Tells what has ended.
   *
   * @throws {RangeError} If it is no fault there ever was, and no target.
   */
  async heal(what: string): Promise<FaultRecord[]> {
    const entry = this.#entries.get(what);
    if (entry !== undefined) return await this.#heal([entry], undefined);
    const standing = [...this.#entries.values()]
      .filter(({ record }) => record.endedMs === undefined);
    if (what === "all") return await this.#heal(standing, undefined);
    const spots = linkTargets([what], this.#topology)
      .flatMap(({ directions }) => directions);
    return await this.#heal(standing, new Set([...spots, what]));
  }

  async #heal(
    entries: readonly Entry[],
    spots: ReadonlySet<string> | undefined,
  ): Promise<FaultRecord[]> {
    const healed = entries.map(async (entry) => {
      const gone = spots === undefined
        ? [...entry.left]
        : [...entry.left].filter((spot) => spots.has(spot));
      if (gone.length === 0 && entry.left.size > 0) return [];
      if (entry.record.endedMs !== undefined) return [];
      for (const spot of gone) entry.left.delete(spot);
      const touched = await this.#takeBack(entry, gone);
      if (entry.left.size === 0) this.#end(entry, touched);
      else this.#touch(entry, touched);
      return entry.left.size === 0 ? [entry.record] : [];
    });
    return (await Promise.all(healed)).flat();
  }

  /** How much the fault had touched there. */
  async #takeBack(entry: Entry, spots: readonly string[]): Promise<number> {
    const { id } = entry.record;
    if (spots.length === 0) return 0;
    if (entry.isOfLinks) {
      const directions = spots;
      return await this.proxies.ask<"end">({ ask: "end", id, directions });
    }
    // The clock that was set last counts; without one, the right one does.
    await Promise.all(spots.map((name) => {
      const last = this.standing.findLast((record) =>
        record.fault === "clock_skew" && record.id !== id &&
        this.#entries.get(record.id)!.left.has(name)
      );
      const skew = last === undefined ? NO_SKEW : {
        offsetMs: Number(last.settings["offsetMs"]),
        driftPpm: Number(last.settings["driftPpm"]),
        sinceMs: last.beganMs,
      };
      return this.#supervisor!.skew(name, skew);
    }));
    return spots.length;
  }

  /** The faults that stand. */
  get standing(): FaultRecord[] {
    return [...this.#entries.values()].map(({ record }) => record)
      .filter(({ endedMs }) => endedMs === undefined);
  }

  /** All faults that there were, with what each has touched by now. */
  async records(): Promise<FaultRecord[]> {
    return await Promise.all(
      [...this.#entries.values()].map(async ({ record, isOfLinks, left }) => {
        const { id, touched } = record;
        if (record.endedMs !== undefined || left.size === 0) return record;
        const more = isOfLinks
          ? await this.proxies.ask<"touched">({ ask: "touched", id })
          : left.size;
        return { ...record, touched: touched + more };
      }),
    );
  }

  /** Forgets all timers, and ends the proxies. */
  stop(): void {
    for (const { timer } of this.#entries.values()) clearTimeout(timer);
    this.proxies.stop();
  }

  #newId(fault: string, { id }: FaultOptions): string {
    // All are counted, so that who gives names to some changes no others.
    const number = ++this.#count;
    const name = id ?? `${fault}-${number}`;
    const before = this.#entries.get(name)?.record;
    if (before !== undefined && before.endedMs === undefined) {
      throw new RangeError(`Cannot begin ${name}: it stands already`);
    }
    return name;
  }

  #random(id: string): Random {
    return new Random(this.#seed, id);
  }

  #server(name: string): string {
    return this.#supervisor!.child(name).name;
  }

  #enter(
    id: string,
    fault: FaultKind,
    targets: readonly string[],
    settings: FaultRecord["settings"],
    about: Pick<Entry, "left" | "isHolding" | "isOfLinks">,
  ): Entry {
    const beganMs = nowMs();
    const ends = { endedMs: undefined, touched: 0 };
    const record = { id, fault, targets, settings, beganMs, ...ends };
    const entry = { ...about, record, timer: undefined };
    this.#entries.set(id, entry);
    this.#report(
      { kind: "fault-begin", id, fault, targets, settings },
      beganMs,
    );
    return entry;
  }

  #touch(entry: Entry, touched: number): void {
    const sum = entry.record.touched + touched;
    entry.record = { ...entry.record, touched: sum };
  }

  #end(entry: Entry, touched: number): void {
    clearTimeout(entry.timer);
    this.#touch(entry, touched);
    const endedMs = nowMs();
    entry.record = { ...entry.record, endedMs };
    const { id, touched: all } = entry.record;
    this.#report({ kind: "fault-end", id, touched: all }, endedMs);
    this.#supervisor!.reconsider();
  }

  #handle(entry: Entry, { durationMs }: FaultOptions): FaultHandle {
    const { id, targets } = entry.record;
    const heal = async () => void await this.#heal([entry], undefined);
    if (durationMs !== undefined) {
      // It fails only where the proxies have ended, and all faults with them.
      entry.timer = setTimeout(() => void heal().catch(() => {}), durationMs);
    }
    return { id, targets, heal, [Symbol.asyncDispose]: heal };
  }
}
