/**
 * The network of this machine, through Deno.
 *
 * @module
 */
import type { Socket } from "node:dgram";
import {
  type Address,
  type Connection,
  type DatagramSocket,
  isClosed,
  type Network,
  orClosed,
  type TcpListener,
  type TlsIdentity,
  type TlsTrust,
  TransportFailed,
} from "./platform.ts";

/**
 * Length of the queue of connections to accept, unless the system's own limit
 * is lower. The system silently drops what comes to a full queue, and a client
 * tries again after one second, then two: a crowd connecting at once would keep
 * the next client waiting for seconds.
 */
const BACKLOG_MAX = 4_096;

/** Datagrams that wait to be sent; more are dropped, as a network may. */
const WAITING_MAX = 1_024;

/** TCP, TLS and UDP. */
export const denoNetwork: Network = {
  listen: ({ hostname, port }) =>
    Deno.listen({ hostname, port, tcpBacklog: BACKLOG_MAX }),
  connect,
  listenTls,
  connectTls,
  bindDatagrams,
};

function listenTls(
  { hostname, port }: Address,
  { cert, key }: TlsIdentity,
): TcpListener {
  const options = { hostname, port, cert, key, tcpBacklog: BACKLOG_MAX };
  const listener = Deno.listenTls(options);
  return {
    addr: listener.addr as Deno.NetAddr,
    accept: async () => tlsConnection(await listener.accept()),
    close: () => listener.close(),
  };
}

/** A TLS error ends the connection, and is not a bug. */
async function orFailed<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const isTls = error instanceof Deno.errors.InvalidData ||
      error instanceof Deno.errors.UnexpectedEof;
    if (!isTls) throw error;
    throw new TransportFailed(plainly(error.message), { cause: error });
  }
}

/** Deno's TLS error, in words that say what to do. */
function plainly(message: string): string {
  if (message.includes("InvalidContentType")) {
    return "what came is no TLS: the other side speaks plain text";
  }
  if (message.includes("fatal alert: UnknownCA")) {
    return "the other side does not know who vouches for our certificate";
  }
  if (message.includes("UnknownIssuer")) {
    return "nobody that we trust vouches for the other side's certificate";
  }
  return message;
}

function tlsConnection(conn: Deno.TlsConn): Connection {
  return {
    remoteAddr: conn.remoteAddr as Deno.NetAddr,
    read: (into) => orFailed(conn.read(into)),
    write: (bytes) => orFailed(conn.write(bytes)),
    closeWrite: () => orFailed(conn.closeWrite()),
    /** TLS records are sent immediately anyway. */
    setNoDelay() {},
    close: () => conn.close(),
  };
}

async function connect(
  { hostname, port }: Address,
  signal?: AbortSignal,
): Promise<Deno.TcpConn> {
  if (signal === undefined) return await Deno.connect({ hostname, port });
  signal.throwIfAborted();
  const inner = new AbortController();
  // Deno 2.9 checks its signal once more after it has connected: it throws, and
  // nobody closes the new connection. This signal never throws.
  inner.signal.throwIfAborted = () => {};
  const abort = () => inner.abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    const conn = await Deno.connect({ hostname, port, signal: inner.signal });
    if (signal.aborted) conn.close();
    return conn;
  } finally {
    signal.removeEventListener("abort", abort);
    signal.throwIfAborted();
  }
}

/** What is wrong with a name or an authority is found out only here. */
async function startTls(
  tcp: Deno.TcpConn,
  options: Deno.StartTlsOptions,
): Promise<Deno.TlsConn> {
  try {
    return await Deno.startTls(tcp, options);
  } catch (error) {
    // It may have been taken over, and closed, before.
    if (!(error instanceof Error)) throw error;
    try {
      tcp.close();
    } catch (closing) {
      if (!isClosed(closing)) throw closing;
    }
    throw new TransportFailed(error.message, { cause: error });
  }
}

async function connectTls(
  address: Address,
  { ca }: TlsTrust,
  signal?: AbortSignal,
): Promise<Connection> {
  const { hostname } = address;
  const tcp = await connect(address, signal);
  const conn = await startTls(tcp, {
    hostname,
    ...ca && { caCerts: [...ca] },
  });
  await orClosed(conn, signal, () => orFailed(conn.handshake()));
  return tlsConnection(conn);
}

/**
 * Receives as fast as datagrams arrive; what there is no room for is dropped.
 */
async function bindDatagrams(
  { hostname, port }: Address,
  hear: (bytes: Uint8Array, from: Address) => void,
): Promise<DatagramSocket> {
  // Loaded only when needed: it costs a megabyte in each worker.
  const { createSocket } = await import("node:dgram");
  const socket = createSocket(hostname.includes(":") ? "udp6" : "udp4");
  socket.on(
    "message",
    (bytes, { address, port }) => hear(bytes, { hostname: address, port }),
  );
  await bound(socket, hostname, port);
  // An unreachable address is reported later: it is not a bug.
  socket.on("error", () => {});
  return new UdpPort(socket);
}

/** Those of Node's errors that Deno has too. */
const KNOWN: Readonly<Record<string, new (message: string) => Error>> = {
  EADDRINUSE: Deno.errors.AddrInUse,
  EACCES: Deno.errors.PermissionDenied,
  EADDRNOTAVAIL: Deno.errors.AddrNotAvailable,
};

function bound(socket: Socket, hostname: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (error: Error & { code?: string }) => {
    socket.close();
    const Known = KNOWN[error.code ?? ""];
    reject(Known === undefined ? error : new Known(error.message));
  };
  socket.once("error", fail);
  socket.bind(port, hostname, () => {
    socket.off("error", fail);
    resolve();
  });
  return promise;
}

class UdpPort implements DatagramSocket {
  readonly addr: Address;
  readonly #socket: Socket;
  /** The first one is being sent. */
  readonly #waiting: [bytes: Uint8Array, to: Address][] = [];
  #isClosed = false;

  constructor(socket: Socket) {
    const { address: hostname, port } = socket.address();
    this.#socket = socket;
    this.addr = { hostname, port };
  }

  send(bytes: Uint8Array, to: Address): void {
    if (this.#isClosed || this.#waiting.length >= WAITING_MAX) return;
    // A sender without a port wants no answer (RFC 768), and can't get one.
    if (to.port === 0) return;
    // It is sent later, when the buffer may have been reused.
    this.#waiting.push([bytes.slice(), to]);
    if (this.#waiting.length === 1) this.#sendNext();
  }

  /**
   * One after the other: datagrams passed at the same time leave in any order.
   */
  #sendNext(): void {
    const next = this.#waiting[0];
    if (next === undefined || this.#isClosed) return;
    const [bytes, { hostname, port }] = next;
    // Nobody learns what becomes of a datagram, so errors are ignored too.
    this.#socket.send(bytes, port, hostname, () => {
      this.#waiting.shift();
      this.#sendNext();
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }
}
