/**
 * Sends all watchers of a herd, ten times a second, its events and changes of
 * state. While nobody watches, nothing is polled and nothing is kept.
 *
 * @module
 */
import type { Timer } from "../../../herd/net/platform.ts";
import { every } from "../../../herd/net/timing.ts";
import type { HerdEvent } from "../../model/events.ts";
import { given } from "../../model/given.ts";
import { shapeOf } from "../../model/topology/shape.ts";
import type { TopologyLink } from "../../model/topology/topology.ts";
import type {
  Batch,
  FaultView,
  Figures,
  LinkView,
  ServerView,
  Shape,
} from "../../model/web/batch.ts";
import { Histogram } from "../../model/web/prometheus.ts";
import { percentilesOf } from "../../model/web/percentiles.ts";
import type { Herd } from "../herd/herd.ts";
import type { ServerStatus } from "../servers/status.ts";
import { CountersWatch } from "./counters_watch.ts";
import type { EventStream } from "./event_stream.ts";
import { faultView } from "./fault_view.ts";
import { linkViews, serverView, upIn } from "./herd_views.ts";
import { LineWatch } from "./line_watch.ts";

/** The interval of batches. */
const BATCH_MS = 100;
/** Batches kept for watchers that reconnect: a minute. */
const KEPT = 600;
/** While faults are active, how often their `touched` is updated. */
const TOUCHED_MS = 1_000;
/**
 * The shape of a large herd takes long to compute: at least this much time lies
 * between two.
 */
const SHAPE_MS = 500;
const WATCHERS_MAX = 64;
/** Collectors of metrics come back within this time. */
const KEPT_MS = 90_000;
/** The buckets of the histograms, in seconds. */
const DURATION_BOUNDS = [
  ...[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05],
  ...[0.1, 0.25, 0.5, 1, 2.5, 5, 10],
];

interface Watcher {
  readonly stream: EventStream;
  readonly follow: ReadonlySet<string>;
}

export class HerdWatch {
  /** How long updates took to reach all servers, in seconds. */
  readonly propagation = new Histogram(DURATION_BOUNDS);
  /** How long replies to this workbench's clients took, in seconds. */
  readonly replies = new Histogram(DURATION_BOUNDS);
  readonly #herd: Herd;
  readonly #counters: CountersWatch;
  readonly #lines: LineWatch;
  readonly #watchers = new Set<Watcher>();
  readonly #kept: Batch[] = [];
  /**
   * The ID of the last batch. It starts at a time, so that IDs differ from
   * those of an earlier herd.
   */
  #id: number;
  #events: HerdEvent[] = [];
  #timer: Timer | undefined;
  #heard: Disposable | undefined;
  readonly #replied: Disposable;
  /** The duration of each reply since the last figures. */
  #repliesMs: number[] = [];
  #tickMs = 0;
  readonly #restartsAtMs = new Map<string, number>();
  /** What was sent last, as JSON, by its subject. */
  readonly #told = new Map<string, string>();
  #faults: readonly FaultView[] = [];
  #faultsMs = 0;
  #areFaultsStale = true;
  #shape: Shape | undefined;
  #shapeMs = 0;
  #keptUntilMs = 0;
  /** Whether rates have been measured yet. */
  #isMeasured = false;

  /** Does nothing until there is a watcher. */
  constructor(herd: Herd) {
    this.#herd = herd;
    this.#counters = new CountersWatch(herd);
    this.#lines = new LineWatch(herd);
    this.#id = Math.floor(herd.platform.clock.nowMs());
    this.#replied = herd.onReply((tookMs) => {
      this.replies.add(tookMs / 1_000);
      if (this.#timer !== undefined) this.#repliesMs.push(tookMs);
    });
  }

  get size(): number {
    return this.#watchers.size;
  }

  /** Whether one more watcher is allowed. */
  get hasRoom(): boolean {
    return this.#watchers.size < WATCHERS_MAX;
  }

  /** Sends batches to a watcher until it disconnects. */
  watch(stream: EventStream, follow: readonly string[]): void {
    const watcher = { stream, follow: new Set(follow) };
    this.#begin();
    const missed = this.#missedBy(stream.lastId);
    if (missed === undefined) send(watcher, this.#whole());
    else for (const batch of missed) send(watcher, batch);
    this.#watchers.add(watcher);
    this.#follow();
    stream.onEnd(() => {
      if (!this.#watchers.delete(watcher)) return;
      this.#follow();
      this.#endIfUnwatched();
    });
  }

  /**
   * Goes on to observe updates for a while without watchers: a collector of
   * metrics will come back for them.
   */
  keep(): void {
    this.#keptUntilMs = this.#herd.platform.clock.nowMs() + KEPT_MS;
    this.#begin();
  }

  /** Updates are observed only while somebody watches. */
  #endIfUnwatched(): void {
    const nowMs = this.#herd.platform.clock.nowMs();
    if (this.#watchers.size > 0 || nowMs < this.#keptUntilMs) return;
    this.#end();
  }

  #follow(): void {
    const all = [...this.#watchers].flatMap(({ follow }) => [...follow]);
    this.#lines.follow(new Set(all));
  }

  /** Ends all streams. */
  stop(): void {
    this.#replied[Symbol.dispose]();
    for (const { stream } of this.#watchers) stream.end();
    this.#watchers.clear();
    this.#end();
  }

  #begin(): void {
    if (this.#timer !== undefined) return;
    const { clock } = this.#herd.platform;
    this.#counters.reset();
    this.#areFaultsStale = true;
    this.#isMeasured = false;
    this.#shape = undefined;
    this.#shapeMs = 0;
    this.#tickMs = clock.nowMs();
    this.#heard = this.#herd.subscribe((event) => this.#hear(event));
    this.#timer = every(clock, BATCH_MS, () => this.#tick());
  }

  #end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#heard?.[Symbol.dispose]();
    this.#lines.stop();
    this.#events = [];
    this.#repliesMs = [];
    // Batches after this are missing, so what is kept can't be resumed from.
    this.#kept.length = 0;
    this.#told.clear();
  }

  /** The batches after one; `undefined` if they are not all kept. */
  #missedBy(lastId: string | undefined): readonly Batch[] | undefined {
    const at = this.#kept.findIndex(({ id }) => `${id}` === lastId);
    return at < 0 ? undefined : this.#kept.slice(at + 1);
  }

  #hear(event: HerdEvent): void {
    this.#events.push(event);
    if (event.kind.startsWith("fault-")) this.#areFaultsStale = true;
    if (event.kind === "backoff") {
      this.#restartsAtMs.set(event.server, event.atMs + event.delayMs);
    }
    if (event.kind !== "state") return;
    if (event.state !== "crashed") this.#restartsAtMs.delete(event.server);
    if (event.state === "up") return this.#lines.returned(event.server);
    this.#counters.forget(event.server);
    if (event.state === "paused") return;
    this.#lines.lost(event.server);
  }

  #tick(): void {
    const nowMs = this.#herd.platform.clock.nowMs();
    const status = this.#herd.status();
    this.#counters.ask(upIn(status), nowMs - this.#tickMs);
    this.#tickMs = nowMs;
    void this.#lookAtFaults(nowMs);
    const batch = this.#batch(nowMs, status);
    this.#endIfUnwatched();
    if (batch === undefined || this.#timer === undefined) return;
    this.#kept.push(batch);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const watcher of this.#watchers) send(watcher, batch);
  }

  /** The next batch; `undefined` if nothing has changed. */
  #batch(atMs: number, status: readonly ServerStatus[]): Batch | undefined {
    const events = this.#events;
    this.#events = [];
    const servers = status.map((it) => this.#serverView(it, atMs))
      .filter(({ restartsInMs, ...it }) =>
        this.#isNews(it.name, { ...it, isBackingOff: restartsInMs !== null })
      );
    const { topology } = this.#herd;
    const links = linkViews(topology, status, this.#counters);
    const changed = links.filter((it) => this.#isNews(`${it.a}-${it.b}`, it));
    const flows = this.#counters.takeFlows();
    const figures = this.#takeFigures();
    const heard = this.#lines.take(upIn(status), atMs);
    const isFaultsNews = this.#isNews("faults", this.#faults);
    const shape = this.#takeShape(status, links, atMs);
    const isNothing = figures === undefined && shape === undefined &&
      !isFaultsNews &&
      [events, servers, changed, flows, heard.hops, heard.fixes]
        .every(({ length }) => length === 0);
    if (isNothing) return undefined;
    const unseen = this.#isMeasured ? this.#lines.takeUnseen() : undefined;
    return {
      id: ++this.#id,
      atMs,
      events,
      flows,
      ...heard,
      servers,
      links: changed,
      ...isFaultsNews && { faults: this.#faults },
      ...given({ shape, figures, unseen }),
    };
  }

  #serverView(status: ServerStatus, atMs: number): ServerView {
    const restartsAtMs = this.#restartsAtMs.get(status.name);
    return serverView(status, this.#counters, restartsAtMs, atMs);
  }

  /** Takes the figures, and decides by them whether to observe lines. */
  #takeFigures(): Figures | undefined {
    const counted = this.#counters.takeFigures();
    if (counted === undefined) return undefined;
    const { linesPerSecond, ...figures } = counted;
    this.#isMeasured = true;
    this.#lines.adapt(linesPerSecond, figures.updates);
    const propagatedMs = this.#lines.takePropagatedMs();
    for (const ms of propagatedMs) this.propagation.add(ms / 1_000);
    const reply = percentilesOf(this.#repliesMs);
    this.#repliesMs = [];
    return { ...figures, reply, propagation: percentilesOf(propagatedMs) };
  }

  /** The shape of what is up, if it has changed and enough time has passed. */
  #takeShape(
    status: readonly ServerStatus[],
    links: readonly LinkView[],
    atMs: number,
  ): Shape | undefined {
    if (atMs - this.#shapeMs < SHAPE_MS) return undefined;
    if (!this.#herd.world.sees.has("links")) return undefined;
    const up = upIn(status);
    const linked = links.filter(({ isUp }) => isUp)
      .map(({ a, b }): TopologyLink => [a, b]);
    if (!this.#isNews("shape", [up, linked])) return undefined;
    this.#shapeMs = atMs;
    return this.#shape = shapeOf(up, linked, this.#herd.topology.links);
  }

  #isNews(of: string, value: unknown): boolean {
    const text = JSON.stringify(value);
    if (this.#told.get(of) === text) return false;
    this.#told.set(of, text);
    return true;
  }

  /** A batch with the whole state, to which the next batches apply. */
  #whole(): Batch {
    const atMs = this.#herd.platform.clock.nowMs();
    const status = this.#herd.status();
    return {
      id: this.#id,
      atMs,
      events: [],
      flows: [],
      hops: [],
      fixes: this.#lines.newest(upIn(status)),
      fixesLeftOut: 0,
      servers: status.map((it) => this.#serverView(it, atMs)),
      links: linkViews(this.#herd.topology, status, this.#counters),
      faults: this.#faults,
      ...this.#shape && { shape: this.#shape },
    };
  }

  async #lookAtFaults(nowMs: number): Promise<void> {
    const isDue = this.#faults.length > 0 &&
      nowMs - this.#faultsMs > TOUCHED_MS;
    if (!this.#areFaultsStale && !isDue) return;
    this.#areFaultsStale = false;
    this.#faultsMs = nowMs;
    try {
      const records = await this.#herd.faults.records();
      this.#faults = records.filter(({ endedMs }) => endedMs === undefined)
        .map(faultView);
    } catch {
      // The herd is stopping, and its proxies with it.
    }
  }
}

/** Each watcher gets the hops of the clients that it follows. */
function send({ stream, follow }: Watcher, batch: Batch): void {
  const hops = batch.hops.filter(({ client }) => follow.has(client));
  stream.send({ ...batch, hops }, batch.id);
}
