/**
 * Who held a fix, for how long, and whether it could have been sent on. This
 * decides whether a fix that no server holds any more died with its servers, or
 * was lost by a herd that could have kept it.
 *
 * @module
 */
import { holdersOf, IN_MEMORY, type Keeping } from "../durability.ts";
import { type Crossing, CrossingReader } from "../crossings.ts";
import type { History, HistoryEvent } from "../history.ts";
import type { Delivery } from "../history_parts.ts";
import { atFields, Fixes } from "./evidence.ts";

/** The fault that wipes a server's disk too. */
export const WIPE = "wipe";
/**
 * How long a line may be under way if it was written and neither read nor lost:
 * a peer that is silent for longer counts as dead.
 */
const TRANSIT_MS_MAX = 5_000;

/** A span of time, without `toMs` itself. */
interface Stretch {
  readonly fromMs: number;
  toMs: number;
}

/** A server's life in which it held a fix, and since when. */
interface Holding {
  readonly server: string;
  readonly life: Stretch;
  readonly fromMs: number;
}

/** What was sent in one direction of a link, in order of time. */
interface Way {
  /** When the writer's end was up. */
  readonly up: Stretch[];
  readonly crossings: Crossing[];
  /** When messages of syncs were written. */
  readonly syncs: number[];
  /** When the writer reported that a sync was over. */
  readonly synced: number[];
}

/** What was written in one span of a link. */
interface Passage {
  readonly all: readonly Crossing[];
  readonly byClient: ReadonlyMap<string, readonly Crossing[]>;
}

/** What became of lost fixes, and why, as a history shows. */
export class LossAttribution {
  readonly #history: History;
  readonly #keeping: Keeping;
  readonly #fixes = new Fixes();
  readonly #lives = new Map<string, Stretch[]>();
  /** By writer, then by reader. */
  readonly #ways = new Map<string, Map<string, Way>>();
  readonly #passages = new Map<Stretch, Passage>();
  readonly #deliveries = new Map<string, Delivery[]>();
  /** When a server's disk was wiped. */
  readonly #wipes = new Map<string, number[]>();
  #isRead = false;

  /**
   * The history is indexed when it is first needed: mostly nothing is lost.
   *
   * @param keeping What survives servers.
   */
  constructor(history: History, keeping: Keeping = IN_MEMORY) {
    this.#history = history;
    this.#keeping = keeping;
  }

  /**
   * When the server that received a fix ended, if the fix died with all servers
   * that held it, or a newer one of its client; otherwise `undefined`. It died
   * with them if each has ended, and had at most `withinMs` to send it to a
   * neighbour that did not hold it. A line on its way does not count as sent,
   * nor does one that was lost there, be it the fix or part of a sync.
   */
  endOf(
    { server, client, line }: { server: string; client: string; line: string },
    withinMs: number,
  ): number | undefined {
    this.#read();
    const holdings = this.#holdings(client, line);
    const areDead = this.#isPromiseKept(server, holdings) &&
      holdings.every((holding) => this.#isDead(holding));
    const isExcused = areDead &&
      holdings.every((it) => !this.#hadChance(it, holdings, line, withinMs));
    if (!isExcused) return undefined;
    const own = holdings.filter((it) => it.server === server);
    const ends = (own.length > 0 ? own : holdings).map(({ life }) => life.toMs);
    return Math.max(...ends);
  }

  /**
   * Whether as many servers held it as its acknowledgement promised: the
   * server, or one neighbour too, or all its permanent neighbours.
   */
  #isPromiseKept(server: string, holdings: readonly Holding[]): boolean {
    const holders = new Set(holdings.map((it) => it.server));
    if (holders.size < holdersOf(this.#keeping)) return false;
    if (this.#keeping.durable !== "all") return true;
    const [own] = holdings.filter((it) => it.server === server);
    return own === undefined ||
      [...this.#ways.get(server) ?? []].every(([peer, { up }]) =>
        holders.has(peer) ||
        !up.some(({ fromMs, toMs }) =>
          fromMs <= own.fromMs && toMs >= own.life.toMs
        )
      );
  }

  /**
   * Whether a holding is gone. If it was on disk: wiped, or its server is still
   * down.
   */
  #isDead({ server, life, fromMs }: Holding): boolean {
    if (life.toMs === Infinity) return false;
    if (!this.#keeping.hasDisks) return true;
    const isWiped = this.#wipes.get(server)?.some((atMs) => atMs >= fromMs);
    return isWiped || this.#lives.get(server)!.at(-1)!.toMs < Infinity;
  }

  /** The lives in which the fix, or a newer one of its client, was held. */
  #holdings(client: string, line: string): Holding[] {
    const holdings = new Map<Stretch, Holding>();
    for (const event of this.#deliveries.get(client) ?? []) {
      if (this.#fixes.isNewer(line, event.line)) continue;
      const { server, atMs: fromMs } = event;
      const life = this.#lifeOf(server, fromMs);
      if (holdings.has(life)) continue;
      holdings.set(life, { server, life, fromMs });
    }
    return [...holdings.values()];
  }

  /** Whether it could have been sent to a neighbour that did not hold it. */
  #hadChance(
    { server, life, fromMs }: Holding,
    holdings: readonly Holding[],
    line: string,
    withinMs: number,
  ): boolean {
    for (const [peer, way] of this.#ways.get(server) ?? []) {
      for (const up of way.up) {
        const peerLife = this.#lifeOf(peer, up.fromMs);
        if (holdings.some((it) => it.life === peerLife)) continue;
        const toMs = Math.min(up.toMs, life.toMs, peerLife.toMs);
        const held = { fromMs: Math.max(up.fromMs, fromMs), toMs };
        if (toMs - held.fromMs <= withinMs) continue;
        const on = this.#onItsWay(server, peer, up, line) ??
          this.#inSync(server, peer, up, held) ?? held.fromMs + withinMs;
        if (toMs > on) return true;
      }
    }
    return false;
  }

  /**
   * Until when the line of a fix may be under way, if it was written and not
   * read; for ever if it was lost.
   */
  #onItsWay(
    server: string,
    peer: string,
    up: Stretch,
    line: string,
  ): number | undefined {
    const client = atFields(line)?.client ?? "";
    const tellings = this.#passage(server, peer, up).byClient.get(client)
      ?.filter(({ sent }) => !this.#fixes.isNewer(line, sent.line)) ?? [];
    const last = tellings.at(-1);
    if (last === undefined || tellings.some(isRead)) return undefined;
    return last.fate === "lost" ? Infinity : last.sent.atMs + TRANSIT_MS_MAX;
  }

  /**
   * Until when a sync may be under way that carries what was held at link-up:
   * until both ends have reported its end, and then until what the neighbour
   * asked for has been read.
   */
  #inSync(
    server: string,
    peer: string,
    up: Stretch,
    held: Stretch,
  ): number | undefined {
    if (held.fromMs > up.fromMs) return undefined;
    const isIn = (atMs: number) => atMs >= up.fromMs && atMs < held.toMs;
    const [ours, theirs] = [this.#way(server, peer), this.#way(peer, server)];
    const asked = theirs.syncs.findLast(isIn);
    const last = Math.max(asked ?? 0, ours.syncs.findLast(isIn) ?? 0);
    if (last === 0) return undefined;
    const isOver = ours.synced.some(isIn) && theirs.synced.some(isIn);
    const isAllRead = asked === undefined ||
      this.#isReadAfter(peer, server, asked);
    return isOver && isAllRead ? undefined : last + TRANSIT_MS_MAX;
  }

  /** Whether a line written to a link after some time was read. */
  #isReadAfter(server: string, peer: string, atMs: number): boolean {
    const { up } = this.#way(server, peer);
    const stretch = up.findLast((it) => it.fromMs <= atMs);
    if (stretch === undefined) return false;
    return this.#passage(server, peer, stretch).all.some((crossing) =>
      crossing.sent.atMs > atMs && isRead(crossing)
    );
  }

  #passage(server: string, peer: string, up: Stretch): Passage {
    return this.#passages.getOrInsertComputed(up, () => {
      const way = this.#way(server, peer);
      const next = way.up.find(({ fromMs }) => fromMs > up.fromMs);
      const all = way.crossings.filter(({ sent: { atMs } }) =>
        atMs >= up.fromMs && atMs < (next?.fromMs ?? Infinity)
      );
      const byClient = Map.groupBy(
        all,
        ({ sent }) => atFields(sent.line)?.client ?? "",
      );
      return { all, byClient };
    });
  }

  #read(): void {
    if (this.#isRead) return;
    this.#isRead = true;
    const reader = new CrossingReader();
    for (const event of this.#history) {
      const { kind, atMs } = event;
      reader.take(event);
      if (kind === "delivery") this.#readDelivery(event);
      else if (kind === "control" && event.command === "SYNC") {
        this.#way(event.server, event.to).syncs.push(atMs);
      } else if (kind === "synced") {
        this.#way(event.server, event.peer).synced.push(atMs);
      } else if (kind === "link") {
        const { up } = this.#way(event.server, event.peer);
        close(up, atMs);
        if (event.isUp) up.push({ fromMs: atMs, toMs: Infinity });
      } else if (kind === "state") this.#readState(event);
      else if (kind === "fault-begin" && event.fault === WIPE) {
        for (const server of event.targets) {
          this.#wipes.getOrInsertComputed(server, () => []).push(atMs);
        }
      }
    }
    for (const crossing of reader.crossings().crossings) {
      const { server, to } = crossing.sent;
      this.#way(server, to).crossings.push(crossing);
    }
  }

  #readDelivery(event: Delivery): void {
    const client = atFields(event.line)?.client;
    if (client === undefined) return;
    this.#deliveries.getOrInsertComputed(client, () => []).push(event);
  }

  #readState(
    { server, state, atMs }: Extract<HistoryEvent, { kind: "state" }>,
  ): void {
    const lives = this.#lives.get(server) ?? [];
    if (state === "starting") {
      this.#lives.set(server, [...lives, { fromMs: atMs, toMs: Infinity }]);
    }
    if (state !== "stopped" && state !== "crashed") return;
    close([this.#lifeOf(server, atMs)], atMs);
    for (const { up } of this.#ways.get(server)?.values() ?? []) {
      close(up, atMs);
    }
  }

  /**
   * The life a server was in; if it was in none, the one that has just ended.
   */
  #lifeOf(server: string, atMs: number): Stretch {
    const lives = this.#lives.getOrInsertComputed(server, () => [
      { fromMs: -Infinity, toMs: Infinity },
    ]);
    return lives.findLast(({ fromMs }) => fromMs <= atMs) ?? lives[0]!;
  }

  #way(from: string, to: string): Way {
    return this.#ways.getOrInsertComputed(from, () => new Map())
      .getOrInsertComputed(to, () => ({
        up: [],
        crossings: [],
        syncs: [],
        synced: [],
      }));
  }
}

/** Whether the reader accepted a line, unchanged. */
function isRead({ fate }: Crossing): boolean {
  return fate === "arrived" || fate === "ignored";
}

/** Ends the last span, if it has not ended yet. */
function close(stretches: readonly Stretch[], atMs: number): void {
  const last = stretches.at(-1);
  if (last !== undefined) last.toMs = Math.min(last.toMs, atMs);
}
