/**
 * How long updates take to reach the last server of a herd, by the servers' own
 * records.
 *
 * @module
 */
import type { Herd } from "../../sim/live/herd/herd.ts";
import { type Latency, latencyOf } from "../../sim/model/checks/latency.ts";
import type { OpenLoop, OpenLoopResult } from "./open_loop.ts";
import type { Processes } from "./processes.ts";
import { intendedMs } from "./updates.ts";

/** The result of an open-loop run over a herd. */
export interface TracedRun {
  /** Number of measured updates. */
  readonly sent: number;
  /** From the due time to the last server, in milliseconds. */
  readonly latency: Latency | undefined;
  /** How late the generator was, in milliseconds. */
  readonly late: Latency;
  /** Updates that were superseded before they were everywhere. */
  readonly superseded: number;
  /** AT lines written to links, per update. */
  readonly messages: number;
  readonly servers: number;
}

/** When the last server received each update, by the time it was due. */
export class LastArrivals {
  readonly #servers: number;
  readonly #last = new Map<number, { servers: number; atMs: number }>();

  constructor(servers: number) {
    this.#servers = servers;
  }

  add(dueMs: number, atMs: number): void {
    const seen = this.#last.get(dueMs);
    if (seen === undefined) this.#last.set(dueMs, { servers: 1, atMs });
    else {
      seen.servers++;
      seen.atMs = Math.max(seen.atMs, atMs);
    }
  }

  /** How long each update took that reached all servers, in milliseconds. */
  latenciesMs(): number[] {
    return [...this.#last]
      .filter(([, { servers }]) => servers === this.#servers)
      .map(([dueMs, { atMs }]) => atMs - dueMs);
  }
}

const SETTLED_MS = 20_000;
const LINE_TIME = /^AT \S+ \S+ \S+ \S+ (\S+)/;

export type Pace = Pick<
  OpenLoop,
  "ratePerSecond" | "warmupMs" | "measureMs" | "clients"
>;

/** Sends updates at a steady rate. */
export async function openLoop(
  processes: Processes,
  load: OpenLoop,
): Promise<OpenLoopResult> {
  return await processes.answer("result", "open_loop.ts", [load]);
}

/** Sends updates to all servers of a herd in turn, at a steady rate. */
export async function openLoopOver(
  processes: Processes,
  herd: Herd,
  pace: Pace,
): Promise<OpenLoopResult> {
  return await openLoop(processes, {
    ...pace,
    protocol: "herd",
    publish: herd.names.map((name) => herd.address(name).port),
    subscribe: [],
  });
}

/** Runs an open loop over a herd that was started with `trace`. */
export async function tracedRun(
  processes: Processes,
  herd: Herd,
  pace: Pace,
): Promise<TracedRun> {
  const { sent, late, fromMs } = await openLoopOver(processes, herd, pace);
  await herd.converged({ withinMs: SETTLED_MS });
  const { latenciesMs, messages } = readDeliveries(herd, fromMs);
  return {
    sent,
    late,
    latency: latencyOf(latenciesMs),
    superseded: sent - latenciesMs.length,
    messages: messages / sent,
    servers: herd.names.length,
  };
}

/** How long each update took that reached all servers; and what was sent. */
function readDeliveries(
  herd: Herd,
  fromMs: number,
): { latenciesMs: number[]; messages: number } {
  const arrivals = new LastArrivals(herd.names.length);
  let messages = 0;
  for (const record of herd.trace()) {
    if (record.kind !== "sent" && record.kind !== "delivery") continue;
    const { atMs, line } = record;
    const time = LINE_TIME.exec(line)?.[1];
    if (time === undefined) continue;
    const dueMs = intendedMs(time);
    if (dueMs < fromMs) continue;
    if (record.kind === "sent") messages++;
    else if (record.isNew) arrivals.add(dueMs, atMs);
  }
  return { latenciesMs: arrivals.latenciesMs(), messages };
}
