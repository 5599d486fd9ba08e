/**
 * Clients that send datagrams (UDP): one line each, and an answer to each.
 *
 * Datagrams from one address are from one client as long as they continue, and
 * form the byte stream of one connection: so it has its turns, and the same
 * limits apply. UDP does not say when a client has left; so it counts as gone
 * after a short silence. A repeated datagram is carried out twice, which does
 * no harm: the second time nothing is newer.
 *
 * @module
 */
import { bytesOf, LF } from "../../core/bytes/bytes.ts";
import { ReplyCutter } from "../../core/wire/reply_cutter.ts";
import { failedPlacesText } from "../places/places.ts";
import {
  type Address,
  type Clock,
  type Connection,
  type DatagramSocket,
  type Network,
  type TcpListener,
  type Timer,
  WRITE_BYTES_MAX,
} from "../platform.ts";

/**
 * Connections served per place for a client: those that made room for others
 * may still wait for their last answers.
 */
const SERVED_PER_CLIENT = 2;
/** Milliseconds of silence after which a client counts as gone. */
const GONE_MS = 2_000;
/** Maximum bytes of a datagram in UDP over IPv4. */
const DATAGRAM_BYTES_MAX = 65_507;
/** Bytes of one client that may wait; more are dropped, as a network may. */
const WAITING_BYTES_MAX = 65_536;
/** Minimum bytes that a datagram counts for: a short one takes memory too. */
const COUNTED_BYTES_MIN = 128;

const TOO_LONG = bytesOf(
  failedPlacesText(
    "the answer is too long for a datagram: ask for less, or by TCP",
  ) + "\n\n",
);

/** How a server accepts datagrams. */
export interface DatagramOptions {
  /** Clients at a time; the one that was silent longest makes room. */
  readonly clientsMax: number;
  /** Called when a datagram was dropped. */
  readonly onDropped: (client: string) => void;
}

/**
 * Binds a UDP port, whose clients are connections to accept.
 *
 * @throws {Deno.errors.AddrInUse} If the port is taken.
 * @throws {RangeError} If the network has no datagrams.
 */
export async function datagramClients(
  { clock, network }: {
    readonly clock: Clock;
    readonly network: Network;
  },
  address: Address,
  options: DatagramOptions,
): Promise<TcpListener> {
  if (network.bindDatagrams === undefined) {
    throw new RangeError("Cannot listen for datagrams: there are none here");
  }
  const clients = new DatagramListener(clock, options);
  clients.socket = await network.bindDatagrams(address, clients.hear);
  return clients;
}

class DatagramListener implements TcpListener {
  socket: DatagramSocket | undefined;
  readonly #clock: Clock;
  readonly #options: DatagramOptions;
  /** By address, in the order in which they were last heard. */
  readonly #clients = new Map<string, DatagramClient>();
  readonly #coming: DatagramClient[] = [];
  /** Number of connections that are not closed yet. */
  #served = 0;
  #accepting: PromiseWithResolvers<Connection> | undefined;
  #isClosed = false;

  constructor(clock: Clock, options: DatagramOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  get addr(): Address {
    return this.socket!.addr;
  }

  readonly hear = (bytes: Uint8Array, from: Address): void => {
    if (this.#isClosed) return;
    const name = `${from.hostname}:${from.port}`;
    let client = this.#clients.get(name);
    if (client === undefined || client.isOver) {
      client = this.#begin(name, from);
    } else {
      this.#clients.delete(name);
      this.#clients.set(name, client);
    }
    if (!client?.hear(bytes)) this.#options.onDropped(name);
  };

  /** A new client; `undefined` if there is no room for one. */
  #begin(name: string, from: Address): DatagramClient | undefined {
    const { clientsMax } = this.#options;
    if (this.#served >= clientsMax * SERVED_PER_CLIENT) return undefined;
    if (this.#clients.size >= clientsMax) {
      const [[oldest, its]] = this.#clients as unknown as [
        [string, DatagramClient],
      ];
      its.end();
      this.#clients.delete(oldest);
    }
    const client = new DatagramClient(this.#clock, from, {
      send: (bytes) => this.socket?.send(bytes, from),
      onOver: () => {
        if (this.#clients.get(name) === client) this.#clients.delete(name);
      },
      onClosed: () => this.#served--,
    });
    this.#served++;
    this.#clients.set(name, client);
    if (this.#accepting !== undefined) {
      this.#accepting.resolve(client);
      this.#accepting = undefined;
    } else this.#coming.push(client);
    return client;
  }

  accept(): Promise<Connection> {
    const next = this.#coming.shift();
    if (next !== undefined) return Promise.resolve(next);
    if (this.#isClosed) return Promise.reject(closed());
    this.#accepting = Promise.withResolvers();
    return this.#accepting.promise;
  }

  close(): void {
    this.#isClosed = true;
    this.socket?.close();
    for (const client of this.#coming.splice(0)) client.close();
    this.#accepting?.reject(closed());
    this.#accepting = undefined;
  }
}

function closed(): Error {
  return new Deno.errors.BadResource("The port of datagrams is closed");
}

interface DatagramWay {
  send(bytes: Uint8Array): void;
  onOver(): void;
  onClosed(): void;
}

function countedBytes(line: Uint8Array): number {
  return Math.max(line.length, COUNTED_BYTES_MIN);
}

/** One client: its datagrams as a connection. */
class DatagramClient implements Connection {
  readonly remoteAddr: Address;
  readonly #clock: Clock;
  readonly #way: DatagramWay;
  readonly #cutter = new ReplyCutter(WRITE_BYTES_MAX);
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Bytes of the first one that were read. */
  #at = 0;
  #reading: (() => void) | undefined;
  #timer: Timer | undefined;
  #heardMs = 0;
  #isClosed = false;
  isOver = false;

  constructor(clock: Clock, from: Address, way: DatagramWay) {
    this.#clock = clock;
    this.remoteAddr = from;
    this.#way = way;
    this.#watch();
  }

  /** Adds a datagram, unless too many wait; its end ends its last line. */
  hear(bytes: Uint8Array): boolean {
    this.#heardMs = this.#clock.nowMs();
    if (bytes.length === 0) return true;
    const hasEnd = bytes.at(-1) === LF;
    const line = new Uint8Array(hasEnd ? bytes.length : bytes.length + 1);
    const counted = countedBytes(line);
    if (this.#waitingBytes + counted > WAITING_BYTES_MAX) return false;
    // Copied, because the socket's buffer may be as large as the longest
    // datagram.
    line.set(bytes);
    if (!hasEnd) line[bytes.length] = LF;
    this.#waiting.push(line);
    this.#waitingBytes += counted;
    this.#wake();
    return true;
  }

  #watch(leftMs = GONE_MS): void {
    this.#timer = this.#clock.after(Math.ceil(leftMs), () => {
      const silentMs = this.#clock.nowMs() - this.#heardMs;
      if (silentMs < GONE_MS) this.#watch(GONE_MS - silentMs);
      else this.end();
    });
  }

  /** The client has ended: datagrams received so far are still read. */
  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#timer?.cancel();
    this.#way.onOver();
    this.#wake();
  }

  #wake(): void {
    this.#reading?.();
    this.#reading = undefined;
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#waiting.length === 0) {
      if (this.isOver) return null;
      await new Promise<void>((resolve) => this.#reading = resolve);
    }
    let count = 0;
    while (count < into.length && this.#waiting.length > 0) {
      const rest = this.#waiting[0]!.subarray(this.#at);
      const taken = rest.subarray(0, into.length - count);
      into.set(taken, count);
      count += taken.length;
      if (taken.length < rest.length) this.#at += taken.length;
      else this.#drop();
    }
    return count;
  }

  #drop(): void {
    this.#at = 0;
    this.#waitingBytes -= countedBytes(this.#waiting.shift()!);
  }

  /** Sends each reply as a datagram. */
  write(bytes: Uint8Array): Promise<number> {
    let at = 0;
    while (at < bytes.length) {
      const part = this.#cutter.cut(bytes, at);
      if (part === undefined) break;
      if (part.isFirst) this.#send(bytes.subarray(at, part.end), part.isLast);
      at = part.end;
    }
    return Promise.resolve(at);
  }

  /** Sends the location even if there is no room for the places. */
  #send(reply: Uint8Array, isWhole: boolean): void {
    if (isWhole && reply.length <= DATAGRAM_BYTES_MAX) {
      return this.#way.send(reply);
    }
    const line = reply.subarray(0, reply.indexOf(LF) + 1);
    const short = new Uint8Array(line.length + TOO_LONG.length);
    short.set(line);
    short.set(TOO_LONG, line.length);
    if (short.length <= DATAGRAM_BYTES_MAX) this.#way.send(short);
  }

  setNoDelay(): void {}

  closeWrite(): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  close(): void {
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    if (!this.#isClosed) this.#way.onClosed();
    this.#isClosed = true;
    this.end();
  }
}
