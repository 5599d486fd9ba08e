/**
 * How long a client waits for its replies, one after the other.
 *
 * @module
 */
import { delay } from "@std/async";
import { type Latency, latencyOf } from "../../sim/model/checks/latency.ts";

/** Milliseconds between two lines of the client. */
const PAUSE_MS = 5;
const READ_BYTES = 65_536;

/** Waits in milliseconds, and their number. */
export interface Waits extends Pick<Latency, "p50" | "p99" | "max"> {
  readonly samples: number;
}

/**
 * Lets a client send IAMATs, each after the previous reply and a pause.
 *
 * @throws {Error} If the server closes the connection, which is no reply.
 */
export async function waitsAt(port: number, forMs: number): Promise<Waits> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  const buffer = new Uint8Array(READ_BYTES);
  const waits: number[] = [];
  const endMs = performance.now() + forMs;
  do {
    const sentMs = performance.now();
    const line = `IAMAT other +1+1 ${1_800_000_000 + waits.length}\n`;
    await conn.write(new TextEncoder().encode(line));
    if (await conn.read(buffer) === null) {
      conn.close();
      throw new Error("The server has closed the connection");
    }
    waits.push(performance.now() - sentMs);
    await delay(PAUSE_MS);
  } while (performance.now() < endMs);
  conn.close();
  const { count: samples, p50, p99, max } = latencyOf(waits)!;
  return { samples, p50, p99, max };
}
