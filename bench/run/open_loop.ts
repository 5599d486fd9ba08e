/**
 * The open-loop generator, a process of its own: sends updates at a steady
 * rate, whatever comes back, and, if it subscribes, measures how long each took
 * to reach the last subscriber.
 *
 * Each update contains the time at which it was due, and latency counts from
 * then: a late generator makes the figures worse, never better.
 *
 * @module
 */
import { Channel } from "../../herd/net/channel.ts";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { type Latency, latencyOf } from "../../sim/model/checks/latency.ts";
import { inTime } from "./in_time.ts";
import type { PacerStart } from "./pacer.ts";
import {
  type Protocol,
  type ProtocolName,
  PROTOCOLS,
  type Subscription,
} from "./publish.ts";
import { intendedMs, updateLine } from "./updates.ts";
import { ownArgs, serve } from "./serve.ts";

/** The generator's options. */
export interface OpenLoop {
  /** The protocol to publish and to subscribe with. */
  readonly protocol: ProtocolName;
  /** Ports that updates are sent to, in turn. */
  readonly publish: readonly number[];
  /** Who has to receive each of them. */
  readonly subscribe: readonly Subscription[];
  /** Updates a second. */
  readonly ratePerSecond: number;
  /** Milliseconds of warm-up. */
  readonly warmupMs: number;
  /** Milliseconds of measurement. */
  readonly measureMs: number;
  /** Clients that move in turn. */
  readonly clients: number;
}

/** The generator's report. */
export interface OpenLoopResult {
  /** Number of measured updates. */
  readonly sent: number;
  /**
   * When the first measured update was due, in milliseconds since the epoch.
   */
  readonly fromMs: number;
  /** How late they were sent, in milliseconds. */
  readonly late: Latency;
  /** From the due time to the last subscriber, in milliseconds. */
  readonly latency?: Latency;
  /** Updates that did not reach all subscribers. */
  readonly incomplete: number;
}

const { clock } = denoPlatform;
const LINE_BYTES_MAX = 65_536;
/** Updates due within this time of each other are sent together. */
const TICK_MS_MIN = 0.25;
const PROBE_MS = 20;
/** Milliseconds for the pacer to start. */
const START_MS = 100;
const READY_MS = 15_000;
const LAST_MS = 3_000;

/**
 * A connection that accepts lines at any time, and writes what has accumulated.
 */
class Outlet {
  readonly #channel: Channel;
  #pending = "";
  #isWriting = false;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  add(text: string): void {
    this.#pending += text;
  }

  async flush(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#pending !== "") {
      const text = this.#pending;
      this.#pending = "";
      if (!await this.#channel.writeText(text)) {
        throw new Error("A server has closed its connection");
      }
    }
    this.#isWriting = false;
  }
}

/**
 * Counts which subscribers have received which update, identified by its time.
 */
class Arrivals {
  readonly #counts = new Map<string, number>();
  readonly #seen: boolean[];
  readonly latenciesMs: number[] = [];
  fromMs = Infinity;

  constructor(subscribers: number) {
    this.#seen = Array.from({ length: subscribers }, () => false);
  }

  /** Whether each subscriber has received something. */
  get isReady(): boolean {
    return this.#seen.every((seen) => seen);
  }

  add(subscriber: number, time: string): void {
    const now = clock.nowMs();
    this.#seen[subscriber] = true;
    const dueMs = intendedMs(time);
    if (dueMs < this.fromMs) return;
    const count = (this.#counts.get(time) ?? 0) + 1;
    if (count < this.#seen.length) this.#counts.set(time, count);
    else {
      this.#counts.delete(time);
      this.latenciesMs.push(now - dueMs);
    }
  }
}

async function open(port: number): Promise<Channel> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  return new Channel(clock, conn, LINE_BYTES_MAX);
}

/** Reads a connection to its end, and answers keepalives. */
async function read(
  channel: Channel,
  onTime: (time: string) => void,
): Promise<void> {
  while (await channel.nextLine()) {
    const { line } = channel.lines;
    if (line.is(0, "IAMAT")) onTime(line.field(3));
    else if (line.is(0, "AT")) onTime(line.field(5));
    else if (line.is(0, "PING")) {
      await channel.writeText(`PONG${line.text.slice(4)}\r\n`);
    }
  }
}

async function publishers(
  { publish }: OpenLoop,
  protocol: Protocol,
): Promise<Outlet[]> {
  return await Promise.all(publish.map(async (port) => {
    const channel = await open(port);
    await protocol.connect(channel);
    read(channel, () => {});
    return new Outlet(channel);
  }));
}

async function subscribers(
  { subscribe }: OpenLoop,
  protocol: Protocol,
): Promise<Arrivals> {
  const arrivals = new Arrivals(subscribe.length);
  await Promise.all(subscribe.map(async (subscription, index) => {
    const channel = await open(subscription.port);
    await protocol.subscribe(channel, subscription);
    read(channel, (time) => arrivals.add(index, time));
  }));
  return arrivals;
}

/**
 * Publishes until each subscriber has received something: then all links are
 * up.
 */
async function untilReady(
  outlets: readonly Outlet[],
  protocol: Protocol,
  arrivals: Arrivals,
): Promise<void> {
  const isReady = async () => {
    if (arrivals.isReady) return true;
    outlets[0]?.add(protocol.publish(updateLine(0, clock.nowMs())));
    await outlets[0]?.flush();
    return false;
  };
  if (await inTime(isReady, READY_MS, PROBE_MS)) return;
  throw new Error("Not all subscribers are reached");
}

/** Calls `onTick` at each tick of a pacer, and makes up for late ones. */
async function pace(
  schedule: Omit<PacerStart, "memory">,
  onTick: () => void,
): Promise<void> {
  const memory = new SharedArrayBuffer(8);
  const words = new Int32Array(memory);
  const module = new URL("./pacer.ts", import.meta.url);
  const worker = new Worker(module, { type: "module" });
  const start: PacerStart = { memory, ...schedule };
  worker.postMessage(start);
  for (let seen = 0; seen < start.ticks;) {
    const wake = Atomics.waitAsync(words, 0, seen);
    if (wake.async) await wake.value;
    seen = Atomics.load(words, 0);
    onTick();
  }
}

/** Sends all updates; returns how late the measured ones were. */
async function sendAll(
  load: OpenLoop,
  protocol: Protocol,
  outlets: readonly Outlet[],
  onFrom: (fromMs: number) => void,
): Promise<number[]> {
  const { ratePerSecond, warmupMs, measureMs, clients } = load;
  const gapMs = 1_000 / ratePerSecond;
  const first = Math.ceil(warmupMs / gapMs);
  const total = first + Math.round(measureMs / gapMs);
  const tickMs = Math.max(gapMs, TICK_MS_MIN);
  const ticks = Math.ceil(total * gapMs / tickMs) + 1;
  const startMs = clock.nowMs() + START_MS;
  onFrom(startMs + (first - 0.5) * gapMs);
  const lateMs: number[] = [];
  let next = 0;
  await pace({ startMs, tickMs, ticks }, () => {
    const now = clock.nowMs();
    for (; next < total; next++) {
      const dueMs = startMs + next * gapMs;
      if (dueMs > now) break;
      if (next >= first) lateMs.push(now - dueMs);
      const line = updateLine(next % clients, dueMs);
      outlets[next % outlets.length]!.add(protocol.publish(line));
    }
    for (const outlet of outlets) outlet.flush();
  });
  return lateMs;
}

async function run(load: OpenLoop): Promise<OpenLoopResult> {
  const protocol = PROTOCOLS[load.protocol];
  const arrivals = await subscribers(load, protocol);
  const outlets = await publishers(load, protocol);
  await untilReady(outlets, protocol, arrivals);
  const lateMs = await sendAll(load, protocol, outlets, (fromMs) => {
    arrivals.fromMs = fromMs;
  });
  const sent = lateMs.length;
  const isWatched = load.subscribe.length > 0;
  const arrived = () => arrivals.latenciesMs.length;
  const isAll = () => !isWatched || arrived() >= sent;
  await inTime(isAll, LAST_MS, PROBE_MS);
  const latency = latencyOf(arrivals.latenciesMs);
  return {
    sent,
    fromMs: arrivals.fromMs,
    late: latencyOf(lateMs)!,
    ...latency && { latency },
    incomplete: isWatched ? sent - arrived() : 0,
  };
}

if (import.meta.main) {
  const [load] = ownArgs<[OpenLoop]>();
  await serve({ result: () => run(load) });
}
