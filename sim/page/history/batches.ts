/**
 * Turns a run's history into the batches that a live page would have received,
 * so that it is replayed in the same way.
 *
 * @module
 */
import type { HerdEvent } from "../../model/events.ts";
import type { HistoryEvent, QueueEvent } from "../../model/history.ts";
import { shapeOf } from "../../model/topology/shape.ts";
import type {
  Batch,
  FaultView,
  Flow,
  Hop,
  LinkView,
  ServerView,
  Shape,
} from "../../model/web/batch.ts";
import { linkName } from "../snapshot.ts";
import { figuresBySecond } from "./figures.ts";
import { HeldFixes } from "./held.ts";
import { hopsOf } from "./hops.ts";

/** The milliseconds that a batch covers. */
export const BATCH_MS = 100;
/**
 * The shape of a large herd takes long to compute: at least so many batches lie
 * between two.
 */
const SHAPE_BATCHES = 5;
const SECOND_MS = 1_000;

/**
 * The batches of a run; updates of followed clients come link by link.
 *
 * @param harms What faults do to links or servers, by kind.
 */
export function batchesOf(
  events: readonly HistoryEvent[],
  followed: readonly string[] = [],
  harms: Harms = {},
): Batch[] {
  return new HistoryBatches(events, followed, harms).all();
}

type Harms = Readonly<Record<string, NonNullable<FaultView["harm"]>>>;

type Waiting = Readonly<Record<"queued" | "lagMs", number | null>>;

/** Of a server that has ended. */
const NOT_KNOWN: Waiting = { queued: null, lagMs: null };

class HistoryBatches {
  readonly #events: readonly HistoryEvent[];
  readonly #harms: Harms;
  readonly #servers = new Map<string, ServerView>();
  readonly #links = new Map<string, LinkView>();
  /** For each link, the servers that have it up. */
  readonly #ends = new Map<string, Set<string>>();
  readonly #faults = new Map<string, FaultView>();
  readonly #held: HeldFixes;
  readonly #hops: ReadonlyMap<HistoryEvent, Hop>;
  readonly #changedServers = new Set<string>();
  readonly #changedLinks = new Set<string>();
  #areFaultsChanged = true;
  #isShapeChanged = true;
  /** The batch with the last shape. */
  #shapeId = -SHAPE_BATCHES;

  constructor(
    events: readonly HistoryEvent[],
    followed: readonly string[],
    harms: Harms,
  ) {
    this.#events = events;
    this.#harms = harms;
    this.#meet();
    this.#held = new HeldFixes(this.#servers);
    this.#hops = hopsOf(events, new Set(followed));
  }

  /** Collects servers and links from all events. */
  #meet(): void {
    const pairs: (readonly [string, string])[] = [];
    for (const event of this.#events) {
      if (event.kind === "state") this.#meetServer(event.server);
      else if (event.kind === "link" || event.kind === "connection") {
        pairs.push([event.server, event.peer]);
      } else if (event.kind === "sent") pairs.push([event.server, event.to]);
    }
    const order = () => [...this.#servers.keys()];
    for (const [a, b] of pairs) {
      if (a === "" || b === "") continue;
      this.#meetServer(a);
      this.#meetServer(b);
      const ends = order().indexOf(a) < order().indexOf(b)
        ? { a, b }
        : { a: b, b: a };
      const name = linkName(ends);
      if (this.#links.has(name)) continue;
      this.#ends.set(name, new Set());
      this.#links.set(name, {
        ...ends,
        isUp: false,
        queuedAB: null,
        queuedBA: null,
        lagAB: null,
        lagBA: null,
      });
      this.#changedLinks.add(name);
    }
  }

  #meetServer(name: string): void {
    if (this.#servers.has(name)) return;
    this.#changedServers.add(name);
    this.#servers.set(name, {
      name,
      state: "stopped",
      sinceMs: 0,
      port: 0,
      restarts: 0,
      restartsInMs: null,
      records: null,
      queued: null,
      clients: null,
      lagMs: null,
      memory: null,
    });
  }

  all(): Batch[] {
    const batches: Batch[] = [];
    const endMs = this.#events.at(-1)?.atMs ?? 0;
    const figures = figuresBySecond(this.#events);
    let at = 0;
    for (let id = 1; (id - 1) * BATCH_MS <= endMs; id++) {
      const atMs = id * BATCH_MS;
      const from = at;
      while (at < this.#events.length && this.#events[at]!.atMs < atMs) at++;
      const batch = this.#batch(id, this.#events.slice(from, at));
      const second = figures.get(atMs);
      batches.push(
        second === undefined ? batch : { ...batch, figures: second },
      );
    }
    return batches;
  }

  #batch(id: number, events: readonly HistoryEvent[]): Batch {
    const told: HerdEvent[] = [];
    const flows = new Map<string, Flow>();
    const hops: Hop[] = [];
    for (const event of events) {
      this.#take(event);
      const herdEvent = herdEventOf(event);
      if (herdEvent !== undefined) told.push(herdEvent);
      if (event.kind === "sent") {
        addFlow(flows, event.server, event.to, event.line.length);
      } else if (event.kind === "control") {
        addFlow(flows, event.server, event.to, 0, event.lines);
      }
      const hop = this.#hops.get(event);
      if (hop !== undefined) hops.push(hop);
    }
    for (const [name, records] of this.#held.takeCounts()) {
      this.#changeServer(name, { records });
    }
    const taken = <K, T>(names: Set<K>, all: ReadonlyMap<K, T>) => {
      const list = [...names].map((name) => all.get(name)!);
      names.clear();
      return list;
    };
    const areFaultsTold = this.#areFaultsChanged;
    this.#areFaultsChanged = false;
    const shape = this.#takeShape(id);
    return {
      id,
      atMs: id * BATCH_MS,
      events: told,
      flows: [...flows.values()],
      hops,
      fixes: this.#held.takeChanged(),
      fixesLeftOut: 0,
      servers: taken(this.#changedServers, this.#servers),
      links: taken(this.#changedLinks, this.#links),
      ...areFaultsTold && { faults: [...this.#faults.values()] },
      ...shape && { shape },
    };
  }

  #take(event: HistoryEvent): void {
    switch (event.kind) {
      case "state":
        this.#changeServer(event.server, {
          state: event.state,
          sinceMs: event.atMs,
        });
        if (event.state !== "up" && event.state !== "paused") {
          this.#loseEnds(event.server);
          this.#changeLoad(event.server, NOT_KNOWN, () => NOT_KNOWN);
        }
        this.#isShapeChanged = true;
        return this.#held.state(event.server, event.state);
      case "restart":
        return this.#changeServer(event.server, { restarts: event.restarts });
      case "link":
        return this.#changeEnd(event.server, event.peer, event.isUp);
      case "queue":
        return this.#takeQueues(event);
      case "delivery":
        if (event.isNew) this.#held.deliver(event.server, event.line);
        return;
      default:
        this.#takeFault(event);
    }
  }

  #takeQueues({ server, lagMs, waiting }: QueueEvent): void {
    if (lagMs === undefined || waiting === undefined) return;
    const queued = waiting.reduce((sum, { queued }) => sum + queued, 0);
    this.#changeLoad(server, { lagMs, queued }, (peer) => {
      const its = waiting.find((it) => it.peer === peer);
      const waitedS = its?.waitedS ?? 0;
      return { queued: its?.queued ?? 0, lagMs: waitedS * SECOND_MS };
    });
  }

  /** Changes a server's load, and what waits there for each neighbour. */
  #changeLoad(
    server: string,
    load: Waiting,
    waitingFor: (peer: string) => Waiting,
  ): void {
    this.#changeServer(server, load);
    for (const [name, link] of this.#links) {
      const { a, b } = link;
      if (a !== server && b !== server) continue;
      const { queued, lagMs } = waitingFor(a === server ? b : a);
      const change = a === server
        ? { queuedAB: queued, lagAB: lagMs }
        : { queuedBA: queued, lagBA: lagMs };
      this.#links.set(name, { ...link, ...change });
      this.#changedLinks.add(name);
    }
  }

  /** The herd's shape, if it has changed and enough batches have passed. */
  #takeShape(id: number): Shape | undefined {
    const isDue = id >= this.#shapeId + SHAPE_BATCHES;
    if (!this.#isShapeChanged || !isDue || this.#links.size === 0) {
      return undefined;
    }
    this.#isShapeChanged = false;
    this.#shapeId = id;
    const up = [...this.#servers.values()]
      .filter(({ state }) => state === "up").map(({ name }) => name);
    const all = [...this.#links.values()];
    const pairs = (links: readonly LinkView[]) =>
      links.map(({ a, b }): [string, string] => [a, b]);
    return shapeOf(up, pairs(all.filter(({ isUp }) => isUp)), pairs(all));
  }

  #takeFault(event: HistoryEvent): void {
    const change = (id: string, more: Partial<FaultView>) => {
      const fault = this.#faults.get(id);
      if (fault !== undefined) this.#faults.set(id, { ...fault, ...more });
    };
    switch (event.kind) {
      case "fault-begin": {
        const { id, fault, targets, atMs: sinceMs } = event;
        const text = `${fault.replaceAll("_", " ")} on ${targets.join(", ")}`;
        const harm = this.#harms[fault];
        this.#faults.set(id, {
          id,
          fault,
          ...harm !== undefined && { harm },
          targets,
          text,
          sinceMs,
          touched: 0,
        });
        break;
      }
      case "fault-part-end":
        change(event.id, { targets: event.left });
        break;
      case "fault-touched":
        change(event.id, { touched: event.touched });
        break;
      case "fault-end":
        this.#faults.delete(event.id);
        break;
      default:
        return;
    }
    this.#areFaultsChanged = true;
  }

  #changeServer(name: string, more: Partial<ServerView>): void {
    const server = this.#servers.get(name);
    if (server === undefined) return;
    this.#servers.set(name, { ...server, ...more });
    this.#changedServers.add(name);
  }

  #changeEnd(server: string, peer: string, isUp: boolean): void {
    const name = [`${server}-${peer}`, `${peer}-${server}`]
      .find((it) => this.#links.has(it));
    if (name === undefined) return;
    const ends = this.#ends.get(name)!;
    if (isUp) ends.add(server);
    else ends.delete(server);
    const link = this.#links.get(name)!;
    if (link.isUp === (ends.size === 2)) return;
    this.#links.set(name, { ...link, isUp: ends.size === 2 });
    this.#isShapeChanged = true;
    this.#changedLinks.add(name);
  }

  /** A server that has ended does not report the links that it lost. */
  #loseEnds(server: string): void {
    for (const { a, b } of [...this.#links.values()]) {
      if (a === server || b === server) {
        this.#changeEnd(server, a === server ? b : a, false);
      }
    }
  }
}

function addFlow(
  flows: Map<string, Flow>,
  from: string,
  to: string,
  bytes: number,
  lines = 1,
): void {
  if (to === "") return;
  const way = `${from}>${to}`;
  const flow = flows.get(way) ?? { from, to, lines: 0, bytes: 0 };
  flows.set(way, {
    ...flow,
    lines: flow.lines + lines,
    bytes: flow.bytes + bytes,
  });
}

/**
 * The event as a live page receives it; `undefined` if it is not sent to pages.
 */
function herdEventOf(event: HistoryEvent): HerdEvent | undefined {
  switch (event.kind) {
    case "state":
    case "restart":
    case "restart-limit":
    case "fault-begin":
    case "fault-part-end":
    case "fault-end":
      return event;
    case "link": {
      const { atMs, server, peer, isUp, why = "" } = event;
      return isUp
        ? { atMs, kind: "link-up", server, peer }
        : { atMs, kind: "link-down", server, peer, why };
    }
    default:
      return undefined;
  }
}
