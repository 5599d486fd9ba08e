/**
 * Hubs that are NATS servers with JetStream.
 *
 * @module
 */
import type { HubMessage, HubOptions, HubSession, OpenHub } from "./hub.ts";
import type {
  JetStream,
  Messages,
  NatsConnection,
  NatsLibrary,
  StreamConfig,
  StreamInfo,
  StreamManager,
} from "./nats_library.ts";
import { SUBJECTS } from "./subject.ts";

/** The stream of all fixes. */
export const STREAM = "HERD_FIXES";
/** Replicas of the stream in a cluster. */
const REPLICAS = 3;
/** The packages' error for a stream that there is not. */
const NOT_FOUND = "stream not found";
const CONNECT_MS = 5_000;
/**
 * Timeout of requests about the stream and the consumer. Without a leader
 * nobody answers, and a new leader does not answer earlier requests: ask again
 * to reach it.
 */
const REQUEST_MS = 2_000;
/** Timeout of a publication: a cluster may have to elect a new leader. */
const PUBLISH_MS = 5_000;
/** After two of these intervals without a message, a new consumer is made. */
const HEARTBEAT_MS = 1_000;
const MISSED_MAX = 2;
/** A connection that misses several of these is closed. */
const PING_MS = 1_000;
const PINGS_MAX = 3;
/** Maximum number of messages in flight to this gateway. */
const MESSAGES_MAX = 512;
const EXPIRES_MS = 30_000;
/** More than the header with a message's ID takes. */
const HEADER_BYTES_MAX = 256;
/** Events after which a consumer does not recover by itself. */
const ENDS: ReadonlySet<string> = new Set([
  "consumer_not_found",
  "consumer_deleted",
  "stream_not_found",
]);

/**
 * Opens sessions with NATS servers.
 *
 * @param load Loads the packages, from the folder in which they are installed.
 */
export function natsHub(
  load: (folder: string) => Promise<NatsLibrary>,
): OpenHub {
  return async (options, name, signal) => {
    const library = await load(options.client);
    const connection = await connect(library, options, name, signal);
    const abort = () => void connection.close();
    signal.addEventListener("abort", abort, { once: true });
    try {
      // It may have been aborted before there was anything to close.
      signal.throwIfAborted();
      return await NatsSession.open(library, connection);
    } catch (error) {
      await connection.close();
      throw error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  };
}

/**
 * Connects to the first server that can be reached.
 *
 * @throws {Error} If there is none, with the reason of each.
 */
async function connect(
  library: NatsLibrary,
  options: HubOptions,
  name: string,
  signal: AbortSignal,
): Promise<NatsConnection> {
  const { servers } = options;
  const failures: string[] = [];
  for (const server of servers) {
    try {
      signal.throwIfAborted();
      const connecting = connectTo(library, server, options, name);
      return await unlessAborted(connecting, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (servers.length === 1) throw error;
      const why = error instanceof Error ? error.message : String(error);
      failures.push(`${new URL(server).host}: ${why}`);
    }
  }
  throw new Error(failures.join("; "));
}

/** The packages can't abort an attempt: what comes of it is closed. */
async function unlessAborted(
  connecting: Promise<NatsConnection>,
  signal: AbortSignal,
): Promise<NatsConnection> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => {
    reject(signal.reason);
    connecting.then((late) => late.close(), () => {});
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([connecting, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function connectTo(
  { transport }: NatsLibrary,
  server: string,
  { credentials, tls }: HubOptions,
  name: string,
): Promise<NatsConnection> {
  const { username, password, host, hostname, protocol } = new URL(server);
  const [user, pass] = [username, password].map(decodeURIComponent);
  const hasTls = tls !== undefined || protocol === "tls:";
  return transport.connect({
    servers: host,
    name: `herd gateway ${name}`,
    // A new session reads what was missed; a reconnected one would not.
    reconnect: false,
    // The server may be allowed to connect to the listed addresses only.
    ignoreClusterUpdates: true,
    timeout: CONNECT_MS,
    pingInterval: PING_MS,
    maxPingOut: PINGS_MAX,
    ...pass ? { user, pass } : user ? { token: user } : {},
    ...credentials !== undefined && {
      authenticator: transport.credsAuthenticator(
        new TextEncoder().encode(credentials),
      ),
    },
    ...hasTls && { tls: { ...tls, host: hostname } },
  });
}

class NatsSession implements HubSession {
  readonly length: number;
  readonly isEmpty: boolean;
  readonly bytesMax: number;
  readonly #connection: NatsConnection;
  readonly #stream: JetStream;
  readonly #messages: Messages;
  #why: string | undefined;

  private constructor(
    connection: NatsConnection,
    stream: JetStream,
    messages: Messages,
    state: { readonly messages: number; readonly last_seq: number },
  ) {
    this.#connection = connection;
    this.#stream = stream;
    this.#messages = messages;
    this.length = state.last_seq;
    this.isEmpty = state.messages === 0;
    const { max_payload = Infinity } = connection.info ?? {};
    this.bytesMax = max_payload - HEADER_BYTES_MAX;
  }

  static async open(
    { jetstream }: NatsLibrary,
    connection: NatsConnection,
  ): Promise<NatsSession> {
    const patience = { timeout: REQUEST_MS };
    const manager = await jetstream.jetstreamManager(connection, patience);
    const wanted: StreamConfig = {
      name: STREAM,
      subjects: [SUBJECTS],
      max_msgs_per_subject: 1,
      storage: "file",
      allow_direct: true,
      num_replicas: connection.info?.cluster === undefined ? 1 : REPLICAS,
    };
    const { config, state } = await streamOf(manager, wanted);
    checkConfig(config, wanted);
    const stream = jetstream.jetstream(connection, patience);
    const consumer = await stream.consumers.get(STREAM, {
      deliver_policy: "last_per_subject",
      filter_subjects: SUBJECTS,
    });
    const messages = await consumer.consume({
      max_messages: MESSAGES_MAX,
      expires: EXPIRES_MS,
      idle_heartbeat: HEARTBEAT_MS,
    });
    return new NatsSession(connection, stream, messages, state);
  }

  async publish(
    subject: string,
    bytes: Uint8Array,
    id: string,
  ): Promise<number> {
    const told = { msgID: id, timeout: PUBLISH_MS };
    return (await this.#stream.publish(subject, bytes, told)).seq;
  }

  async read(
    take: (message: HubMessage) => void | Promise<void>,
  ): Promise<string> {
    const over = this.#connection.closed().then((error) => {
      this.#end(error ? error.message : "closed");
    });
    const watching = this.#watch();
    try {
      for await (const { data, seq, info } of this.#messages) {
        const message = {
          bytes: data,
          sequence: seq,
          pending: info.pending,
        };
        const taking = take(message);
        if (taking !== undefined) await taking;
      }
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error));
    }
    this.#end("its messages ended");
    await this.#connection.close();
    await Promise.all([over, watching]);
    return this.#why!;
  }

  /** An ordered consumer does not recover if the server that has it is gone. */
  async #watch(): Promise<void> {
    for await (const { type, count = 0 } of this.#messages.status()) {
      const isSilent = type === "heartbeats_missed" && count >= MISSED_MAX;
      if (isSilent) this.#end("no keepalive");
      else if (ENDS.has(type)) this.#end(type.replaceAll("_", " "));
    }
  }

  #end(why: string): void {
    this.#why ??= why;
    this.#messages.stop();
  }

  async close(): Promise<void> {
    this.#end("closed");
    await this.#connection.close();
  }
}

/** The stream, which is added if there is none. */
async function streamOf(
  { streams }: StreamManager,
  wanted: StreamConfig,
): Promise<StreamInfo> {
  try {
    return await streams.info(STREAM);
  } catch (error) {
    if (!(error instanceof Error) || error.message !== NOT_FOUND) throw error;
    return await streams.add(wanted);
  }
}

/** @throws {Error} If the existing stream has unsuitable settings. */
function checkConfig(found: StreamConfig, wanted: StreamConfig): void {
  const fields = ["subjects", "max_msgs_per_subject"] as const;
  for (const field of fields) {
    if (JSON.stringify(found[field]) === JSON.stringify(wanted[field])) {
      continue;
    }
    throw new Error(
      `its stream ${STREAM} has ${field} ${JSON.stringify(found[field])}, ` +
        `not ${JSON.stringify(wanted[field])}`,
    );
  }
}
