/**
 * Those parts of the packages `@nats-io/transport-node` and
 * `@nats-io/jetstream` that are used. A herd without a hub does not need them,
 * so they are installed in a folder of their own, and loaded when a server
 * needs them.
 *
 * @module
 */
export interface NatsConnection {
  readonly info?: {
    readonly cluster?: string;
    /** Maximum bytes of a message, its headers included. */
    readonly max_payload?: number;
  };
  closed(): Promise<void | Error>;
  close(): Promise<void>;
}

export interface StreamConfig {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly max_msgs_per_subject: number;
  readonly storage: string;
  readonly allow_direct: boolean;
  readonly num_replicas: number;
}

export interface StreamInfo {
  readonly config: StreamConfig;
  readonly state: { readonly messages: number; readonly last_seq: number };
}

export interface StreamManager {
  readonly streams: {
    info(name: string): Promise<StreamInfo>;
    add(config: StreamConfig): Promise<StreamInfo>;
  };
}

interface Message {
  readonly seq: number;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly info: { readonly pending: number };
}

export interface Messages extends AsyncIterable<Message> {
  status(): AsyncIterable<{ readonly type: string; readonly count?: number }>;
  stop(error?: Error): void;
}

export interface JetStream {
  publish(
    subject: string,
    bytes: Uint8Array,
    options: { readonly msgID: string; readonly timeout: number },
  ): Promise<{ readonly seq: number }>;
  readonly consumers: {
    get(
      stream: string,
      options: {
        readonly deliver_policy: string;
        readonly filter_subjects: string;
      },
    ): Promise<{
      consume(options: {
        readonly max_messages: number;
        readonly expires: number;
        readonly idle_heartbeat: number;
      }): Promise<Messages>;
    }>;
  };
}

/** Timeout of a request in milliseconds. */
interface Patience {
  readonly timeout: number;
}

/** The two packages, as far as they are used. */
export interface NatsLibrary {
  readonly transport: {
    connect(options: Record<string, unknown>): Promise<NatsConnection>;
    credsAuthenticator(text: Uint8Array): unknown;
  };
  readonly jetstream: {
    jetstream(connection: NatsConnection, options: Patience): JetStream;
    jetstreamManager(
      connection: NatsConnection,
      options: Patience,
    ): Promise<StreamManager>;
  };
}

/** A socket of the package. */
interface Socket {
  on(event: "error", hear: () => void): void;
  removeAllListeners(...which: string[]): Socket;
}

/** How the package makes sockets, in three ways. */
type Transport = Record<
  "dial" | "tlsFirst" | "startTLS",
  (...to: unknown[]) => Promise<Socket>
>;

/**
 * A transport whose sockets always have an error listener. The package removes
 * its own before a socket is closed, and a reset at that time would be an
 * uncaught error, which ends the server.
 */
function heard(transport: Transport): Transport {
  for (const way of ["dial", "tlsFirst", "startTLS"] as const) {
    const make = transport[way].bind(transport);
    transport[way] = async (...to) => {
      const socket = await make(...to);
      const hear = () => {};
      const remove = socket.removeAllListeners.bind(socket);
      socket.removeAllListeners = (...which) => {
        remove(...which);
        socket.on("error", hear);
        return socket;
      };
      socket.on("error", hear);
      return socket;
    };
  }
  return transport;
}

/**
 * Loads the packages from the folder in which they are installed.
 *
 * @throws {Error} If they are not installed.
 */
export async function natsLibrary(folder: string): Promise<NatsLibrary> {
  const { createRequire } = await import("node:module");
  const require = createRequire(`${folder}/client.js`);
  const base = require("@nats-io/transport-node");
  const { NodeTransport, nodeResolveHost } = require(
    "@nats-io/transport-node/lib/node_transport.js",
  );
  base.setTransportFactory({
    factory: () => heard(new NodeTransport()),
    dnsResolveFn: nodeResolveHost,
  });
  return {
    transport: {
      connect: (options) => base.NatsConnectionImpl.connect(options),
      credsAuthenticator: base.credsAuthenticator,
    },
    jetstream: require("@nats-io/jetstream"),
  };
}
