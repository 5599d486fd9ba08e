/**
 * Faults of a herd's surroundings: its places service misbehaves, hostile or
 * greedy clients flood it. Also the record of a nemesis, which is a mix of
 * other faults.
 *
 * @module
 */
import type { Via } from "../../../herd/core/wire/via.ts";
import { GARBAGE_CLIENTS, GARBAGE_RANGES } from "../../model/faults/garbage.ts";
import {
  GREEDY_CLIENTS,
  GREEDY_RANGES,
  type GreedyLines,
  greedyTalk,
} from "../../model/faults/greedy.ts";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import { KEPT_BY } from "../../model/faults/visit.ts";
import { checkSettings } from "../../model/steps/settings.ts";
import type { Random } from "../../model/random.ts";
import type { ServerList } from "../../model/topology/topology.ts";
import type { Places } from "../places/places.ts";
import type { TownsFound } from "../places/towns_found.ts";
import { doorOf } from "../servers/connect_client.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import type {
  Entering,
  Entry,
  FaultBook,
  FaultHandle,
  FaultOptions,
  FaultRecord,
} from "./fault_book.ts";
import { GarbageFlood, type GarbageResult } from "./garbage_flood.ts";
import { GreedyFlood, type GreedyResult } from "./greedy_flood.ts";

/** The target of faults of the places service; no server has such a name. */
const PLACES = "the places service";

/** The ways in which a places service can misbehave. */
export type PlacesFault = Exclude<Misbehaviour, "none">;

/** The options of a flood of garbage. */
export interface GarbageOptions
  extends Pick<FaultOptions, "id" | "durationMs"> {
  /** Pieces a second, of all clients together. */
  readonly ratePerSecond: number;
  /** Connections at a time; 10 by default. */
  readonly clients?: number;
  /** The servers to flood, of those that are up; all by default. */
  readonly to?: ServerList;
  /** The transport; plain TCP by default. */
  readonly via?: Via;
  /**
   * Whether they also open connections and keep them: in silence, with half a
   * line, or as a neighbour that proves nothing. False by default.
   */
  readonly holds?: boolean;
}

/** A flood, with the way to end it. */
export interface GarbageHandle extends FaultHandle {
  /** Resolves when it has ended, and all replies have arrived. */
  readonly over: Promise<GarbageResult>;
}

/** What greedy clients send, and to which servers. */
export interface GreedyOptions
  extends Omit<GarbageOptions, "ratePerSecond" | "via" | "holds"> {
  /** The line that they repeat. */
  readonly sends: GreedyLines;
  /** Connections to each server; 1 by default. */
  readonly clients?: number;
}

/** Greedy clients at work, with the way to end them. */
export interface GreedyHandle extends FaultHandle {
  /** Resolves when they have ended. */
  readonly over: Promise<GreedyResult>;
}

/** Clients at work; what they have touched so far. */
interface Flood<R> {
  readonly over: Promise<R>;
  readonly touched: number;
  stop(): void | Promise<void>;
}

export interface NemesisRecord {
  /** Whether it was healed: then it must begin no more faults. */
  readonly isHealed: boolean;
  end(): void;
}

/** Begins and heals these faults. */
export class FaultsAround {
  readonly #book: FaultBook;
  readonly #supervisor: Supervisor;
  readonly #places: Places;
  readonly #random: (id: string) => Random;
  readonly #floods = new Set<Flood<unknown>>();
  /** Requests that went wrong in earlier modes of misbehaviour. */
  #fared = 0;

  /**
   * Starts without faults.
   *
   * @param random Gives the source of random choices for a fault of this name.
   */
  constructor(
    book: FaultBook,
    supervisor: Supervisor,
    places: Places,
    random: (id: string) => Random,
  ) {
    this.#book = book;
    this.#supervisor = supervisor;
    this.#places = places;
    this.#random = random;
  }

  /** See {@linkcode Places.found}. */
  get townsFound(): TownsFound | undefined {
    return this.#places.found;
  }

  /**
   * Has the embedded places service misbehave. It does so in one way at a time:
   * an earlier fault of it ends.
   *
   * @throws {Error} If the herd has another places service, or none.
   */
  async places(
    behaviour: PlacesFault,
    options: Omit<FaultOptions, "mode"> = {},
  ): Promise<FaultHandle> {
    if (!this.#places.misbehave) {
      const why = "it is not ours";
      throw new Error(`Cannot have the places service misbehave: ${why}`);
    }
    const identity = this.#book.identify("places", options);
    const before = await this.#behave(behaviour);
    for (const entry of this.#misbehaving) this.#book.end(entry, before);
    this.#fared = 0;
    const entry = this.#book.begin({
      ...identity,
      targets: [PLACES],
      settings: { behaviour },
      takeBack: () => this.#behave("none"),
      touchedSince: () => this.#behave(behaviour),
    });
    return this.#book.handle(entry, options);
  }

  /** Has the places service behave again; returns the faults that ended. */
  async placesBehave(): Promise<FaultRecord[]> {
    return await this.#book.heal(this.#misbehaving);
  }

  get #misbehaving(): Entry[] {
    return this.#book.active.filter(({ fault }) => fault === "places");
  }

  /** Sets the behaviour; returns how many requests have gone wrong so far. */
  async #behave(mode: Misbehaviour): Promise<number> {
    return this.#fared += await this.#places.misbehave!(mode);
  }

  /**
   * Has hostile clients flood servers with input that they must refuse.
   *
   * @throws {RangeError} If a number is invalid or too large.
   * @param random Draws what they send; by default from the fault's name.
   */
  garbage(options: GarbageOptions, random?: Random): GarbageHandle {
    const {
      to = ["all"],
      clients = GARBAGE_CLIENTS,
      ratePerSecond,
      durationMs,
      via,
      holds = false,
    } = options;
    if (holds && via !== undefined && !KEPT_BY.includes(via)) {
      throw new RangeError(`Cannot keep connections by ${via}`);
    }
    checkSettings({ ratePerSecond, clients }, GARBAGE_RANGES);
    const identity = this.#book.identify("garbage", options);
    const spared = new Set<string>();
    const flood = new GarbageFlood({
      platform: this.#supervisor.platform,
      ratePerSecond,
      clients,
      durationMs: durationMs ?? Infinity,
      upNow: () => this.targetsOf(to).filter((name) => !spared.has(name)),
      ...via && { via },
      holds,
      doorOf: (name) => doorOf(this.#supervisor.child(name).start, via),
      neighboursOf: (name) =>
        this.#supervisor.child(name).start.neighbours.map(({ name }) => name),
      random: random ?? this.#random(identity.id),
    });
    // Who is down now is flooded once it is up.
    const targets = this.#named(to);
    const about = {
      ...identity,
      targets,
      settings: { ratePerSecond, clients },
    };
    return this.#enter(flood, about, (name) => void spared.add(name));
  }

  /** Enters clients that flood servers, until they are over. */
  #enter<R>(
    flood: Flood<R>,
    about: Entering,
    spare: (server: string) => void,
  ): FaultHandle & { readonly over: Promise<R> } {
    const entry = this.#book.begin({
      ...about,
      takeBack: async (spots) => {
        for (const name of spots) spare(name);
        if (entry.left.size > 0) return;
        await flood.stop();
        return flood.touched;
      },
      touchedSince: () => Promise.resolve(flood.touched),
    });
    this.#floods.add(flood);
    const over = flood.over.finally(() => {
      this.#floods.delete(flood);
      this.#book.end(entry, flood.touched);
    });
    return { ...this.#book.handle(entry, {}), over };
  }

  /** The servers of a list, or of all, that are up. */
  targetsOf(to: ServerList): string[] {
    const up = this.#supervisor.up();
    return this.#named(to).filter((name) => up.includes(name));
  }

  /** The servers of a list, or all, up or not. */
  #named(to: ServerList): string[] {
    return this.#supervisor.status().map(({ name }) => name)
      .filter((name) => to.includes("all") || to.includes(name));
  }

  /** Has clients repeat one line as fast as servers take it. */
  greedy(options: GreedyOptions): GreedyHandle {
    const { sends, clients = GREEDY_CLIENTS, to = ["all"], durationMs } =
      options;
    checkSettings({ clients }, GREEDY_RANGES);
    const identity = this.#book.identify("greedy", options);
    const targets = this.targetsOf(to);
    const flood = new GreedyFlood({
      clock: this.#supervisor.platform.clock,
      host: this.#supervisor.world.host,
      targets: targets.map((name) => {
        const { hostname, port } = this.#supervisor.child(name).start;
        return { address: { hostname, port }, talk: greedyTalk(sends, name) };
      }),
      clients,
      durationMs,
    });
    const about = { ...identity, targets, settings: { sends, clients } };
    const spare = (name: string) => flood.spare(targets.indexOf(name));
    return this.#enter(flood, about, spare);
  }

  /**
   * Enters a nemesis, on the whole herd.
   *
   * @param count How many faults it has begun so far.
   */
  nemesis(count: () => number): NemesisRecord {
    let isHealed = false;
    const entry = this.#book.begin({
      ...this.#book.identify("nemesis"),
      targets: ["all"],
      takeBack: () => {
        isHealed = true;
        return Promise.resolve(count());
      },
      touchedSince: () => Promise.resolve(count()),
    });
    return {
      get isHealed() {
        return isHealed;
      },
      end: () => this.#book.end(entry, count()),
    };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#floods].map((flood) => flood.stop()));
  }
}
