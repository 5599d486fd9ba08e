/**
 * The client's end of datagrams (UDP): lines are sent one after the other, each
 * as a datagram that is repeated until its answer arrives.
 *
 * @module
 */
import { bytesOf, byteString } from "../../core/bytes/bytes.ts";
import {
  type Address,
  type Clock,
  type Connection,
  type DatagramSocket,
  type Network,
  type Timer,
  TransportFailed,
} from "../platform.ts";

/**
 * Milliseconds before the first repetition of a datagram; doubled each time.
 */
const AGAIN_MS_MIN = 200;
const AGAIN_MS_MAX = 2_000;
/** Milliseconds without an answer after which the server counts as gone. */
const LOST_MS = 15_000;

/**
 * Whether an answer belongs to a line. A network may deliver a datagram twice,
 * and the second answer while the next line waits for its own.
 */
export function isAnswerTo(line: string, answer: string): boolean {
  const words = line.trim().split(/[ \t\r\n\f\v]+/);
  const end = answer.indexOf("\n");
  const first = end < 0 ? answer : answer.slice(0, end);
  if (first === `? ${line.replace(/\r$/, "")}`) return true;
  const [command, client] = words;
  const fields = first.split(" ");
  if (fields[0] !== "AT") return first.startsWith("? ") && isCut(line, first);
  const hasBody = end >= 0 && end + 1 < answer.length;
  return command === "IAMAT"
    ? !hasBody && fields.slice(3).join(" ") === words.slice(1).join(" ")
    : command === "WHATSAT" && hasBody && fields[3] === client;
}

/** Whether it quotes the beginning of a line that was too long. */
function isCut(line: string, answer: string): boolean {
  const head = answer.slice(2);
  return head.length > 0 && head.length < line.length && line.startsWith(head);
}

export async function openDatagrams(
  clock: Clock,
  network: Network,
  address: Address,
): Promise<Connection> {
  if (network.bindDatagrams === undefined) {
    throw new RangeError("Cannot send datagrams: there are none here");
  }
  const end = new DatagramEnd(clock, network, address);
  await end.open();
  return end;
}

/** The local address to which answers from that address can be sent. */
function ownHostname({ hostname }: Address): string {
  if (/^127\.|^localhost$/.test(hostname)) return "127.0.0.1";
  return hostname.includes(":") ? "::" : "0.0.0.0";
}

class DatagramEnd implements Connection {
  readonly remoteAddr: Address;
  readonly #clock: Clock;
  readonly #network: Network;
  /** Absent while a port is bound. */
  #socket: DatagramSocket | undefined;
  /** Lines still to be sent; the first one waits for its answer. */
  readonly #lines: string[] = [];
  #unfinished = "";
  #sentAtMs = 0;
  #tries = 0;
  #timer: Timer | undefined;
  readonly #answers: Uint8Array[] = [];
  #at = 0;
  #reading: (() => void) | undefined;
  #isEnded = false;
  #isLast = false;
  #failure: TransportFailed | undefined;

  constructor(clock: Clock, network: Network, address: Address) {
    this.#clock = clock;
    this.#network = network;
    this.remoteAddr = address;
  }

  /**
   * Binds a new port; the one that late answers may still come to is closed.
   */
  async open(): Promise<void> {
    const own = ownHostname(this.remoteAddr);
    this.#socket?.close();
    this.#socket = undefined;
    const socket: DatagramSocket = await this.#network.bindDatagrams!(
      { hostname: own, port: 0 },
      (bytes) => {
        if (socket === this.#socket) this.#hear(bytes);
      },
    );
    this.#socket = socket;
    if (this.#isEnded) socket.close();
  }

  #hear(bytes: Uint8Array): void {
    const line = this.#lines[0];
    if (line === undefined || !isAnswerTo(line, byteString(bytes))) return;
    this.#timer?.cancel();
    this.#lines.shift();
    this.#answers.push(bytes);
    this.#reading?.();
    const wasRepeated = this.#tries > 1;
    if (wasRepeated) void this.#nextByNewPort();
    else this.#next();
  }

  async #nextByNewPort(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return this.#fail(`no port for datagrams: ${why}`);
    }
    this.#next();
  }

  #next(): void {
    // What is written while a port is bound goes once that is there.
    if (this.#socket === undefined) return;
    this.#tries = 0;
    if (this.#lines.length === 0) {
      if (this.#isLast) this.close();
      return;
    }
    this.#sentAtMs = this.#clock.nowMs();
    this.#try();
  }

  #try(): void {
    if (this.#isEnded) return;
    if (this.#clock.nowMs() - this.#sentAtMs >= LOST_MS) {
      return this.#fail(`no answer within ${LOST_MS} ms`);
    }
    this.#socket!.send(bytesOf(this.#lines[0]! + "\n"), this.remoteAddr);
    const ms = Math.min(AGAIN_MS_MIN * 2 ** this.#tries++, AGAIN_MS_MAX);
    this.#timer = this.#clock.after(ms, () => this.#try());
  }

  write(bytes: Uint8Array): Promise<number> {
    const isIdle = this.#lines.length === 0;
    const texts = (this.#unfinished + byteString(bytes)).split("\n");
    this.#unfinished = texts.pop()!;
    // A line of white space has no answer, and is not worth a datagram.
    this.#lines.push(...texts.filter((it) => /[^ \t\r\f\v]/.test(it)));
    if (isIdle && this.#lines.length > 0) this.#next();
    return Promise.resolve(bytes.length);
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#answers.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isEnded) return null;
      await new Promise<void>((resolve) => this.#reading = resolve);
    }
    const rest = this.#answers[0]!.subarray(this.#at);
    const taken = rest.subarray(0, into.length);
    into.set(taken);
    this.#at += taken.length;
    if (taken.length === rest.length) {
      this.#answers.shift();
      this.#at = 0;
    }
    return taken.length;
  }

  setNoDelay(): void {}

  closeWrite(): Promise<void> {
    this.#isLast = true;
    if (this.#lines.length === 0) this.close();
    return Promise.resolve();
  }

  #fail(why: string): void {
    if (!this.#isEnded) this.#failure = new TransportFailed(why);
    this.close();
  }

  close(): void {
    this.#isEnded = true;
    this.#timer?.cancel();
    this.#socket?.close();
    this.#reading?.();
  }
}
