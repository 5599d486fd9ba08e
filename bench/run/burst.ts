/**
 * The burst generator, a process of its own: on `burst`, it sends one update of
 * each client, in a scattered order, with a bounded number in flight on each
 * connection, and reports when it began and when all were acknowledged, in
 * milliseconds since the epoch.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { CountingConnection } from "./counting.ts";
import { Fixes } from "./traffic.ts";
import { ownArgs, serve } from "./serve.ts";

/** The generator's options. */
export interface BurstLoad {
  readonly ports: readonly number[];
  /** Clients, and so updates, of each connection. */
  readonly clients: number;
  /** Maximum updates in flight on each connection. */
  readonly inFlight: number;
}

/** The generator's report on a burst. */
export interface Burst {
  /** When the first update was sent. */
  readonly startedMs: number;
  readonly acknowledgedMs: number;
}

const PIECE = 250;
/**
 * A prime, not close to a round number, so that the order has no short pattern.
 */
const STRIDE = 611_953;

async function burst(
  conn: CountingConnection,
  fixes: Fixes,
  { clients, inFlight }: BurstLoad,
): Promise<void> {
  let sent = 0;
  for (let acknowledged = 0; acknowledged < clients;) {
    while (sent < clients && sent - acknowledged <= inFlight - PIECE) {
      const last = Math.min(sent + PIECE, clients);
      await conn.send(fixes.stamp(sent, last));
      sent = last;
    }
    acknowledged += await conn.replies("line");
  }
}

const [load] = ownArgs<[BurstLoad]>();
const lanes = await Promise.all(load.ports.map(async (port, index) => ({
  conn: await CountingConnection.open(port),
  fixes: new Fixes(
    `burst${index}`,
    load.clients,
    (line) => line * STRIDE % load.clients,
  ),
})));
await serve({
  async burst(): Promise<Burst> {
    const startedMs = denoPlatform.clock.nowMs();
    await Promise.all(lanes.map(({ conn, fixes }) => burst(conn, fixes, load)));
    return { startedMs, acknowledgedMs: denoPlatform.clock.nowMs() };
  },
});
