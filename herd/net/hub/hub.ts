/**
 * What a server needs from a hub: a stream of messages by subject, which keeps
 * the last message of each, and forwards all of them to its readers.
 *
 * @module
 */
/** Which hub a server is a gateway to, and for which herd. */
export interface HubOptions {
  /** URLs of its servers, such as `nats://127.0.0.1:4222`. */
  readonly servers: readonly string[];
  /**
   * Names of the servers of this herd, whose fixes are published to the hub.
   */
  readonly herd: readonly string[];
  /** Content of a credentials file, if the hub requires one. */
  readonly credentials?: string;
  /** PEM texts for private certificate authorities and client certificates. */
  readonly tls?: HubTls;
  /** The folder in which the client library for the hub is installed. */
  readonly client: string;
}

/** TLS settings for a hub, in addition to the system's trusted authorities. */
export interface HubTls {
  /** The authority that signs the hub's certificate, as PEM. */
  readonly ca?: string;
  /** The client certificate for the hub, as PEM. */
  readonly cert?: string;
  /** The private key of the client certificate, as PEM. */
  readonly key?: string;
}

export interface HubMessage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its sequence number in the stream, from 1. */
  readonly sequence: number;
  /** Number of messages after it, as far as the hub knew. */
  readonly pending: number;
}

export interface HubSession {
  /** Sequence number of the stream's last message when the session began. */
  readonly length: number;
  /** Whether the stream was empty then. */
  readonly isEmpty: boolean;
  /** Maximum bytes of a message that the hub takes. */
  readonly bytesMax: number;
  /**
   * Publishes a message. Those of one session are stored in the order of calls.
   *
   * @returns Its sequence number in the stream, from 1.
   * @throws {Error} If it is not acknowledged: it may be stored all the same.
   */
  publish(
    subject: string,
    bytes: Uint8Array,
    id: string,
  ): Promise<number>;
  /**
   * Reads the last message of each subject, and then all that follow, one at a
   * time.
   *
   * @returns Why there are no more.
   */
  read(
    take: (message: HubMessage) => void | Promise<void>,
  ): Promise<string>;
  /** Ends the session at once. */
  close(): Promise<void>;
}

/**
 * Opens a session, and creates the stream if there is none.
 *
 * @param name Client name, shown to the hub's operators.
 * @throws {Error} If that fails, with the reason.
 */
export type OpenHub = (
  options: HubOptions,
  name: string,
  signal: AbortSignal,
) => Promise<HubSession>;
