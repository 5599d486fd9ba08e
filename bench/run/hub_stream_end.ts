/**
 * A process in which one end of a hub's stream is, with no herd: who publishes,
 * or who reads.
 *
 * @module
 */
import { denoPlatform, openNats } from "../../herd/net/deno_platform.ts";
import type { HubSession } from "../../herd/net/hub/hub.ts";
import { delay } from "../../herd/net/timing.ts";
import { hubClient } from "../../sim/live/hub/hub_client.ts";
import { paced } from "./paced.ts";
import { ownArgs, serve } from "./serve.ts";

const { clock } = denoPlatform;
const POSITION = "+34.068930-118.445127";
const CLIENTS = 10_000;
const TRIES = 30;
const TRY_MS = 1_000;

/** A cluster takes its time until it has chosen who leads it. */
async function open(servers: readonly string[]): Promise<HubSession> {
  const options = { servers, herd: [], client: await hubClient() };
  const { signal } = new AbortController();
  for (let left = TRIES;; left--) {
    try {
      return await openNats(options, "bench", signal);
    } catch (error) {
      if (left === 0) throw error;
      await delay(clock, TRY_MS);
    }
  }
}

/** Publishes; when each message was, by its number. */
async function publish(
  session: HubSession,
  perSecond: number,
  seconds: number,
): Promise<number[]> {
  const sentMs: number[] = [];
  const stored: Promise<unknown>[] = [];
  await paced(perSecond, perSecond * seconds, (at) => {
    sentMs[at] = clock.nowMs();
    const line = `AT Ash +0.000000001 ${at} ${POSITION} 1700000000.5`;
    const subject = `fix.Ash.${at % CLIENTS}`;
    stored.push(
      session.publish(subject, new TextEncoder().encode(line), String(at)),
    );
  });
  await Promise.allSettled(stored);
  return sentMs;
}

if (import.meta.main) {
  const [urls, perSecond, seconds] = ownArgs<[string, number, number]>();
  let session: HubSession;
  /** When each message came, by its number. */
  const readMs: (number | null)[] = [];
  await serve({
    open: async () => {
      session = await open(urls.split(","));
    },
    publish: () => publish(session, perSecond, seconds),
    read: () => {
      void session.read(({ bytes }) => {
        const at = Number(new TextDecoder().decode(bytes).split(" ")[3]);
        readMs[at] = clock.nowMs();
      });
    },
    came: () => Array.from(readMs, (it) => it ?? null),
  });
}
