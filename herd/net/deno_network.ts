/**
 * The network of this machine, as Deno gives it.
 *
 * @module
 */
import type { Socket } from "node:dgram";
import {
  type Address,
  type Connection,
  type DatagramSocket,
  type Network,
  type TcpListener,
  type TlsTrust,
  TransportFailed,
} from "./platform.ts";

/**
 * Connections that the system keeps until they are accepted, if its own limit
 * is no lower. It drops what comes to a full queue without a word, and who dials
 * tries again after a second, and then after two: a crowd that connects at once
 * would keep the next client waiting for seconds.
 */
const BACKLOG_MAX = 4_096;

/** Datagrams that wait to be sent; more are dropped, as a network may. */
const WAITING_MAX = 1_024;

/** TCP, TLS and UDP. */
export const denoNetwork: Network = {
  listen: ({ hostname, port }) =>
    Deno.listen({ hostname, port, tcpBacklog: BACKLOG_MAX }),
  connect,
  listenTls: ({ hostname, port }, identity) =>
    new TlsPort(
      Deno.listenTls({ hostname, port, ...identity, tcpBacklog: BACKLOG_MAX }),
    ),
  connectTls,
  bindDatagrams,
};

class TlsPort implements TcpListener {
  readonly #listener: Deno.TlsListener;

  constructor(listener: Deno.TlsListener) {
    this.#listener = listener;
  }

  get addr(): Address {
    return this.#listener.addr as Deno.NetAddr;
  }

  async accept(): Promise<Connection> {
    return new TlsConnection(await this.#listener.accept());
  }

  close(): void {
    this.#listener.close();
  }
}

/** What is wrong with a connection's TLS ends it, and is no bug. */
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

/** What Deno says of it, in words that tell what to do. */
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

class TlsConnection implements Connection {
  readonly #conn: Deno.TlsConn;

  constructor(conn: Deno.TlsConn) {
    this.#conn = conn;
  }

  get remoteAddr(): Address {
    return this.#conn.remoteAddr as Deno.NetAddr;
  }

  read(into: Uint8Array): Promise<number | null> {
    return orFailed(this.#conn.read(into));
  }

  write(bytes: Uint8Array): Promise<number> {
    return orFailed(this.#conn.write(bytes));
  }

  closeWrite(): Promise<void> {
    return orFailed(this.#conn.closeWrite());
  }

  /** Records of TLS leave at once as they are. */
  setNoDelay(): void {}

  close(): void {
    this.#conn.close();
  }
}

async function connect(
  { hostname, port }: Address,
  signal?: AbortSignal,
): Promise<Deno.TcpConn> {
  if (signal === undefined) return await Deno.connect({ hostname, port });
  signal.throwIfAborted();
  const inner = new AbortController();
  // Deno 2.9 asks its signal once more when the connection is there: it throws,
  // and nobody closes what was made in that moment. This one never says so.
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

async function connectTls(
  address: Address,
  { ca }: TlsTrust,
  signal?: AbortSignal,
): Promise<Connection> {
  const { hostname } = address;
  const tcp = await connect(address, signal);
  const conn = await Deno.startTls(tcp, {
    hostname,
    ...ca && { caCerts: [...ca] },
  });
  const close = () => conn.close();
  signal?.addEventListener("abort", close, { once: true });
  try {
    // It may have been aborted before anybody listened.
    if (signal?.aborted) close();
    await orFailed(conn.handshake());
    signal?.throwIfAborted();
  } catch (error) {
    if (!signal?.aborted) close();
    throw error;
  } finally {
    signal?.removeEventListener("abort", close);
  }
  return new TlsConnection(conn);
}

/** Receives as fast as datagrams come: what there is no room for is dropped. */
async function bindDatagrams(
  { hostname, port }: Address,
  hear: (bytes: Uint8Array, from: Address) => void,
): Promise<DatagramSocket> {
  // Loaded by those only who need it: it takes a megabyte of each worker.
  const { createSocket } = await import("node:dgram");
  const socket = createSocket(hostname.includes(":") ? "udp6" : "udp4");
  socket.on(
    "message",
    (bytes, { address, port }) => hear(bytes, { hostname: address, port }),
  );
  await bound(socket, hostname, port);
  // An address that nobody answers at is told of later: it is no bug.
  socket.on("error", () => {});
  return new UdpPort(socket);
}

/** Of Node's errors, those that Deno has too. */
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
  /** The first one is on its way. */
  readonly #waiting: [bytes: Uint8Array, to: Address][] = [];
  #isClosed = false;

  constructor(socket: Socket) {
    const { address: hostname, port } = socket.address();
    this.#socket = socket;
    this.addr = { hostname, port };
  }

  send(bytes: Uint8Array, to: Address): void {
    if (this.#isClosed || this.#waiting.length >= WAITING_MAX) return;
    // Who sends from no port wants no answer (RFC 768), and can't be sent one.
    if (to.port === 0) return;
    // It leaves later, when the bytes may be used for something else already.
    this.#waiting.push([bytes.slice(), to]);
    if (this.#waiting.length === 1) this.#sendNext();
  }

  /** One after the other: those that are given together leave in any order. */
  #sendNext(): void {
    const next = this.#waiting[0];
    if (next === undefined || this.#isClosed) return;
    const [bytes, { hostname, port }] = next;
    // What becomes of it nobody hears, its failure included.
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
