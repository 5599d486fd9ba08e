/**
 * What a server asks of the machine: time, connections, and what it can't make
 * up itself. All of it is asked for here, and by whom is told which machine it
 * is; so the same code also runs where time and network are simulated.
 *
 * @module
 */
import type { Disk } from "./disk.ts";
import type { OpenHub } from "./hub/hub.ts";

/**
 * Bytes that a connection is given at a time, at most: a socket copies them while
 * all others wait.
 */
export const WRITE_BYTES_MAX = 65_536;

/** A timer that was set. */
export interface Timer {
  /** It does not fire any more. May be called again, and when it has fired. */
  cancel(): void;
}

/** Two clocks, and what is to happen later. */
export interface Clock {
  /**
   * Milliseconds since the epoch, with a fraction, by a clock that never steps
   * and never goes back: what is ordered and measured goes by it.
   */
  nowMs(): number;
  /**
   * The system's clock: milliseconds since the epoch, with a fraction. It may be
   * set at any time; so two of its readings say nothing of the time between.
   */
  wallMs(): number;
  /** Runs `run` once, when so many milliseconds have passed. */
  after(ms: number, run: () => void): Timer;
  /** Runs `run` as soon as what runs now has ended: sooner than any timer can. */
  immediate(run: () => void): void;
}

/** Where something listens, or is connected from. */
export interface Address {
  /** An IP address or a host name. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;
}

/**
 * A connection: a stream of bytes each way, as of TCP. Calls fail as those of `Deno.TcpConn` do, which is
 * one; see {@linkcode isOver}.
 */
export interface Connection {
  /** The other side. */
  readonly remoteAddr: Address;
  /** Reads what is there, as soon as anything is; `null` at the end of input. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes some of the bytes; how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Sends the end of input. What comes can still be read. */
  closeWrite(): Promise<void>;
  /** Whether small writes leave at once. */
  setNoDelay(isOn: boolean): void;
  /** Closes both ways at once; reads and writes under way fail. */
  close(): void;
}

/** A port that accepts connections; see {@linkcode isClosed}. */
export interface TcpListener {
  /** Where it listens. */
  readonly addr: Address;
  /** The next connection; it fails if that is gone already. */
  accept(): Promise<Connection>;
  /** Accepts no more. */
  close(): void;
}

/** A certificate and its private key, both PEM. */
export interface TlsIdentity {
  /** The certificate, and those between it and its authority. */
  readonly cert: string;
  /** The private key of the certificate. */
  readonly key: string;
}

/** Who vouches for the certificates of others. */
export interface TlsTrust {
  /** PEM certificates of authorities; those of the system by default. */
  readonly ca?: readonly string[];
}

/** A port of datagrams (UDP). */
export interface DatagramSocket {
  /** Where it was bound. */
  readonly addr: Address;
  /** Sends one. What becomes of it nobody knows. */
  send(bytes: Uint8Array, to: Address): void;
  /** Closes the port. May be called again. */
  close(): void;
}

/** What a network carries. */
export interface Network {
  /**
   * Listens; on a free port, if port 0 is asked for.
   *
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   */
  listen(address: Address): TcpListener;
  /** Connects, unless the signal is aborted before. */
  connect(address: Address, signal?: AbortSignal): Promise<Connection>;
  /**
   * Listens for TLS; left out where there is none. What goes wrong with a
   * connection's TLS its reads and writes fail by: {@linkcode TransportFailed}.
   *
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   */
  listenTls?(address: Address, identity: TlsIdentity): TcpListener;
  /**
   * Connects by TLS, to a host whose certificate is its own and vouched for.
   *
   * @throws {TransportFailed} If it is not.
   */
  connectTls?(
    address: Address,
    trust: TlsTrust,
    signal?: AbortSignal,
  ): Promise<Connection>;
  /**
   * Binds a port of datagrams; left out where there are none.
   *
   * @param hear Gets each that comes; the bytes are its own.
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   */
  bindDatagrams?(
    address: Address,
    hear: (bytes: Uint8Array, from: Address) => void,
  ): Promise<DatagramSocket>;
}

/** That a connection is over, for what carries its bytes failed: its TLS, say. */
export class TransportFailed extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "TransportFailed";
  /** As the system's errors have one; see {@linkcode isOver}. */
  readonly code = "ETRANSPORT";
}

/** Asks one web service, by connections that it keeps. */
export interface WebClient {
  /**
   * Asks for what is at an address. A redirect is not followed.
   *
   * @throws {TypeError} If there is no answer; what it says tells of what kind.
   */
  get(url: string, signal: AbortSignal): Promise<Response>;
  /** Closes its connections. */
  close(): void;
}

/** A machine to run on. */
export interface Platform {
  /** What tells the time. */
  readonly clock: Clock;
  /** What carries bytes. */
  readonly network: Network;
  /**
   * What asks a web service; the runtime's own by default.
   *
   * @param base Scheme, host and port of the service.
   * @param idleMax Idle connections that are kept.
   */
  webClient?(base: string, idleMax: number): WebClient;
  /** What keeps bytes, if anything does. */
  readonly disk?: Disk;
  /** What opens a session with a hub, if there are any. */
  readonly openHub?: OpenHub;
  /** So many bytes that nobody can guess. */
  randomBytes(count: number): Uint8Array<ArrayBuffer>;
  /** HMAC-SHA256 (RFC 2104) of a text; the key is of one byte at least. */
  hmac(
    key: Uint8Array<ArrayBuffer>,
    text: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

/** What is drawn by chance where no seed is given. */
export type Randomness = Pick<Platform, "randomBytes">;

/** A number by chance, from 0 up to but not 1. */
export function randomPart(platform: Randomness): number {
  const [bits] = new Uint32Array(platform.randomBytes(4).buffer);
  return bits! / 2 ** 32;
}

/** Whether an error says no more than that it was closed on this side. */
export function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted;
}

/**
 * Whether an error says no more than that a connection is over: closed on this
 * side, or ended by the operating system, whose errors alone carry a code.
 */
export function isOver(error: unknown): boolean {
  return isClosed(error) || error instanceof Error && "code" in error;
}
