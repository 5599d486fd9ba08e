/**
 * What a server needs from the machine: time, connections, randomness. All of
 * it is requested through this interface, so the same code also runs with
 * simulated time and network.
 *
 * @module
 */
import type { Disk } from "./disk.ts";
import type { OpenHub } from "./hub/hub.ts";

/**
 * Maximum bytes passed to a connection at a time: a socket copies them while
 * everything else waits.
 */
export const WRITE_BYTES_MAX = 65_536;

/** A timer that was set. */
export interface Timer {
  /** Keeps it from firing. May be called again, and after it has fired. */
  cancel(): void;
}

/** Two clocks, and timers. */
export interface Clock {
  /**
   * Milliseconds since the epoch, with a fraction, by a clock that never steps
   * and never goes back. Use it to order and to measure.
   */
  nowMs(): number;
  /**
   * The system's clock: milliseconds since the epoch, with a fraction. It may
   * be set at any time, so the difference of two readings means nothing.
   */
  wallMs(): number;
  /** Runs `run` once, after `ms` milliseconds. */
  after(ms: number, run: () => void): Timer;
  /** Runs `run` right after the current task: sooner than any timer. */
  immediate(run: () => void): void;
}

/** The address of a socket, to listen on or to connect to. */
export interface Address {
  /** An IP address or a host name. */
  readonly hostname: string;
  /** Port number; 0 in a request to listen means any free port. */
  readonly port: number;
}

/**
 * A connection: a stream of bytes each way, as in TCP. Calls fail as those of
 * `Deno.TcpConn`, which is one; see {@linkcode isOver}.
 */
export interface Connection {
  /** The address of the other side. */
  readonly remoteAddr: Address;
  /**
   * Reads available bytes, waiting for the first; `null` at the end of input.
   */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes some of the bytes; returns how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Sends the end of input. Reading is still possible. */
  closeWrite(): Promise<void>;
  /** Whether small writes are sent immediately. */
  setNoDelay(isOn: boolean): void;
  /** Closes both directions at once; reads and writes under way fail. */
  close(): void;
}

/** A port that accepts connections; see {@linkcode isClosed}. */
export interface TcpListener {
  /** The address it listens on, with the actual port. */
  readonly addr: Address;
  /** The next connection; fails if that has been reset already. */
  accept(): Promise<Connection>;
  /** Stops accepting. */
  close(): void;
}

/** A certificate and its private key, both PEM. */
export interface TlsIdentity {
  /** The certificate, followed by any intermediate ones. */
  readonly cert: string;
  /** The private key of the certificate, PEM. */
  readonly key: string;
}

/** The authorities trusted to certify others. */
export interface TlsTrust {
  /** PEM certificates of authorities; the system's by default. */
  readonly ca?: readonly string[];
}

/** A UDP port. */
export interface DatagramSocket {
  /** The address it is bound to, with the actual port. */
  readonly addr: Address;
  /** Sends a datagram, without any sign of whether it arrives. */
  send(bytes: Uint8Array, to: Address): void;
  /** Closes the port. May be called again. */
  close(): void;
}

/** A network of TCP, and optionally TLS and UDP. */
export interface Network {
  /**
   * Listens; port 0 takes a free one.
   *
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   */
  listen(address: Address): TcpListener;
  /** Connects, unless the signal is aborted first. */
  connect(address: Address, signal?: AbortSignal): Promise<Connection>;
  /**
   * Listens for TLS; absent if there is no TLS. If TLS fails on a connection,
   * its reads and writes fail with {@linkcode TransportFailed}.
   *
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   */
  listenTls?(address: Address, identity: TlsIdentity): TcpListener;
  /**
   * Connects by TLS to a host, whose certificate must be its own and trusted.
   *
   * @throws {TransportFailed} If it is not.
   */
  connectTls?(
    address: Address,
    trust: TlsTrust,
    signal?: AbortSignal,
  ): Promise<Connection>;
  /**
   * Binds a UDP port; absent if there is no UDP.
   *
   * @param hear Called with each datagram that arrives; it may keep the bytes.
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   */
  bindDatagrams?(
    address: Address,
    hear: (bytes: Uint8Array, from: Address) => void,
  ): Promise<DatagramSocket>;
}

/** A connection has ended because its transport, such as TLS, failed. */
export class TransportFailed extends Error {
  override readonly name = "TransportFailed";
  /** As system errors have one; see {@linkcode isOver}. */
  readonly code = "ETRANSPORT";
}

/** An HTTP client for one service, with connections that are kept. */
export interface WebClient {
  /**
   * Requests an address. Redirects are not followed.
   *
   * @throws {TypeError} If there is no answer; its message tells why.
   */
  get(url: string, signal: AbortSignal): Promise<Response>;
  /** Closes its connections. */
  close(): void;
}

/** A machine to run on. */
export interface Platform {
  /** Clocks and timers. */
  readonly clock: Clock;
  /** Sockets. */
  readonly network: Network;
  /**
   * Makes a client for a web service; by default the runtime's own.
   *
   * @param base Scheme, host and port of the service.
   * @param idleMax Idle connections that are kept.
   */
  webClient?(base: string, idleMax: number): WebClient;
  /** The disk; absent if there is none. */
  readonly disk?: Disk;
  /** Opens a session with a hub; absent if there are no hubs. */
  readonly openHub?: OpenHub;
  /** Cryptographically random bytes. */
  randomBytes(count: number): Uint8Array<ArrayBuffer>;
  /** HMAC-SHA256 (RFC 2104) of a text; the key must not be empty. */
  hmac(
    key: Uint8Array<ArrayBuffer>,
    text: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

/** Source of randomness if no seed is given. */
export type Randomness = Pick<Platform, "randomBytes">;

/** A random number from 0 up to, but not including, 1. */
export function randomPart(platform: Randomness): number {
  const [bits] = new Uint32Array(platform.randomBytes(4).buffer);
  return bits! / 2 ** 32;
}

/** Whether an error only says that something was closed on this side. */
export function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted;
}

/**
 * Whether an error only says that a connection has ended: closed on this side,
 * or ended by the operating system, whose errors alone have a code.
 */
export function isOver(error: unknown): boolean {
  return isClosed(error) || error instanceof Error && "code" in error;
}

/**
 * Does work with a new connection, which is closed if the work fails, or if the
 * signal is aborted meanwhile.
 *
 * @throws {unknown} The signal's reason, else what the work throws.
 */
export async function orClosed<T>(
  conn: Pick<Connection, "close">,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const close = () => conn.close();
  signal?.addEventListener("abort", close, { once: true });
  try {
    // It may have been aborted before the listener was added.
    if (signal?.aborted) close();
    const done = await work();
    signal?.throwIfAborted();
    return done;
  } catch (error) {
    signal?.throwIfAborted();
    close();
    throw error;
  } finally {
    signal?.removeEventListener("abort", close);
  }
}

/** Codes of errors of a system that is out of descriptors, or of memory. */
const EXHAUSTED = ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"];

/** Whether the system has no room for another file or socket, which may pass. */
export function isExhausted(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    EXHAUSTED.includes(String(error.code));
}

/**
 * Whether an invalid dial was requested. Deno makes a `TypeError` of an address
 * to which the system finds no way too; that one has a code.
 */
export function isMisuse(error: unknown): boolean {
  const isWrong = error instanceof TypeError || error instanceof RangeError;
  return isWrong && !("code" in error) ||
    error instanceof Deno.errors.NotCapable;
}
