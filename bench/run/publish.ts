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

/** Where subscribers connect. */
export interface Subscription {
  readonly port: number;
  /** In a herd: the server that listens there. */
  readonly server?: string;
  /** In a herd: its secret. */
  readonly secret?: string;
}

/** A protocol to publish and to subscribe with. */
export interface Protocol {
  connect(channel: Channel): Promise<void>;
  /** The text that publishes a line. */
  publish(line: string): string;
  subscribe(channel: Channel, subscription: Subscription): Promise<void>;
}

/**
 * A subscriber's name as a neighbour of a server. It sorts before any server's,
 * so that of two crossed dials its own stays.
 */
export function watcherOf(server: string): string {
  return `0-watcher-of-${server}`;
}

export type ProtocolName = "herd" | "redis" | "nats";

const NATS_CONNECT = 'CONNECT {"verbose":false,"pedantic":false}\r\n';

export const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = {
  /**
   * A subscriber is a neighbour that listens and never sends: it receives what
   * every neighbour does.
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
