/**
 * What a server asks of a hub: a stream of messages by subject, of which the
 * last of each is kept, and all are passed on to whoever reads.
 *
 * @module
 */
import type { Acknowledged } from "../../core/hub/outbox.ts";

/** Which hub a server is a gateway to, and for whom. */
export interface HubOptions {
  /** Where its servers are, such as `nats://127.0.0.1:4222`. */
  readonly servers: readonly string[];
  /** The servers of this herd: what they hear is told to the hub. */
  readonly herd: readonly string[];
  /** The text of a file of credentials, where the hub wants one. */
  readonly credentials?: string;
  /** PEM texts, where the hub's certificate is signed by, or clients show, own ones. */
  readonly tls?: HubTls;
  /** The folder in which the client of such hubs is installed. */
  readonly client: string;
}

/** What TLS to a hub goes by, beside what the system trusts. */
export interface HubTls {
  /** Who signs the hub's certificate. */
  readonly ca?: string;
  /** The certificate that is shown to the hub. */
  readonly cert?: string;
  /** Its key. */
  readonly key?: string;
}

/** A message that was read. */
export interface HubMessage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its place in the stream, from 1. */
  readonly sequence: number;
  /** How many messages come after it, as far as the hub knew. */
  readonly pending: number;
}

/** A connection to a hub. */
export interface HubSession {
  /** The place of the stream's last message when the session began. */
  readonly length: number;
  /** Whether it held no message then. */
  readonly isEmpty: boolean;
  /**
   * Publishes a message. Those of one session are stored in the order of calls.
   *
   * @throws {Error} If it is not acknowledged: it may be stored all the same.
   */
  publish(
    subject: string,
    bytes: Uint8Array,
    id: string,
  ): Promise<Acknowledged>;
  /**
   * Reads the last message of each subject, and then all that come, and has each
   * taken before the next one is.
   *
   * @returns Why there is no more to come.
   */
  read(
    take: (message: HubMessage) => void | Promise<void>,
  ): Promise<string>;
  /** Ends it at once. */
  close(): Promise<void>;
}

/**
 * Opens a session, and the stream, where there is none.
 *
 * @param name Who opens it, for those who look after the hub.
 * @throws {Error} If that can't be done; it says why.
 */
export type OpenHub = (
  options: HubOptions,
  name: string,
  signal: AbortSignal,
) => Promise<HubSession>;
