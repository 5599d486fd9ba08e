/**
 * The herd at one moment, and how a batch changes it. Pure: the same batches
 * give the same moment, live or replayed.
 *
 * @module
 */
import type { HerdEvent } from "../model/events.ts";
import type {
  Batch,
  FaultView,
  Hop,
  LinkView,
  SeenFix,
  ServerView,
  Shape,
} from "../model/web/batch.ts";
import { loadsOf, type SeenFigures } from "./loads.ts";

/** So far back the page remembers. */
export const KEPT_MS = 600_000;
/** Hops are remembered so long: to be seen, not to be counted. */
const HOPS_MS = 10_000;
/** Hops, events and clients that are remembered at most. */
const HOPS_MAX = 2_000;
const EVENTS_MAX = 1_000;
const FIXES_MAX = 5_000;
/** How quickly rates follow what goes over a link. */
const RATE_MS = 600;
/** Lines a second that are as good as none. */
const RATE_MIN = 0.05;

/** When a fault stood. */
export interface FaultSpan {
  /** This use of its name. */
  readonly id: string;
  /** `cut`, `latency`, … */
  readonly fault: string;
  /** What it was on. */
  readonly targets: readonly string[];
  /** When it began. */
  readonly fromMs: number;
  /** When it was taken back; `null`: it stands. */
  readonly toMs: number | null;
}

/** The herd at one moment. It changes in place: read it when it is told. */
export interface Snapshot {
  /** The moment, in milliseconds since the epoch, or since a run's start. */
  readonly atMs: number;
  /** The newest batch in it; 0 before the first. */
  readonly batch: number;
  /** The servers by their names, in the order of the topology. */
  readonly servers: ReadonlyMap<string, ServerView>;
  /** The links, by {@linkcode linkName}. */
  readonly links: ReadonlyMap<string, LinkView>;
  /** When servers are to be restarted that have ended by themselves. */
  readonly restartsAtMs: ReadonlyMap<string, number>;
  /** The faults that stand. */
  readonly faults: readonly FaultView[];
  /** When faults stood, within what is remembered. */
  readonly faultSpans: readonly FaultSpan[];
  /** The herd's weak places; `null`: not known. */
  readonly shape: Shape | null;
  /** The newest fix of each client that was told; the newest client last. */
  readonly fixes: ReadonlyMap<string, SeenFix>;
  /** Changes of clients' fixes that were only counted. */
  readonly fixesLeftOut: number;
  /** Figures of each second that is remembered. */
  readonly figures: readonly SeenFigures[];
  /** Lines a second on each way, as `Alford>Parker`. */
  readonly rates: ReadonlyMap<string, number>;
  /** The last hops of clients that are followed. */
  readonly hops: readonly Hop[];
  /** The last events. */
  readonly events: readonly HerdEvent[];
  /** Why updates are not seen one by one, if they are not. */
  readonly unseen: string | null;
}

/** What a link is called. */
export function linkName({ a, b }: { a: string; b: string }): string {
  return `${a}-${b}`;
}

/** A moment that batches are folded into. */
export class Moment implements Snapshot {
  /** See {@linkcode Snapshot}. */
  atMs = 0;
  /** See {@linkcode Snapshot}. */
  batch = 0;
  /** See {@linkcode Snapshot}. */
  readonly servers: Map<string, ServerView>;
  /** See {@linkcode Snapshot}. */
  readonly links: Map<string, LinkView>;
  /** See {@linkcode Snapshot}. */
  readonly restartsAtMs: Map<string, number>;
  /** See {@linkcode Snapshot}. */
  faults: readonly FaultView[] = [];
  /** See {@linkcode Snapshot}. */
  faultSpans: FaultSpan[] = [];
  /** See {@linkcode Snapshot}. */
  shape: Shape | null = null;
  /** See {@linkcode Snapshot}. */
  readonly fixes: Map<string, SeenFix>;
  /** See {@linkcode Snapshot}. */
  fixesLeftOut = 0;
  /** See {@linkcode Snapshot}. */
  figures: SeenFigures[] = [];
  /** See {@linkcode Snapshot}. */
  readonly rates: Map<string, number>;
  /** See {@linkcode Snapshot}. */
  hops: Hop[] = [];
  /** See {@linkcode Snapshot}. */
  events: HerdEvent[] = [];
  /** See {@linkcode Snapshot}. */
  unseen: string | null = null;

  /** A moment like another, or one before everything. */
  constructor(like?: Moment) {
    this.servers = new Map(like?.servers);
    this.links = new Map(like?.links);
    this.restartsAtMs = new Map(like?.restartsAtMs);
    this.fixes = new Map(like?.fixes);
    this.rates = new Map(like?.rates);
    if (like === undefined) return;
    this.atMs = like.atMs;
    this.batch = like.batch;
    this.faults = like.faults;
    this.faultSpans = [...like.faultSpans];
    this.shape = like.shape;
    this.fixesLeftOut = like.fixesLeftOut;
    this.figures = [...like.figures];
    this.hops = [...like.hops];
    this.events = [...like.events];
    this.unseen = like.unseen;
  }

  /** What a batch tells becomes so. */
  fold(batch: Batch): void {
    const tookMs = Math.max(0, batch.atMs - this.atMs);
    const isFirst = this.batch === 0;
    this.atMs = batch.atMs;
    this.batch = batch.id;
    for (const server of batch.servers) {
      const { name, restartsInMs } = server;
      this.servers.set(name, server);
      if (restartsInMs === null) this.restartsAtMs.delete(name);
      else this.restartsAtMs.set(name, batch.atMs + restartsInMs);
    }
    for (const link of batch.links) this.links.set(linkName(link), link);
    if (batch.faults !== undefined) this.#foldFaults(batch.faults);
    if (batch.shape !== undefined) this.shape = batch.shape;
    this.unseen = batch.unseen ?? null;
    this.#foldFixes(batch);
    this.#foldRates(batch, isFirst ? RATE_MS : tookMs);
    this.#foldHops(batch.hops);
    this.events.push(...batch.events);
    if (this.events.length > EVENTS_MAX * 1.5) {
      this.events.splice(0, this.events.length - EVENTS_MAX);
    }
    if (batch.figures !== undefined) {
      const loads = loadsOf(this.servers.values(), this.links.values());
      this.figures.push({ ...batch.figures, loads });
      const sinceMs = this.atMs - KEPT_MS;
      if (this.figures[0]!.atMs < sinceMs - KEPT_MS / 10) {
        this.figures = this.figures.filter(({ atMs }) => atMs >= sinceMs);
      }
    }
  }

  #foldFixes(batch: Batch): void {
    for (const fix of batch.fixes) {
      this.fixes.delete(fix.client);
      this.fixes.set(fix.client, fix);
    }
    this.fixesLeftOut += batch.fixesLeftOut;
    for (const client of this.fixes.keys()) {
      if (this.fixes.size <= FIXES_MAX) break;
      this.fixes.delete(client);
    }
  }

  #foldRates(batch: Batch, tookMs: number): void {
    const kept = Math.exp(-tookMs / RATE_MS);
    for (const [way, rate] of this.rates) {
      if (rate * kept < RATE_MIN) this.rates.delete(way);
      else this.rates.set(way, rate * kept);
    }
    if (tookMs === 0) return;
    for (const { from, to, lines } of batch.flows) {
      const way = `${from}>${to}`;
      const now = lines * 1_000 / tookMs;
      this.rates.set(way, (this.rates.get(way) ?? 0) + now * (1 - kept));
    }
  }

  /** A hop may be told twice: when it was written, and when it was read. */
  #foldHops(hops: readonly Hop[]): void {
    for (const hop of hops) {
      const known = hop.sentMs >= this.atMs - HOPS_MS
        ? this.hops.findIndex((it) =>
          it.sentMs === hop.sentMs && it.from === hop.from &&
          it.to === hop.to && it.line === hop.line
        )
        : -1;
      if (known >= 0) this.hops[known] = hop;
      else this.hops.push(hop);
    }
    const first = this.hops[0];
    if (
      this.hops.length > HOPS_MAX ||
      first !== undefined && first.sentMs < this.atMs - 2 * HOPS_MS
    ) {
      this.hops = this.hops.slice(-HOPS_MAX)
        .filter(({ sentMs }) => sentMs >= this.atMs - HOPS_MS);
    }
  }

  #foldFaults(faults: readonly FaultView[]): void {
    this.faults = faults;
    const standing = new Set(faults.map(({ id }) => id));
    const sinceMs = this.atMs - KEPT_MS;
    this.faultSpans = this.faultSpans
      .filter(({ toMs }) => toMs === null || toMs >= sinceMs)
      .map((span) =>
        span.toMs === null && !standing.has(span.id)
          ? { ...span, toMs: this.atMs }
          : span
      );
    for (const { id, fault, targets, sinceMs } of faults) {
      const isKnown = this.faultSpans.some((span) =>
        span.id === id && span.toMs === null
      );
      if (isKnown) continue;
      this.faultSpans.push({ id, fault, targets, fromMs: sinceMs, toMs: null });
    }
  }
}
