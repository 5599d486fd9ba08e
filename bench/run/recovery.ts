/**
 * How long a server that was killed takes to hold everything again, while the
 * herd goes on.
 *
 * @module
 */
import { nowMs } from "../../herd/net/clock.ts";
import { Herd } from "../../sim/live/herd/herd.ts";
import { Fixes } from "./traffic.ts";

const CHUNK_BYTES = 65_536;
const TICK_MS = 10;
const POLL_MS = 20;
const WAIT_MS_MAX = 120_000;

/** How a recovery is measured. */
export interface RecoveryOptions {
  /** A topology's name. */
  readonly topology: string;
  /** The server that is killed and revived. */
  readonly server: string;
  /** The one that clients speak to. */
  readonly to: string;
  /** Clients, each with a fix. */
  readonly records: number;
  /** IAMAT a second that go on throughout. */
  readonly updatesPerSecond: number;
}

/** How a recovery went; milliseconds since the server was told to come back. */
export interface Recovery {
  /** It was linked to its neighbours. */
  readonly readyMs: number;
  /** It held all records. */
  readonly filledMs: number;
  /** Bytes of the whole process that its memory holds, before the kill. */
  readonly rssBytes: number;
}

/** A client that sends and throws replies away. */
class Feeder implements AsyncDisposable {
  readonly #conn: Deno.TcpConn;
  readonly #fixes: Fixes;
  readonly #records: number;
  readonly #drained: Promise<void>;
  #next = 0;

  constructor(conn: Deno.TcpConn, fixes: Fixes, records: number) {
    this.#conn = conn;
    this.#fixes = fixes;
    this.#records = records;
    this.#drained = this.#drain();
  }

  async #drain(): Promise<void> {
    const bytes = new Uint8Array(CHUNK_BYTES);
    try {
      while (await this.#conn.read(bytes) !== null);
    } catch (error) {
      // Our own close cuts the read short.
      if (!(error instanceof Deno.errors.Interrupted)) throw error;
    }
  }

  /** Sends the next fix of each of so many clients, in turn. */
  async send(count: number): Promise<void> {
    for (let left = count; left > 0;) {
      if (this.#next === this.#records) this.#next = 0;
      const last = Math.min(this.#next + left, this.#records);
      const bytes = this.#fixes.stamp(this.#next, last);
      left -= last - this.#next;
      this.#next = last;
      for (let at = 0; at < bytes.length;) {
        at += await this.#conn.write(bytes.subarray(at, at + CHUNK_BYTES));
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#conn.close();
    await this.#drained;
  }
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const stopMs = nowMs() + WAIT_MS_MAX;
  while (!await isDone()) {
    if (nowMs() > stopMs) throw new Error("The herd does not get there");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Fills a herd, kills a server, revives it, and waits until it holds all again. */
export async function measureRecovery(
  options: RecoveryOptions,
): Promise<Recovery> {
  const { topology, server, to, records, updatesPerSecond } = options;
  await using herd = await Herd.start(topology, { places: "none" });
  const fixes = new Fixes("load", records);
  await using feeder = new Feeder(
    await Deno.connect(herd.address(to)),
    fixes,
    records,
  );
  await feeder.send(records);
  const holdsAll = async (name: string) =>
    (await herd.stats(name)).records === records;
  for (const name of herd.names) await until(() => holdsAll(name));
  await herd.converged({ withinMs: WAIT_MS_MAX });
  const rssBytes = Deno.memoryUsage().rss;
  await herd.kill(server);
  const perTick = Math.round(updatesPerSecond * TICK_MS / 1_000);
  const ticks = setInterval(() => void feeder.send(perTick), TICK_MS);
  try {
    const beganMs = nowMs();
    await herd.revive(server);
    const readyMs = nowMs() - beganMs;
    await until(() => holdsAll(server));
    return { readyMs, filledMs: nowMs() - beganMs, rssBytes };
  } finally {
    clearInterval(ticks);
    await herd.converged({ withinMs: WAIT_MS_MAX });
  }
}
