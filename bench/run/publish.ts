/**
 * How an update is published and subscribed to: in a herd, in Redis and in NATS.
 * Each is a few lines of text, so all three are spoken over the same plain
 * sockets, and none pays for another one's client library.
 *
 * @module
 */
import type { Channel } from "../../herd/net/channel.ts";
import { DEFAULT_LIMITS } from "../../herd/core/limits.ts";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { initiate } from "../../herd/net/handshake.ts";

/** Where subscribers of one kind connect to. */
export interface Subscription {
  readonly port: number;
  /** Of a herd: the server that listens there. */
  readonly server?: string;
  /** Of a herd: its secret. */
  readonly secret?: string;
}

/** One way to publish and to subscribe. */
export interface Protocol {
  connect(channel: Channel): Promise<void>;
  /** What is sent to publish a line. */
  publish(line: string): string;
  subscribe(channel: Channel, subscription: Subscription): Promise<void>;
}

/**
 * The name by which a subscriber is a neighbour of a herd's server. It sorts
 * before any server's, so that of two crossed dials its own is the one to stay.
 */
export function watcherOf(server: string): string {
  return `0-watcher-of-${server}`;
}

export type ProtocolName = "herd" | "redis" | "nats";

const NATS_CONNECT = 'CONNECT {"verbose":false,"pedantic":false}\r\n';

export const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = {
  /**
   * A subscriber is a neighbour that listens and never says anything: it is sent
   * what every neighbour is.
   */
  herd: {
    async connect() {},
    publish: (line) => `${line}\n`,
    async subscribe(channel, { server = "", secret = "" }) {
      const names = { from: watcherOf(server), to: server };
      const refusal = await initiate(channel, names, {
        platform: denoPlatform,
        secret,
        limits: DEFAULT_LIMITS,
      });
      if (refusal) throw new Error(`${server} refuses: ${refusal.why}`);
    },
  },
  redis: {
    async connect() {},
    publish: (line) =>
      `*3\r\n$7\r\nPUBLISH\r\n$4\r\nherd\r\n$${line.length}\r\n${line}\r\n`,
    async subscribe(channel) {
      await channel.writeText("SUBSCRIBE herd\r\n");
    },
  },
  nats: {
    async connect(channel) {
      await channel.writeText(NATS_CONNECT);
    },
    publish: (line) => `PUB herd ${line.length}\r\n${line}\r\n`,
    async subscribe(channel) {
      await channel.writeText(`${NATS_CONNECT}SUB herd 1\r\n`);
    },
  },
};
