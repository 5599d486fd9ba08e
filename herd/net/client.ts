/**
 * A client of a herd.
 *
 * @module
 */
import { readable, utf8 } from "../core/bytes/bytes.ts";
import { instantOfMs } from "../core/bytes/decimal.ts";
import { fieldsOf, type FixFields } from "../core/wire/fix.ts";
import { parseAtLine } from "../core/wire/message.ts";
import { Channel } from "./channel.ts";
import { denoPlatform } from "./deno_platform.ts";
import type { Address, Clock } from "./platform.ts";
import { dial, type DialOptions, type DialPlatform } from "./ways/dial.ts";

/** Bytes of the longest line that a server may answer: a whole places body. */
const REPLY_LINE_BYTES_MAX = 8 * 1_048_576;

/** A fix as a server reported it. */
export interface AtReply extends FixFields {
  /** The whole AT line, without its line feed. */
  readonly line: string;
}

/** One place of a WHATSAT reply, as in Google's Nearby Search. */
export interface Place {
  /** The name of the place, as the service gives it. */
  readonly name: string;
  /** Any other field of the service's answer. */
  readonly [field: string]: unknown;
}

/** A reply to WHATSAT. */
export interface WhatsatReply {
  /** The fix that the server holds. */
  readonly at: AtReply;
  /** The places as JSON text, exactly as received. */
  readonly body: string;
  /** The places, parsed. */
  readonly places: {
    readonly status: string;
    readonly results: readonly Place[];
    readonly error_message?: string;
  };
}

/** A command that the server answered by `?`. */
export class ReplyError extends Error {
  /** `"ReplyError"`. */
  override readonly name = "ReplyError";
  /** The server's answer, without its line feed. */
  readonly line: string;

  /** Says that `command` was answered by `line`. */
  constructor(command: string, line: string) {
    super(`Cannot carry out "${command}": the server answered "${line}"`);
    this.line = line;
  }
}

interface Waiter {
  readonly command: string;
  readonly sentMs: number;
  readonly resolve: (reply: string) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A connection to a server, as a client. Commands may be sent without waiting
 * for earlier replies; text is UTF-8.
 */
export class Client implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #channel: Channel;
  readonly #waiters: Waiter[] = [];
  #written: Promise<unknown> = Promise.resolve();
  readonly #reading: Promise<void>;
  readonly #onReply: (tookMs: number) => void;

  private constructor(
    clock: Clock,
    channel: Channel,
    onReply: (tookMs: number) => void,
  ) {
    this.#clock = clock;
    this.#channel = channel;
    this.#onReply = onReply;
    this.#reading = this.#read();
  }

  /**
   * Connects to a server.
   *
   * @param onReply Called with the milliseconds that each reply took.
   * @param options The transport: plain TCP by default.
   * @throws {RangeError} If the platform does not have this transport.
   */
  static async connect(
    address: Address,
    platform: DialPlatform = denoPlatform,
    onReply: (tookMs: number) => void = () => {},
    options: DialOptions = {},
  ): Promise<Client> {
    const { clock } = platform;
    const conn = await dial(address, platform, options);
    const channel = new Channel(clock, conn, REPLY_LINE_BYTES_MAX);
    return new Client(clock, channel, onReply);
  }

  /** Resolves when the connection has ended, whoever closed it. */
  get ended(): Promise<void> {
    return this.#reading;
  }

  /**
   * Reports where a client is.
   *
   * @param position Latitude and longitude: `+34.068930-118.445127`.
   * @param time POSIX seconds; by default now.
   * @throws {ReplyError} If the server does not understand it.
   */
  async iamat(
    client: string,
    position: string,
    time: string = timeText(this.#clock.nowMs()),
  ): Promise<AtReply> {
    const command = `IAMAT ${client} ${position} ${time}`;
    return readAtReply(command, await this.send(command));
  }

  /**
   * Asks where a client is and what is around it.
   *
   * @param radiusKm 0 to 50.
   * @param items 0 to 20.
   * @throws {ReplyError} If the server does not know the client.
   */
  async whatsat(
    client: string,
    radiusKm: number | string,
    items: number | string,
  ): Promise<WhatsatReply> {
    const command = `WHATSAT ${client} ${radiusKm} ${items}`;
    return readWhatsatReply(command, await this.send(command));
  }

  /**
   * Sends a line as it is; resolves to its reply, without its terminator. A
   * line of white space only has no reply, and resolves to the empty string.
   *
   * @throws {Error} If the connection is lost before the reply.
   */
  async send(line: string): Promise<string> {
    if (line.includes("\n")) {
      throw new TypeError(`Cannot send "${line}": it is more than one line`);
    }
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    if (/^[ \t\r\f\v]*$/.test(line)) resolve("");
    else {
      const sentMs = this.#clock.nowMs();
      this.#waiters.push({ command: line, sentMs, resolve, reject });
    }
    // It may fail while the line is still being written, and nobody awaits it
    // yet.
    promise.catch(() => {});
    // A socket may accept part of a line: the next one waits until it has all
    // of it.
    this.#written = this.#written
      .then(() => this.#channel.writeText(utf8(line) + "\n"));
    // If the line can't be sent, `#read` will find out why, after a last reply.
    await this.#written;
    if (this.#channel.isClosed) this.#lose();
    return await promise;
  }

  /** Closes the connection; replies that have not arrived are given up. */
  async close(): Promise<void> {
    this.#channel.close();
    await this.#reading;
  }

  /** The same as {@linkcode Client.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #read(): Promise<void> {
    let held = "";
    while (await this.#channel.nextLine()) {
      const waiter = this.#waiters[0];
      if (waiter === undefined) break;
      const { line } = this.#channel;
      const isWhole = held === ""
        ? line.startsWith("? ") || !isWhatsat(waiter.command)
        : line === "";
      if (!isWhole) {
        held += line + "\n";
        continue;
      }
      this.#waiters.shift();
      this.#onReply(this.#clock.nowMs() - waiter.sentMs);
      waiter.resolve(readable(held === "" ? line : held.slice(0, -1)));
      held = "";
    }
    this.#lose();
  }

  #lose(): void {
    const { failure } = this.#channel;
    const lost = failure ? `connection lost: ${failure}` : "connection lost";
    this.#channel.close();
    for (const { command, reject } of this.#waiters.splice(0)) {
      reject(new Error(`Cannot carry out "${command}": ${lost}`));
    }
  }
}

function isWhatsat(command: string): boolean {
  return /^[ \t\r\f\v]*WHATSAT[ \t\r\f\v]/.test(command);
}

/**
 * Parses the reply to an IAMAT.
 *
 * @throws {ReplyError} If the server did not understand `command`.
 */
export function readAtReply(command: string, reply: string): AtReply {
  const fix = parseAtLine(utf8(reply));
  if (fix === undefined) throw new ReplyError(command, reply);
  const fields = fieldsOf(fix);
  return { ...fields, line: reply, client: readable(fields.client) };
}

/**
 * Parses the reply to a WHATSAT.
 *
 * @throws {ReplyError} If the server did not know the client, or sent no places.
 */
export function readWhatsatReply(command: string, reply: string): WhatsatReply {
  const end = reply.indexOf("\n");
  const at = readAtReply(command, end < 0 ? reply : reply.slice(0, end));
  const body = reply.slice(end + 1);
  const places = placesIn(body);
  if (places === undefined) throw new ReplyError(command, reply);
  return { at, body, places };
}

function placesIn(body: string): WhatsatReply["places"] | undefined {
  try {
    const places = JSON.parse(body);
    return Array.isArray(places?.results) ? places : undefined;
  } catch {
    return undefined;
  }
}

/** A time as in an IAMAT: seconds since the epoch, nine decimals. */
export function timeText(ms: number): string {
  const { seconds, nanos } = instantOfMs(ms);
  return `${seconds}.${String(nanos).padStart(9, "0")}`;
}
