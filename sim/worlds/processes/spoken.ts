/**
 * A client's connection to a server that somebody wrote. To the client it is one
 * connection, on which lines and replies are as the protocol has them; behind
 * it, each command has a connection of its own, for most such servers take one.
 *
 * How its lines end, and whether it waits for the end of input, is found out by
 * the first command that it answers.
 *
 * @module
 */
import { writeAll } from "../../../herd/net/disk.ts";
import type {
  Address,
  Clock,
  Connection,
  Network,
} from "../../../herd/net/platform.ts";
import type { ManifestDialect } from "../../model/manifest.ts";
import { replyForms } from "./forms.ts";

/** What is known of how servers want to be spoken to; nothing, at first. */
export interface Dialect {
  /** What ends a line. */
  lineEnd?: "\n" | "\r\n";
  /** Whether a command ends only with the input. */
  isHalfClosed?: boolean;
  /** When a reply is over; by all signs that there are, unless it is known. */
  readonly replyEnd?: "line" | "close" | "silence";
  /** How replies are written, where not as the protocol has them. */
  readonly inForm?: ReturnType<typeof replyForms>;
}

/** A way to end a command, in words. */
export function dialectText({ lineEnd, isHalfClosed }: Way): string {
  const end = lineEnd === "\n" ? "LF" : "CR LF";
  return `a command ends with ${end}${
    isHalfClosed ? " and the end of input" : ""
  }`;
}

/** What a manifest knows of it. */
export function dialectOf(told: ManifestDialect = {}): Dialect {
  const { line_end: lineEnd, half_close: halfClose, reply_end: replyEnd } =
    told;
  return {
    ...lineEnd && { lineEnd: lineEnd === "lf" ? "\n" : "\r\n" },
    ...halfClose && { isHalfClosed: halfClose === "always" },
    ...replyEnd && { replyEnd },
    inForm: replyForms(told),
  };
}

/** What a connection is made of. */
export interface SpokenOptions {
  /** What tells the time. */
  readonly clock: Clock;
  /** What carries bytes. */
  readonly network: Network;
  /** What is known, and is learned; servers of one herd share it. */
  readonly dialect: Dialect;
  /** Hears of each command before it is sent. */
  readonly onCommand: (line: string) => void;
  /** Hears how it is spoken to, once that is found out. */
  readonly onFound?: (way: Way) => void;
  /** Hears of each reply to a client, as the protocol has it. */
  readonly onReply?: (line: string, reply: string) => void;
}

/** Without a word for so long, a server is tried in another way. */
const TRY_MS = 1_000;
/** A reply that nothing else ends is over after such a silence. */
const SILENCE_MS = 250;
const CHUNK_BYTES = 65_536;
/** Of the difference in an AT line. */
const DECIMALS = 9;

/** How a command is ended. */
export type Way = Required<Pick<Dialect, "lineEnd" | "isHalfClosed">>;

/** The ways to end a command, each beside those before it. */
const WAYS: readonly Way[] = [
  { lineEnd: "\n", isHalfClosed: false },
  { lineEnd: "\r\n", isHalfClosed: false },
  { lineEnd: "\n", isHalfClosed: true },
];

/** Such a connection. */
export class SpokenConnection implements Connection {
  readonly remoteAddr: Address;
  readonly #options: SpokenOptions;
  readonly #replies: Uint8Array[] = [];
  #unsent = "";
  #turn: Promise<void> = Promise.resolve();
  #current: Connection | undefined;
  #waiting: PromiseWithResolvers<void> | undefined;
  #isOver = false;
  #isClosed = false;

  /** A connection to the server at an address. */
  constructor(address: Address, options: SpokenOptions) {
    this.remoteAddr = address;
    this.#options = options;
  }

  write(bytes: Uint8Array): Promise<number> {
    const lines = (this.#unsent + new TextDecoder().decode(bytes)).split("\n");
    this.#unsent = lines.pop()!;
    for (const line of lines) {
      this.#turn = this.#turn.then(() => this.#command(line));
    }
    return Promise.resolve(bytes.length);
  }

  async read(into: Uint8Array): Promise<number | null> {
    for (;;) {
      if (this.#isClosed) throw new Deno.errors.BadResource("it is closed");
      const first = this.#replies.shift();
      if (first !== undefined) {
        const rest = first.subarray(into.length);
        if (rest.length > 0) this.#replies.unshift(rest);
        into.set(first.subarray(0, into.length));
        return first.length - rest.length;
      }
      if (this.#isOver) return null;
      this.#waiting = Promise.withResolvers();
      await this.#waiting.promise;
    }
  }

  async closeWrite(): Promise<void> {
    await this.#turn;
    this.#end();
  }

  setNoDelay(): void {}

  close(): void {
    this.#isClosed = true;
    this.#current?.close();
    this.#waiting?.resolve();
  }

  #end(): void {
    this.#isOver = true;
    this.#waiting?.resolve();
  }

  async #command(line: string): Promise<void> {
    if (this.#isOver || this.#isClosed || line.trim() === "") return;
    try {
      const reply = await this.exchange(line);
      if (reply === "") return this.#end();
      const text = asProtocol(line, reply);
      this.#options.onReply?.(line, text);
      this.#replies.push(new TextEncoder().encode(text));
      this.#waiting?.resolve();
    } catch {
      // Refused, or reset: the client sees that its connection is lost.
      this.#end();
    }
  }

  /**
   * Sends a command on a connection of its own, and waits for the reply, which
   * is as it came.
   *
   * @param signal Closes the connection: a server that hangs may hold it for ever.
   * @throws {Error} If it is refused, or closed.
   */
  async exchange(line: string, signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const close = () => this.close();
    signal?.addEventListener("abort", close, { once: true });
    try {
      return await this.#exchange(line);
    } finally {
      signal?.removeEventListener("abort", close);
    }
  }

  async #exchange(line: string): Promise<string> {
    this.#options.onCommand(line);
    const { network, dialect } = this.#options;
    const tries = waysOf(dialect);
    const conn = this.#current = await network.connect(this.remoteAddr);
    // The client may have closed it before it was there to be closed.
    if (this.#isClosed) {
      conn.close();
      throw new Deno.errors.BadResource("it is closed");
    }
    const reply = new Reply(conn);
    let isSent = false;
    try {
      for (const way of tries) {
        const end = isSent ? "\r\n" : line + way.lineEnd;
        if (way.isHalfClosed) {
          if (!isSent) await writeText(conn, end);
          await conn.closeWrite();
        } else await writeText(conn, end);
        isSent = true;
        const isLast = way === tries.at(-1);
        const text = await this.#wait(reply, line, isLast ? Infinity : TRY_MS);
        if (text === "") continue;
        if (tries.length > 1) this.#options.onFound?.(way);
        Object.assign(dialect, way);
        return dialect.inForm?.(line, text) ?? text;
      }
      return dialect.inForm?.(line, "") ?? "";
    } finally {
      this.#current = undefined;
      // The client may have closed it meanwhile.
      if (!this.#isClosed) conn.close();
    }
  }

  /**
   * Sends a line that may have no reply, and waits for a moment.
   *
   * @throws {Error} If it is refused.
   */
  async tell(line: string): Promise<void> {
    const { network, dialect } = this.#options;
    const { lineEnd, isHalfClosed } = waysOf(dialect)[0]!;
    const conn = await network.connect(this.remoteAddr);
    try {
      await writeText(conn, line + lineEnd);
      if (isHalfClosed) await conn.closeWrite();
      const reply = new Reply(conn);
      while (!reply.isOver && await this.#moreWithin(reply, SILENCE_MS));
    } finally {
      conn.close();
    }
  }

  /** What has come once it is a whole reply; nothing, if nothing came. */
  async #wait(reply: Reply, line: string, patienceMs: number): Promise<string> {
    const { replyEnd } = this.#options.dialect;
    for (;;) {
      if (reply.isOver) return reply.text;
      if (replyEnd !== undefined && replyEnd !== "line" && reply.text !== "") {
        const ms = replyEnd === "close" ? Infinity : SILENCE_MS;
        if (!await this.#moreWithin(reply, ms)) return reply.text;
        continue;
      }
      if (isWhole(line, reply.text)) return reply.text;
      const mayBeMore = /^AT /.test(reply.text) && isWhatsat(line);
      const ms = reply.text === "" || mayBeMore ? patienceMs : SILENCE_MS;
      if (!await this.#moreWithin(reply, ms) && !mayBeMore) return reply.text;
    }
  }

  async #moreWithin(reply: Reply, ms: number): Promise<boolean> {
    const late = Promise.withResolvers<boolean>();
    const timer = Number.isFinite(ms)
      ? this.#options.clock.after(ms, () => late.resolve(false))
      : undefined;
    try {
      return await Promise.race([reply.more().then(() => true), late.promise]);
    } finally {
      timer?.cancel();
    }
  }
}

/** The ways that may be meant; one, once it is known. */
function waysOf({ lineEnd, isHalfClosed }: Dialect): Way[] {
  const ways = WAYS.filter((way) =>
    way.lineEnd === (lineEnd ?? way.lineEnd) &&
    way.isHalfClosed === (isHalfClosed ?? way.isHalfClosed)
  );
  if (ways.length > 0) return ways;
  return [{ lineEnd: lineEnd ?? "\n", isHalfClosed: isHalfClosed ?? false }];
}

/** What comes from a server, as it comes. */
class Reply {
  text = "";
  isOver = false;
  #changed = Promise.withResolvers<void>();

  constructor(conn: Connection) {
    void this.#read(conn);
  }

  /** Resolves when more has come, or nothing does any more. */
  more(): Promise<void> {
    return this.#changed.promise;
  }

  async #read(conn: Connection): Promise<void> {
    const decoder = new TextDecoder();
    const chunk = new Uint8Array(CHUNK_BYTES);
    while (!this.isOver) {
      const count = await conn.read(chunk).catch(() => null);
      if (count === null) this.isOver = true;
      else {
        const bytes = chunk.subarray(0, count);
        this.text += decoder.decode(bytes, { stream: true });
      }
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
  }
}

function isWhatsat(line: string): boolean {
  return /^\s*WHATSAT\s/.test(line);
}

/** Whether a reply is whole without the server's closing after it. */
function isWhole(line: string, reply: string): boolean {
  if (!isWhatsat(line) || !reply.startsWith("AT ")) return /\S.*\n/.test(reply);
  const begin = reply.indexOf("{");
  if (begin < 0 || !reply.trimEnd().endsWith("}")) return false;
  try {
    JSON.parse(reply.slice(begin));
    return true;
  } catch {
    return false;
  }
}

/** A reply as the protocol has it: a line, or one, JSON and an empty line. */
function asProtocol(line: string, reply: string): string {
  const lines = reply.split(/\r?\n/).filter((text) => text.trim() !== "");
  const [first = "", ...rest] = lines;
  const isLong = isWhatsat(line) && first.startsWith("AT ");
  const text = withDecimals(first);
  return isLong ? `${[text, ...rest].join("\n")}\n\n` : `${text}\n`;
}

/** An AT line whose difference has a sign and nine decimals, if it is one. */
export function withDecimals(line: string): string {
  const [, head, difference, tail] =
    /^(AT \S+ )([+-]?[\d.]+(?:[eE][+-]?\d+)?)((?: \S+){3}) *$/.exec(line) ?? [];
  if (difference === undefined || /^[+-]\d+\.\d{9}$/.test(difference)) {
    return line;
  }
  const seconds = Number(difference);
  const sign = seconds < 0 ? "-" : "+";
  return head + sign + Math.abs(seconds).toFixed(DECIMALS) + tail;
}

async function writeText(conn: Connection, text: string): Promise<void> {
  await writeAll(conn, new TextEncoder().encode(text));
}
