/**
 * All metrics of a drill, by name.
 *
 * @module
 */
import { type History, NOBODY } from "../history.ts";
import { eventsOf } from "../history_parts.ts";
import { disseminationOf, ratio } from "./dissemination.ts";
import {
  type Evidence,
  Fixes,
  isFix,
  type OperationRecord,
  operationsOf,
} from "./evidence.ts";
import { detectionTimesMs, faultFigures, faultsOf, isMix } from "./faults.ts";
import { FAULT_KINDS } from "../steps/kinds.ts";
import { healingOf } from "./healing.ts";
import { type Hops, hopsOf } from "./hops.ts";
import { lineMetrics, tiesOf } from "./lines.ts";
import { type Latency, LATENCY_FIGURES, latencyOf } from "./latency.ts";
import { isOfSpreading } from "./metric_names.ts";
import { loadMetrics } from "./load_figures.ts";
import {
  sessionMetrics,
  type SessionRead,
  sessionReads,
  stalenessOf,
} from "./sessions.ts";
import { type Update, updatesOf } from "./updates.ts";
import { type Span, Uptimes } from "./uptime.ts";

/** A metric's value; `undefined` if there is nothing to measure. */
export type MetricValue = number | boolean | undefined;

export type Metrics = ReadonlyMap<string, MetricValue>;

const WHOLE: readonly Span[] = [{ fromMs: -Infinity, toMs: Infinity }];

function isIn(atMs: number, spans: readonly Span[]): boolean {
  return spans.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
}

/** How often a server found one of its links down. */
function linksLost(history: History, spans: readonly Span[]): number {
  return eventsOf(history, "link")
    .filter(({ isUp, atMs }) => !isUp && isIn(atMs, spans)).length;
}

export class Measurement {
  readonly #evidence: Evidence;
  readonly #fixes: Fixes;
  readonly #operations: readonly OperationRecord[];
  readonly #updates: readonly Update[];
  readonly #hops: ReadonlyMap<string, Hops>;
  readonly #reads: readonly SessionRead[];

  constructor(evidence: Evidence, fixes: Fixes = new Fixes(evidence)) {
    this.#evidence = evidence;
    this.#fixes = fixes;
    this.#operations = operationsOf(evidence.history);
    this.#updates = updatesOf(evidence, this.#operations, fixes);
    this.#hops = hopsOf(evidence.history);
    this.#reads = sessionReads(evidence, fixes, this.#operations);
  }

  /**
   * The phases of the drill by name, in order. Each lasts until the next one,
   * and has several spans if it began several times.
   */
  phases(): Map<string, Span[]> {
    return phasesOf(this.#evidence.history);
  }

  /**
   * When a fault was active, by its ID, or those of a kind; empty if there was
   * none.
   */
  faultSpans(name: string): Span[] {
    return faultsOf(this.#evidence.history)
      .filter((it) => it.name === name || it.fault === name || it.id === name)
      .map(({ beganMs, endedMs = Infinity }) => ({
        fromMs: beganMs,
        toMs: endedMs,
      }));
  }

  /**
   * All metrics.
   *
   * @param spans Parts of the drill: metrics that support it count only what
   * was due in one of them. The others, of the whole drill, are left out then.
   */
  metrics(spans: readonly Span[] = WHOLE): Metrics {
    const evidence = this.#evidence;
    const isDueAt = (atMs: number) => isIn(atMs, spans);
    const isDue = ({ dueMs }: { dueMs: number }) => isDueAt(dueMs);
    const operations = this.#operations.filter(isDue);
    const updates = this.#updates.filter(isDue);
    const dissemination = disseminationOf(evidence, updates, this.#fixes);
    const controlLines = this.#controlLines(spans);
    const reads = this.#reads.filter(isDue);
    const all = new Map<string, MetricValue>([
      ...spans === WHOLE ? this.#measureWhole() : [],
      ...operationMetrics(operations),
      ...Object.entries(dissemination),
      ["control_lines", controlLines],
      ...lineMetrics(evidence, ({ atMs }) => isDueAt(atMs)),
      ["links.lost", linksLost(evidence.history, spans)],
      [
        "messages_per_operation",
        ratio(dissemination.messages + controlLines, operations.length),
      ],
      ...this.#latencies(operations, updates),
      ...this.#hopMetrics(isDueAt),
      ...sessionMetrics(reads),
      ...figures("sessions.staleness.", stalenessOf(reads)),
    ]);
    if (evidence.mode !== "ondemand") return all;
    return new Map([...all].filter(([name]) => !isOfSpreading(name)));
  }

  /**
   * Lines that servers wrote to each other, other than updates and heartbeats.
   */
  #controlLines(spans: readonly Span[]): number {
    return eventsOf(this.#evidence.history, "control")
      .filter(({ atMs }) => isIn(atMs, spans))
      .reduce((sum, { lines }) => sum + lines, 0);
  }

  /** Metrics that do not depend on phases. */
  #measureWhole(): Metrics {
    const evidence = this.#evidence;
    const detection = latencyOf(detectionTimesMs(evidence));
    // There is one event if the herd was stopped.
    const sockets = eventsOf(evidence.history, "sockets");
    return new Map<string, MetricValue>([
      ...Object.entries(
        healingOf(evidence, this.#operations, this.#updates, this.#fixes),
      ),
      ...figures("detection.", detection),
      ...restartMetrics(evidence),
      ...this.#queues(),
      ...loadMetrics(evidence.history),
      ["repairs", eventsOf(evidence.history, "sync-repair").length],
      ["ties", tiesOf(evidence, this.#fixes)],
      ["sockets.leaked", sockets.at(-1)?.leaked.length],
      ...this.#faults(),
    ]);
  }

  *#latencies(
    operations: readonly OperationRecord[],
    updates: readonly Update[],
  ): Iterable<[string, MetricValue]> {
    const { topology, history } = this.#evidence;
    const servers = topology.servers.map(({ name }) => name);
    const uptimes = new Uptimes(history, servers);
    const toAll: number[] = [];
    const to = servers.map((server) => ({ server, times: [] as number[] }));
    for (const update of updates) {
      let longestMs = -Infinity;
      for (const { server, times } of to) {
        const ms = arrivalMs(update, server, uptimes);
        if (ms === undefined) continue;
        longestMs = Math.max(longestMs, ms);
        if (ms !== Infinity) times.push(ms);
      }
      if (Number.isFinite(longestMs)) toAll.push(longestMs);
    }
    yield* figures("", latencyOf(toAll));
    for (const { server, times } of to) {
      yield* figures(`to.${server}.`, latencyOf(times));
    }
    const acknowledged = operations.filter(isFix)
      .flatMap(({ dueMs, end }) =>
        // Servers that are brought may answer anything.
        end?.kind === "ok" && this.#fixes.of(end.reply ?? "")
          ? [end.atMs - dueMs]
          : []
      );
    yield* figures("ack.", latencyOf(acknowledged));
  }

  *#hopMetrics(
    isDueAt: (atMs: number) => boolean,
  ): Iterable<[string, MetricValue]> {
    const to = new Map(
      [...this.#hops].map(([name, { dueMs, tookMs }]) => [
        name,
        tookMs.filter((_, at) => isDueAt(dueMs[at]!)),
      ]),
    );
    yield* figures("hop.", latencyOf([...to.values()].flat()));
    for (const { name } of this.#evidence.topology.servers) {
      yield* figures(`hop.${name}.`, latencyOf(to.get(name) ?? []));
    }
  }

  *#queues(): Iterable<[string, MetricValue]> {
    const longest = new Map<string, number>();
    for (const event of eventsOf(this.#evidence.history, "queue")) {
      const known = longest.get(event.server) ?? 0;
      longest.set(event.server, Math.max(known, event.longest));
    }
    const all = [...longest.values()];
    yield ["queues.max", Math.max(0, ...all)];
    for (const { name } of this.#evidence.topology.servers) {
      yield [`queues.${name}.max`, longest.get(name) ?? 0];
    }
  }

  *#faults(): Iterable<[string, MetricValue]> {
    const faults = faultsOf(this.#evidence.history);
    const single = faults.filter((fault) => !isMix(fault));
    const { touched: _, ...all } = faultFigures(single, this.#operations);
    for (const [name, it] of Object.entries(all)) yield [`faults.${name}`, it];
    for (const kind of FAULT_KINDS) {
      const ofKind = faults.filter(({ fault }) => fault === kind);
      const its = Object.entries(faultFigures(ofKind, this.#operations));
      for (const [name, it] of its) yield [`faults.${kind}.${name}`, it];
    }
  }
}

/**
 * How long an update took to reach a server; `undefined` if the server was not
 * up when it was sent, and `Infinity` if it did not arrive before the server
 * ended. What a server learns after a restart is not a slow update: it could
 * not have had it sooner.
 */
function arrivalMs(
  { arrivals, dueMs, operation }: Update,
  server: string,
  uptimes: Uptimes,
): number | undefined {
  const uptime = uptimes.at(server, operation?.invokedMs ?? dueMs);
  if (uptime === undefined) return undefined;
  const arrival = arrivals.get(server);
  const isInTime = arrival !== undefined && arrival.atMs < uptime.toMs;
  return isInTime ? arrival.atMs - dueMs : Infinity;
}

/** The phases of a drill, and the spans of each. */
function phasesOf(history: History): Map<string, Span[]> {
  const starts = eventsOf(history, "step").flatMap(({ phase, atMs }) =>
    phase === undefined ? [] : [{ name: phase, fromMs: atMs }]
  );
  const phases = new Map<string, Span[]>();
  for (const [i, { name, fromMs }] of starts.entries()) {
    const span = { fromMs, toMs: starts[i + 1]?.fromMs ?? Infinity };
    phases.set(name, [...phases.get(name) ?? [], span]);
  }
  return phases;
}

function* figures(
  prefix: string,
  latency: Latency | undefined,
): Iterable<[string, MetricValue]> {
  for (const name of LATENCY_FIGURES) yield [prefix + name, latency?.[name]];
  yield [`${prefix}samples`, latency?.count ?? 0];
}

function* operationMetrics(
  operations: readonly OperationRecord[],
): Iterable<[string, MetricValue]> {
  const ended = (kind: string) =>
    operations.filter(({ end }) => (end?.kind ?? "info") === kind).length;
  yield ["operations", operations.length];
  yield ["operations.ok", ended("ok")];
  yield ["operations.failed", ended("fail")];
  yield ["operations.unknown", ended("info")];
  const unsent = operations.filter(({ connection }) => connection === NOBODY);
  yield ["operations.unsent", unsent.length];
}

/** What the restart policy did about servers that ended by themselves. */
function* restartMetrics(
  { topology, history }: Evidence,
): Iterable<[string, MetricValue]> {
  const restarts = eventsOf(history, "restart");
  const trips = eventsOf(history, "restart-limit");
  const ofServer = topology.servers.map(({ name }) => {
    const isOf = ({ server }: { server: string }) => server === name;
    const count = restarts.filter(isOf).length;
    return { name, count, limitReached: trips.filter(isOf).length };
  });
  const most = Math.max(0, ...ofServer.map(({ count }) => count));
  yield ["restarts.total", restarts.length];
  yield ["restarts.max_per_server", most];
  yield ["restarts.limit_reached", trips.length];
  for (const { name, count, limitReached } of ofServer) {
    yield [`restarts.${name}.count`, count];
    yield [`restarts.${name}.limit_reached`, limitReached];
  }
  const waits = restarts.map(({ backoffMs }) => backoffMs);
  yield* figures("restarts.backoff.", latencyOf(waits));
}
