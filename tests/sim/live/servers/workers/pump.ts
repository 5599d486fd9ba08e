/**
 * A worker that is a client: it sends a server fixes, and raises a flag in
 * shared memory when all are acknowledged. So a test can wait for that with its
 * own thread standing still.
 *
 * @module
 */
import { Client } from "../../../../../herd/net/client.ts";

/** What a pump is told. */
export interface PumpOrder {
  /** Where the server listens. */
  readonly address: { hostname: string; port: number };
  /** How many fixes it is sent. */
  readonly fixes: number;
  /** One Int32, which becomes 1 at the end. */
  readonly flag: SharedArrayBuffer;
}

const AT_A_TIME = 1_000;

self.onmessage = async ({ data }: MessageEvent<PumpOrder>) => {
  const { address, fixes, flag } = data;
  const done = new Int32Array(flag);
  await using client = await Client.connect(address);
  for (let sent = 0; sent < fixes; sent += AT_A_TIME) {
    const lines = Array.from(
      { length: AT_A_TIME },
      (_, i) => `IAMAT pumped +34.068930-118.445127 ${sent + i}`,
    );
    await Promise.all(lines.map((line) => client.send(line)));
  }
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
};

declare const self: Worker;
