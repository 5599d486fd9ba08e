/**
 * Tells all who watch a herd, ten times a second, what happened and where it
 * stands. Where nobody watches, nothing is asked and nothing is kept.
 *
 * @module
 */
import type { Timer } from "../../../herd/net/platform.ts";
import { every } from "../../../herd/net/timing.ts";
import type { HerdEvent } from "../../model/events.ts";
import type {
  Batch,
  FaultView,
  LinkView,
  ServerView,
} from "../../model/web/batch.ts";
import type { Herd } from "../herd/herd.ts";
import type { ServerStatus } from "../servers/status.ts";
import { CountersWatch } from "./counters_watch.ts";
import type { EventStream } from "./event_stream.ts";
import { faultView } from "./fault_view.ts";

/** A batch is told so often. */
const BATCH_MS = 100;
/** What a watcher that comes back may have missed: a minute. */
const KEPT = 600;
/** What faults have touched is asked so often while some stand. */
const TOUCHED_MS = 1_000;
const WATCHERS_MAX = 64;

interface Watcher {
  readonly stream: EventStream;
  readonly follow: ReadonlySet<string>;
}

/** Those who watch a herd. */
export class HerdWatch {
  readonly #herd: Herd;
  readonly #counters: CountersWatch;
  readonly #watchers = new Set<Watcher>();
  readonly #kept: Batch[] = [];
  /** Names this watch's batches, whatever those of another herd are called. */
  #id: number;
  #events: HerdEvent[] = [];
  #timer: Timer | undefined;
  #heard: Disposable | undefined;
  #tickMs = 0;
  readonly #restartsAtMs = new Map<string, number>();
  /** What was told last, as JSON, by what it is of. */
  readonly #told = new Map<string, string>();
  #faults: readonly FaultView[] = [];
  #faultsMs = 0;
  #areFaultsStale = true;

  /** Nobody watches. */
  constructor(herd: Herd) {
    this.#herd = herd;
    this.#counters = new CountersWatch(herd);
    this.#id = Math.floor(herd.platform.clock.nowMs());
  }

  /** How many watch. */
  get size(): number {
    return this.#watchers.size;
  }

  /** Whether one more may watch. */
  get hasRoom(): boolean {
    return this.#watchers.size < WATCHERS_MAX;
  }

  /** Tells a watcher what happens, until it goes. */
  watch(stream: EventStream, follow: readonly string[]): void {
    const watcher = { stream, follow: new Set(follow) };
    if (this.#watchers.size === 0) this.#begin();
    const missed = this.#missedBy(stream.lastId);
    if (missed === undefined) send(watcher, this.#whole());
    else for (const batch of missed) send(watcher, batch);
    this.#watchers.add(watcher);
    stream.onEnd(() => {
      if (!this.#watchers.delete(watcher)) return;
      if (this.#watchers.size === 0) this.#end();
    });
  }

  /** Tells nobody any more. */
  stop(): void {
    for (const { stream } of this.#watchers) stream.end();
    this.#watchers.clear();
    this.#end();
  }

  #begin(): void {
    const { clock } = this.#herd.platform;
    this.#counters.reset();
    this.#areFaultsStale = true;
    this.#tickMs = clock.nowMs();
    this.#heard = this.#herd.subscribe((event) => this.#hear(event));
    this.#timer = every(clock, BATCH_MS, () => this.#tick());
  }

  #end(): void {
    this.#timer?.cancel();
    this.#heard?.[Symbol.dispose]();
    this.#events = [];
    // Who comes back later has missed what nobody has heard.
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
    if (event.state !== "up") this.#counters.forget(event.server);
  }

  #tick(): void {
    const nowMs = this.#herd.platform.clock.nowMs();
    const status = this.#herd.status();
    const up = status.filter(({ state }) => state === "up")
      .map(({ name }) => name);
    this.#counters.ask(up, nowMs - this.#tickMs);
    this.#tickMs = nowMs;
    void this.#lookAtFaults(nowMs);
    const batch = this.#batch(nowMs, status);
    if (batch === undefined) return;
    this.#kept.push(batch);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const watcher of this.#watchers) send(watcher, batch);
  }

  /** What there is to tell; `undefined` if there is nothing. */
  #batch(atMs: number, status: readonly ServerStatus[]): Batch | undefined {
    const events = this.#events;
    this.#events = [];
    const servers = status.filter((it) =>
      this.#isNews(it.name, keyOf(it, this.#counters))
    )
      .map((it) => this.#serverView(it, atMs));
    const links = this.#links(status).filter((it) =>
      this.#isNews(`${it.a}-${it.b}`, JSON.stringify(it))
    );
    const flows = this.#counters.takeFlows();
    const figures = this.#counters.takeFigures();
    const faults = this.#isNews("", JSON.stringify(this.#faults));
    const isNothing = events.length + servers.length + links.length +
            flows.length === 0 && figures === undefined && !faults;
    if (isNothing) return undefined;
    return {
      id: ++this.#id,
      atMs,
      events,
      flows,
      hops: [],
      fixes: [],
      fixesLeftOut: 0,
      servers,
      links,
      ...faults && { faults: this.#faults },
      ...figures && { figures: { ...figures, propagation: null } },
    };
  }

  #isNews(of: string, text: string): boolean {
    if (this.#told.get(of) === text) return false;
    this.#told.set(of, text);
    return true;
  }

  /** Where all stands; who gets this goes on with the next batch. */
  #whole(): Batch {
    const atMs = this.#herd.platform.clock.nowMs();
    const status = this.#herd.status();
    return {
      id: this.#id,
      atMs,
      events: [],
      flows: [],
      hops: [],
      fixes: [],
      fixesLeftOut: 0,
      servers: status.map((it) => this.#serverView(it, atMs)),
      links: this.#links(status),
      faults: this.#faults,
    };
  }

  #serverView(status: ServerStatus, atMs: number): ServerView {
    const { name, state, sinceMs, port, restarts } = status;
    const stats = this.#counters.of(name);
    const restartsAtMs = this.#restartsAtMs.get(name);
    return {
      name,
      state,
      sinceMs,
      port,
      restarts,
      restartsInMs: restartsAtMs === undefined
        ? null
        : Math.max(0, restartsAtMs - atMs),
      records: stats?.records ?? null,
      queued: stats?.queued ?? null,
      clients: stats?.clients ?? null,
      lagMs: null,
      memory: null,
    };
  }

  #links(status: readonly ServerStatus[]): LinkView[] {
    const linked = new Map(status.map((it) => [it.name, it.linked]));
    return this.#herd.topology.links.map(([a, b]) => {
      const ab = this.#counters.ofWay(a, b);
      const ba = this.#counters.ofWay(b, a);
      return {
        a,
        b,
        isUp: linked.get(a)!.includes(b) && linked.get(b)!.includes(a),
        queuedAB: ab?.queued ?? null,
        queuedBA: ba?.queued ?? null,
        lagAB: ab ? ab.waitedS * 1_000 : null,
        lagBA: ba ? ba.waitedS * 1_000 : null,
      };
    });
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
      // The herd goes down, and the proxies with it.
    }
  }
}

/** What of a server makes it worth telling again, if it changes. */
function keyOf(status: ServerStatus, counters: CountersWatch): string {
  const { name, state, sinceMs, restarts, limitReached } = status;
  const { records, queued, clients } = counters.of(name) ?? {};
  return JSON.stringify(
    [state, sinceMs, restarts, limitReached, records, queued, clients],
  );
}

/** Of updates, each watcher is told those that it follows. */
function send({ stream, follow }: Watcher, batch: Batch): void {
  const hops = batch.hops.filter(({ client }) => follow.has(client));
  stream.send({ ...batch, hops }, batch.id);
}
