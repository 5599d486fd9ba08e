/**
 * Rate and latency over time, in bins of equal width.
 *
 * @module
 */
import type { PageDownTime } from "../model/report/page_data.ts";
import type { MessageTable, RequestTable } from "./columns.ts";
import type { Spread } from "./propagation.ts";

export type Bin = Readonly<ReturnType<typeof binsOf>[number]>;

/** Durations in milliseconds. */
export type Quantiles = Readonly<ReturnType<typeof quantiles>>;

/** The bins of a run, up to a maximum number. */
export function binsOf(
  spanMs: number,
  { messages, requests, spread, servers, downTimes }: {
    messages: MessageTable;
    requests: RequestTable;
    spread: Spread;
    servers: number;
    downTimes: readonly PageDownTime[];
  },
  bins = 120,
) {
  const widthMs = binWidthMs(spanMs, bins);
  // A remainder at the end belongs to the last bin.
  const count = Math.round(spanMs / widthMs) || 1;
  const endOf = (bin: number) => bin < count - 1 ? (bin + 1) * widthMs : spanMs;
  const binOf = (ms: number) =>
    Math.min(count - 1, Math.max(0, Math.floor(ms / widthMs)));
  const ok = new Float64Array(count);
  const trouble = new Float64Array(count);
  const sent = new Float64Array(count);
  const replies: number[][] = Array.from({ length: count }, () => []);
  const deliveries: number[][] = Array.from({ length: count }, () => []);
  for (let i = 0; i < requests.length; i++) {
    // From when it was due: a stalled sender must not hide its own delay.
    const bin = binOf(requests.dueMs[i]!);
    if (requests.outcome[i] !== 0) trouble[bin]!++;
    else {
      ok[bin]!++;
      replies[bin]!.push(requests.endedMs[i]! - requests.dueMs[i]!);
    }
  }
  const downs = Map.groupBy(downTimes, ({ server }) => server);
  for (let i = 0; i < messages.length; i++) {
    const receivedMs = messages.receivedMs[i]!;
    if (messages.from[i]! < servers) sent[binOf(messages.sentMs[i]!)]!++;
    if (messages.isNew[i] === 0 || Number.isNaN(receivedMs)) continue;
    const startMs = spread.startMs[messages.update[i]!]!;
    const wasDown = downs.get(messages.to[i]!)
      ?.some(({ toMs }) => toMs > startMs && toMs <= receivedMs);
    if (wasDown) continue;
    deliveries[binOf(startMs)]!.push(receivedMs - startMs);
  }
  return Array.from({ length: count }, (_, i) => {
    const fromMs = i * widthMs;
    const toMs = endOf(i);
    const perSecond = 1_000 / (toMs - fromMs);
    return {
      /** In milliseconds since the start. */
      fromMs,
      toMs,
      /** Requests made in it that were answered, per second. */
      okPerSecond: ok[i]! * perSecond,
      /** Requests made in it that failed or have an unknown outcome. */
      troublePerSecond: trouble[i]! * perSecond,
      /** Messages between servers sent in it, per second. */
      messagesPerSecond: sent[i]! * perSecond,
      /** The time to the reply. */
      replyMs: quantiles(replies[i]!),
      /**
       * The time of an update from the client to each server that was up all
       * the while: what one learns when it is back it could not have had
       * sooner.
       */
      deliveryMs: quantiles(deliveries[i]!),
    };
  });
}

/** A round width that gives at most so many bins. */
function binWidthMs(spanMs: number, bins: number): number {
  return roundUp(Math.max(spanMs / bins, 1));
}

/** By nearest rank. */
function quantiles(values: number[]) {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  return {
    samples: values.length,
    /** NaN if there is no value. */
    median: at(0.5),
    /** The 99th percentile; of fewer than 100 values, the highest. */
    p99: at(0.99),
  };
}

/** Rounds up to the next of 1, 2, 5, 10, 20, … */
export function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((times) => times * unit)
    .find((round) => round >= value * (1 - 1e-9))!;
}

/** Round values from `from` to `to`, about `count` of them. */
export function ticksOf(from: number, to: number, count: number): number[] {
  const step = roundUp(Math.max((to - from) / Math.max(count, 1), 1e-6));
  const ticks = [];
  for (let i = Math.ceil(from / step); i * step <= to; i++) {
    ticks.push(i * step);
  }
  return ticks;
}
