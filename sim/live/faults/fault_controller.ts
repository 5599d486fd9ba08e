/**
 * The faults of a herd: begins them on targets, and heals them.
 *
 * Faults compose: several may be active on one target, each is healed by
 * itself, and healing one that is not active does nothing.
 *
 * @module
 */
import {
  type FaultSettings,
  linkFaultOf,
} from "../../model/steps/link_faults.ts";
import {
  linksCut,
  type Shape,
  shapeGroups,
  withRest,
} from "../../model/faults/partition.ts";
import { checkSettings, rangesOf } from "../../model/steps/settings.ts";
import {
  chosen,
  type LinkTarget,
  linkTargets,
} from "../../model/faults/targets.ts";
import { Random } from "../../model/random.ts";
import type { CutDials } from "../../model/steps/cut.ts";
import type { HerdIncident } from "../../model/events.ts";
import type { HerdHub } from "../hub/herd_hub.ts";
import type { Places } from "../places/places.ts";
import type { LinkFaults } from "../servers/failed_dials.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import {
  FaultBook,
  type FaultHandle,
  type FaultOptions,
  type FaultRecord,
} from "./fault_book.ts";
import { FaultsAround } from "./faults_around.ts";
import { HubFaults } from "./hub_faults.ts";
import { HerdProxies, type ProxiedHerd } from "../proxies/herd_proxies.ts";
import { watchTraffic } from "../proxies/traffic_watch.ts";
import { ProcessFaults } from "./process_faults.ts";

/** A partition, with the way to heal it. */
export interface PartitionHandle extends FaultHandle {
  /**
   * The servers that can reach each other; a server may be in several groups.
   */
  readonly groups: readonly (readonly string[])[];
}

/** How links are cut. */
export interface CutOptions extends FaultOptions {
  /**
   * What happens to dials in the meantime: they wait (`hold`), or are refused,
   * and connections are reset; `hold` by default.
   */
  readonly dials?: CutDials;
}

/** The settings among a cut's options. */
export function cutOf({ dials }: CutOptions): { readonly dials?: CutDials } {
  return dials === undefined ? {} : { dials };
}

export class FaultController {
  readonly proxies: HerdProxies;
  readonly #herd: ProxiedHerd;
  readonly #book: FaultBook;
  /** When links were reset, by their directions. */
  readonly #resetsMs = new Map<string, number[]>();
  #supervisor: Supervisor | undefined;
  #processes: ProcessFaults | undefined;
  #around: FaultsAround | undefined;
  #hub: HubFaults | undefined;
  readonly #stopped = new AbortController();

  /**
   * Starts without faults.
   *
   * @param report Called at each begin and end.
   */
  constructor(
    herd: ProxiedHerd,
    report: (incident: HerdIncident, atMs: number) => void,
  ) {
    this.proxies = new HerdProxies(herd);
    this.#herd = herd;
    this.#book = new FaultBook(
      herd.clock,
      report,
      () => this.#supervisor?.reconsider(),
    );
  }

  /** Sets the herd's supervisor, places service and hub, which start later. */
  attach(supervisor: Supervisor, places: Places, hub?: HerdHub): void {
    const random = (id: string) => this.#random(id);
    this.#supervisor = supervisor;
    this.#processes = new ProcessFaults(this.#book, supervisor, random);
    this.#around = new FaultsAround(this.#book, supervisor, places, random);
    this.#hub = new HubFaults(this.#book, hub);
    this.proxies.attach(supervisor);
    const { platform: { clock }, world } = supervisor;
    void watchTraffic(clock, this.proxies, world, this.#stopped.signal);
  }

  /**
   * Whether two neighbours can reach each other, as far as faults here show.
   */
  isReachable(a: string, b: string): boolean {
    return !this.#book.active.some(({ isHolding, left }) =>
      isHolding && (left.has(`${a}>${b}`) || left.has(`${b}>${a}`))
    );
  }

  /** The faults on a link that last until they are healed, and its resets. */
  ofLink(a: string, b: string): LinkFaults {
    const ways = [`${a}>${b}`, `${b}>${a}`];
    const lasting = this.#book.active
      .filter((entry) =>
        ways.some((way) => entry.left.has(way)) && !this.#book.isTimed(entry)
      )
      .map(({ id }) => id);
    return { lasting, resetsMs: this.#resetsMs.get(ways[0]!) ?? [] };
  }

  /** Takes an event of the herd, with which a fault may end. */
  hear(incident: HerdIncident, atMs: number): void {
    if (incident.kind !== "state") return;
    this.#processes?.hear(incident.server, incident.state, atMs);
  }

  get processes(): ProcessFaults {
    return this.#processes!;
  }

  /** Faults of the herd's surroundings. */
  get around(): FaultsAround {
    return this.#around!;
  }

  get hub(): HubFaults {
    return this.#hub!;
  }

  /** Begins a fault on links; `linkTargets()` lists what can be named. */
  async begin(
    fault: FaultSettings,
    targets: readonly string[],
    options: FaultOptions = {},
  ): Promise<FaultHandle> {
    const { kind, ...settings } = fault;
    checkSettings(settings, rangesOf(linkFaultOf(fault)));
    const identity = this.#book.identify(kind, options);
    const some = this.#chosenLinks(identity.id, targets, options);
    const about = { ...identity, settings };
    return await this.#begin(fault, about, some, options);
  }

  /** Cuts the links between groups of servers, or by a shape. */
  async partition(
    wish: Shape | readonly (readonly string[])[],
    options: Omit<CutOptions, "mode"> = {},
  ): Promise<PartitionHandle> {
    const identity = this.#book.identify("partition", options);
    const named = typeof wish === "string"
      ? shapeGroups(wish, this.#herd.topology, this.#random(identity.id))
      : wish.map((group) =>
        group.map((name) => this.#supervisor!.child(name).name)
      );
    const cut = linksCut(named, this.#herd.topology);
    const groups = withRest(named, this.#herd.topology);
    const how = cutOf(options);
    const settings = {
      ...how,
      ...typeof wish === "string" && { shape: wish },
      groups: groups.map((group) => group.join(", ")).join(" | "),
    };
    const about = { ...identity, settings };
    const fault = { kind: "cut", ...how };
    const handle = await this.#begin(fault, about, cut, options);
    return { ...handle, groups };
  }

  async #begin(
    fault: FaultSettings,
    about: Pick<FaultRecord, "id" | "name" | "fault" | "settings">,
    on: readonly LinkTarget[],
    options: FaultOptions,
  ): Promise<FaultHandle> {
    const { id } = about;
    const directions = on.flatMap(({ directions }) => directions);
    await this.proxies.insert(on.map(({ link }) => link));
    const { holds, refuses } = linkFaultOf(fault);
    const isRefusing = refuses?.(fault) ?? false;
    if (directions.length > 0) {
      await this.proxies.ask<"begin">({ ask: "begin", id, fault, directions });
    }
    if (isRefusing) this.#noteResets(on);
    const entry = this.#book.begin({
      ...about,
      targets: on.map(({ name }) => name),
      spots: new Map(on.map(({ name, directions }) => [name, directions])),
      isHolding: holds !== undefined,
      isRefusing,
      takeBack: async (directions) => {
        const touched = await this.proxies
          .ask<"end">({ ask: "end", id, directions });
        if (isRefusing) this.#refuse();
        return touched;
      },
      touchedSince: async () =>
        directions.length === 0
          ? 0
          : await this.proxies.ask<"touched">({ ask: "touched", id }),
    });
    if (isRefusing) this.#refuse();
    this.#supervisor!.reconsider();
    return this.#book.handle(entry, options);
  }

  /** Tells the world which dials to refuse. */
  #refuse(): void {
    const ways = this.#book.active
      .flatMap(({ isRefusing, left }) => isRefusing ? [...left] : [])
      // A connection needs both directions.
      .flatMap((way) => [way, way.split(">").reverse().join(">")]);
    this.#supervisor!.world.refuse?.(new Set(ways));
  }

  /** Notes that links were reset, for both their directions. */
  #noteResets(on: readonly LinkTarget[]): void {
    const atMs = this.#herd.clock.nowMs();
    for (const way of bothWays(on)) {
      this.#resetsMs.getOrInsertComputed(way, () => []).push(atMs);
    }
  }

  /**
   * Resets the connections of links: both ends get an RST. The fault ends at
   * once.
   */
  async reset(
    targets: readonly string[],
    options: Pick<FaultOptions, "id" | "mode"> = {},
  ): Promise<FaultRecord> {
    const identity = this.#book.identify("reset", options);
    const on = this.#chosenLinks(identity.id, targets, options);
    await this.proxies.insert(on.map(({ link }) => link));
    // A connection carries both directions, whichever side dialled.
    const directions = bothWays(on);
    const touched = directions.length === 0
      ? 0
      : await this.proxies.ask<"reset">({ ask: "reset", directions });
    this.#noteResets(on);
    const entry = this.#book.begin({
      ...identity,
      targets: on.map(({ name }) => name),
      spots: new Map(),
    });
    this.#book.end(entry, touched);
    return entry.record;
  }

  /**
   * Heals a fault by its name, all faults on a target, or `all`. A fault on
   * several targets goes on on the others. Returns what was healed, and where
   * it is left.
   *
   * @throws {RangeError} If it is neither a fault, past or present, nor a
   * target.
   */
  async heal(what: string): Promise<FaultRecord[]> {
    const called = this.#book.called(what);
    if (called.length > 0) return await this.#book.heal(called);
    const { active } = this.#book;
    if (what === "all") return await this.#book.heal(active);
    const spots = linkTargets([what], this.#herd.topology)
      .flatMap(({ directions }) => directions);
    return await this.#book.heal(active, new Set([...spots, what]));
  }

  /** Heals one fault, and no other of its name. */
  async healOne({ id }: Pick<FaultHandle, "id">): Promise<FaultRecord[]> {
    const one = this.#book.called(id).filter((entry) => entry.id === id);
    return await this.#book.heal(one);
  }

  get active(): FaultRecord[] {
    return this.#book.active.map(({ record }) => record);
  }

  /** All faults ever, with what each has touched so far. */
  async records(): Promise<FaultRecord[]> {
    return await this.#book.records();
  }

  /**
   * Ends everything that goes on by itself: durations, floods. The proxies
   * stay, because servers still have connections through them.
   */
  async stop(): Promise<void> {
    this.#book.stop();
    this.#stopped.abort();
    await this.#around?.stop();
  }

  #random(id: string): Random {
    return new Random(this.#herd.seed, id);
  }

  #chosenLinks(
    id: string,
    targets: readonly string[],
    { mode = "all" }: FaultOptions,
  ): LinkTarget[] {
    const all = linkTargets(targets, this.#herd.topology);
    return chosen(all, mode, this.#random(id));
  }
}

function bothWays(on: readonly LinkTarget[]): string[] {
  return on.flatMap(({ link: [a, b] }) => [`${a}>${b}`, `${b}>${a}`]);
}
