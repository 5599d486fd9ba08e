/**
 * The names of all metrics of a drill, which `checks:` in a scenario may use.
 *
 * @module
 */
import { FAULT_KINDS } from "../steps/kinds.ts";
import { LATENCY_FIGURES } from "./latency.ts";
import { LINE_METRICS } from "./lines.ts";

export type Unit = "count" | "ratio" | "ms" | "boolean";

/** A metric for use in checks. */
export interface MetricInfo {
  readonly unit: Unit;
  /** Whether it exists for a single phase or fault too. */
  readonly hasPhases: boolean;
}

/** Metrics that are shares, from 0 to 1. */
export const SHARES: ReadonlySet<string> = new Set([
  "reliability",
  "load.achieved",
]);

/** Metrics that may be negative. */
export const SIGNED: ReadonlySet<string> = new Set(["redundancy"]);

/** Guarantees that a session may find kept, though no mode promises them. */
export const SESSION_GUARANTEES = [
  "sessions.monotonic_reads",
  "sessions.read_your_writes",
] as const;

/** Whether a metric counts observed violations, which is a lower bound. */
export function isCountOfViolations(metric: string): boolean {
  return SESSION_GUARANTEES.some((it) => metric === `${it}.violations`);
}

/** Another figure of the guarantee that a metric is about. */
export function guaranteeFigure(
  metric: string,
  figure: "judged" | "unknown",
): string {
  return metric.replace(/\w+$/, figure);
}

/** The metrics of a herd with these servers, in the order of a report. */
export function metricInfos(
  servers: readonly string[],
): Map<string, MetricInfo> {
  const infos = new Map<string, MetricInfo>();
  const add = (unit: Unit, hasPhases: boolean, ...names: string[]) => {
    for (const name of names) infos.set(name, { unit, hasPhases });
  };
  const latency = (prefix: string, hasPhases = true) => {
    add("ms", hasPhases, ...LATENCY_FIGURES.map((it) => prefix + it));
    add("count", hasPhases, `${prefix}samples`);
  };
  add(
    "count",
    true,
    "operations",
    "operations.ok",
    "operations.failed",
    "operations.unknown",
    "operations.unsent",
  );
  add("ratio", false, "load.achieved");
  add("count", false, "load.dropped");
  add("boolean", false, "converged");
  add("count", false, "acknowledged", "lost", "lost.unexplained", "stale");
  add("ms", false, "time_to_heal");
  add("ratio", true, "reliability");
  add("count", true, "updates", "messages", "duplicates");
  add("ratio", true, "messages_per_update");
  add("count", true, "control_lines", ...LINE_METRICS, "links.lost");
  add("ratio", true, "messages_per_operation");
  add("count", false, "flood_messages", "least_messages");
  add("ratio", true, "redundancy", "last_hop.mean");
  add("count", true, "last_hop.max");
  latency("");
  for (const server of servers) latency(`to.${server}.`);
  latency("ack.");
  latency("hop.");
  for (const server of servers) latency(`hop.${server}.`);
  add("count", true, "sessions.answers");
  for (const guarantee of SESSION_GUARANTEES) {
    const figures = ["violations", "judged", "unknown"];
    add("count", true, ...figures.map((it) => `${guarantee}.${it}`));
  }
  latency("sessions.staleness.");
  latency("detection.", false);
  add("count", false, "restarts.total", "restarts.max_per_server");
  add("count", false, "restarts.limit_reached");
  for (const server of servers) {
    add("count", false, `restarts.${server}.count`);
    add("count", false, `restarts.${server}.limit_reached`);
  }
  latency("restarts.backoff.", false);
  add("count", false, "queues.max");
  for (const server of servers) add("count", false, `queues.${server}.max`);
  add("count", false, "repairs", "ties");
  add("count", false, "sockets.leaked");
  for (const kind of ["", ...FAULT_KINDS.map((kind) => `${kind}.`)]) {
    const figures = ["count", "residual", "vacuous", "overlapped_updates"];
    add("count", false, ...figures.map((it) => `faults.${kind}${it}`));
    if (kind !== "") add("count", false, `faults.${kind}touched`);
  }
  return infos;
}

const OF_SPREADING: ReadonlySet<string> = new Set([
  "reliability",
  "messages",
  "duplicates",
  "messages_per_update",
  "flood_messages",
  "least_messages",
  "redundancy",
  "last_hop.mean",
  "last_hop.max",
  "time_to_heal",
  ...LATENCY_FIGURES,
  "samples",
]);

/**
 * Whether a metric is about how updates spread, which they do not in mode
 * `ondemand`.
 */
export function isOfSpreading(metric: string): boolean {
  return OF_SPREADING.has(metric) || /^(to|hop)\./.test(metric);
}
