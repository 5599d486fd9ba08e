/**
 * How long updates take to the last server of a herd, by what the servers
 * themselves record.
 *
 * @module
 */
import type { Herd } from "../../sim/live/herd/herd.ts";
import { type Latency, latencyOf } from "../../sim/model/checks/latency.ts";
import type { OpenLoop, OpenLoopResult } from "./open_loop.ts";
import type { Processes } from "./processes.ts";
import { intendedMs } from "./updates.ts";

/** What an open-loop run over a herd came to. */
export interface TracedRun {
  /** Updates that count. */
  readonly sent: number;
  /** From the intended time to the last server; ms. */
  readonly latency: Latency | undefined;
  /** How late the generator was; ms. */
  readonly late: Latency;
  /** Updates that a newer one overtook before they were everywhere. */
  readonly superseded: number;
  /** AT lines that were written to links, an update. */
  readonly messages: number;
  readonly servers: number;
}

/** Of updates, by when they were to be sent: when the last server had each. */
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

  /** Of each update that got to all servers, how long it took; ms. */
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

/** Sends updates to all servers of a herd in turn, at a steady rate. */
export async function openLoopOver(
  processes: Processes,
  herd: Herd,
  pace: Pace,
): Promise<OpenLoopResult> {
  const load: OpenLoop = {
    ...pace,
    protocol: "herd",
    publish: herd.names.map((name) => herd.address(name).port),
    subscribe: [],
  };
  await using generator = processes.module("open_loop.ts", [
    JSON.stringify(load),
  ]);
  return await generator.ask<OpenLoopResult>("result");
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

/** Of each update that got everywhere, how long it took; and what was sent. */
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
