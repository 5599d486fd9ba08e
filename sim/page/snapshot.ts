/**
 * The herd's state at one moment, and how a batch changes it. Pure: the same
 * batches give the same state, live or replayed.
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

/** How far back events, figures and fault spans are kept. */
export const KEPT_MS = 600_000;
/** How long hops are kept. They are only animated, never counted. */
const HOPS_MS = 10_000;
/** Limits on what is kept: hops, events and clients. */
const HOPS_MAX = 2_000;
const EVENTS_MAX = 1_000;
const FIXES_MAX = 5_000;
/** The time constant of the rates. */
const RATE_MS = 600;
/** Lines a second below which a link counts as silent. */
const RATE_MIN = 0.05;

/** When a fault was active. */
export interface FaultSpan {
  /** Identifies this use of the fault; its name can be used again. */
  readonly id: string;
  /** The fault's kind: `cut`, `latency`, … */
  readonly fault: string;
  readonly targets: readonly string[];
  readonly fromMs: number;
  /** `null` while the fault is active. */
  readonly toMs: number | null;
}

/**
 * The herd's state at one moment. It is changed in place: read it when
 * notified.
 */
export interface Snapshot {
  /** Milliseconds since the epoch, or since a run's start. */
  readonly atMs: number;
  /** The last batch folded in; 0 before the first. */
  readonly batch: number;
  /** By name, in the order of the topology. */
  readonly servers: ReadonlyMap<string, ServerView>;
  /** By {@linkcode linkName}. */
  readonly links: ReadonlyMap<string, LinkView>;
  /** When servers that have crashed will be restarted. */
  readonly restartsAtMs: ReadonlyMap<string, number>;
  /** The active faults. */
  readonly faults: readonly FaultView[];
  /** When faults were active, within `KEPT_MS`. */
  readonly faultSpans: readonly FaultSpan[];
  /** The single points of failure, among others; `null` if not known. */
  readonly shape: Shape | null;
  /** The newest fix of each client; the client updated last comes last. */
  readonly fixes: ReadonlyMap<string, SeenFix>;
  /** The figures of each second, within `KEPT_MS`. */
  readonly figures: readonly SeenFigures[];
  /** Lines a second in each direction, by keys such as `Alford>Parker`. */
  readonly rates: ReadonlyMap<string, number>;
  /** The last hops of followed clients. */
  readonly hops: readonly Hop[];
  readonly events: readonly HerdEvent[];
  /** Why updates are not shown one by one; `null` if they are. */
  readonly unseen: string | null;
}

export function linkName({ a, b }: { a: string; b: string }): string {
  return `${a}-${b}`;
}

/** A snapshot that batches are folded into. */
export class Moment implements Snapshot {
  atMs = 0;
  batch = 0;
  readonly servers: Map<string, ServerView>;
  readonly links: Map<string, LinkView>;
  readonly restartsAtMs: Map<string, number>;
  faults: readonly FaultView[] = [];
  faultSpans: FaultSpan[] = [];
  shape: Shape | null = null;
  readonly fixes: Map<string, SeenFix>;
  figures: SeenFigures[] = [];
  readonly rates: Map<string, number>;
  hops: Hop[] = [];
  events: HerdEvent[] = [];
  unseen: string | null = null;

  /** A copy of a moment, or an empty one. */
  constructor(like?: Moment) {
    Object.assign(this, like);
    this.servers = new Map(like?.servers);
    this.links = new Map(like?.links);
    this.restartsAtMs = new Map(like?.restartsAtMs);
    this.fixes = new Map(like?.fixes);
    this.rates = new Map(like?.rates);
    this.faultSpans = [...this.faultSpans];
    this.figures = [...this.figures];
    this.hops = [...this.hops];
    this.events = [...this.events];
  }

  /** Applies a batch. */
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

  /** A hop may come twice: when it was sent, and when it was received. */
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
