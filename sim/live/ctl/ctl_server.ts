/**
 * Takes commands for a running herd from other terminals.
 *
 * @module
 */
import { isSecret } from "../../../herd/net/constant_time.ts";
import type {
  Clock,
  Connection,
  Platform,
  TcpListener,
} from "../../../herd/net/platform.ts";
import { Deadline, delay } from "../../../herd/net/timing.ts";
import { abortable } from "@std/async";
import { bytesOf, utf8 } from "../../../herd/core/bytes/bytes.ts";
import { visibleJson } from "../../../herd/core/bytes/visible.ts";
import { type Commands, STOPPED_WAITING } from "../commands/commands.ts";
import { publish } from "./address.ts";
import { type Answer, type ExitCode, requestOf } from "./protocol.ts";

const TOKEN_BYTES = 32;
const LF = 10;
/** Commands at a time; further connections are closed at once. */
const CONNECTIONS_MAX = 64;
const REQUEST_BYTES_MAX = 1_048_576;
const REQUEST_MS_MAX = 5_000;
/** How much of a followed log may wait to be read. */
const UNREAD_BYTES_MAX = 16_777_216;
/**
 * The pause before the next attempt when connections can't be accepted, in
 * milliseconds.
 */
const EXHAUSTED_MS = 100;
/** How long clients have to read the last answers when the herd stops. */
const LAST_WORDS_MS = 500;

export interface CtlOptions {
  readonly platform: Platform;
  /** The run's folder, where the address is published. */
  readonly folder: string;
  readonly topology: string;
  readonly commands: Commands;
  /** A client has asked the herd to stop. */
  readonly onQuit: () => void;
}

export class CtlServer {
  readonly #options: CtlOptions;
  readonly #token: string;
  readonly #listener: TcpListener;
  readonly #stopping = new AbortController();
  readonly #serving = new Map<Connection, Promise<void>>();
  #published: Disposable | undefined;

  private constructor(options: CtlOptions) {
    const { platform } = options;
    this.#options = options;
    this.#token = platform.randomBytes(TOKEN_BYTES).toHex();
    const address = { hostname: "127.0.0.1", port: 0 };
    this.#listener = platform.network.listen(address);
  }

  /**
   * Starts taking commands, and publishes the address.
   *
   * @throws {Error} If the folder can't be written.
   */
  static async open(options: CtlOptions): Promise<CtlServer> {
    const server = new CtlServer(options);
    const { folder, topology } = options;
    const { port } = server.#listener.addr;
    const address = { port, token: server.#token, topology };
    try {
      server.#published = await publish(folder, address);
    } catch (error) {
      server.#listener.close();
      throw error;
    }
    void server.#accept();
    return server;
  }

  /** Takes no more commands; waiting clients are told that the herd stops. */
  async close(): Promise<void> {
    this.#published?.[Symbol.dispose]();
    this.#stopping.abort(new Error("the herd stops"));
    closed(this.#listener);
    const all = Promise.all(this.#serving.values());
    using late = new Deadline(this.#options.platform.clock, LAST_WORDS_MS);
    await abortable(all, late.signal).catch(() => {});
    for (const conn of this.#serving.keys()) closed(conn);
  }

  async #accept(): Promise<void> {
    for (;;) {
      try {
        const conn = await this.#listener.accept();
        const isOver = this.#stopping.signal.aborted;
        if (isOver || this.#serving.size >= CONNECTIONS_MAX) closed(conn);
        else this.#serving.set(conn, this.#serve(conn));
      } catch {
        if (this.#stopping.signal.aborted) return;
        // Too few file descriptors, for example: connections will end and free
        // some.
        await delay(this.#options.platform.clock, EXHAUSTED_MS);
      }
    }
  }

  async #serve(conn: Connection): Promise<void> {
    let isQuit = false;
    try {
      const line = await firstLine(this.#options.platform.clock, conn);
      const request = line === undefined ? undefined : requestOf(line);
      if (request === undefined) return;
      const answers = new Answers(conn);
      let code: ExitCode = 2;
      if (isSecret(request.token, this.#token)) {
        code = await this.#carryOut(request.command, conn, answers);
        isQuit = code === 0 && answers.isLast("stopping");
      } else answers.say({ event: "error", message: "wrong token" });
      answers.say({ event: "end", code });
      await answers.sent();
    } catch {
      // The client has gone.
    } finally {
      closed(conn);
      this.#serving.delete(conn);
    }
    if (isQuit) this.#options.onQuit();
  }

  async #carryOut(
    line: string,
    conn: Connection,
    answers: Answers,
  ): Promise<ExitCode> {
    const { commands } = this.#options;
    const parsed = commands.parse(line);
    if (parsed === undefined || !parsed.ok) {
      answers.say({ event: "error", message: parsed?.why ?? "no command" });
      return 2;
    }
    const interrupt = new AbortController();
    void untilClosed(conn).then(() =>
      interrupt.abort(new Error(STOPPED_WAITING))
    );
    const signal = AbortSignal.any([interrupt.signal, this.#stopping.signal]);
    try {
      const onPart = (part: Answer) => {
        answers.say(part);
        if (answers.unreadBytes <= UNREAD_BYTES_MAX) return;
        interrupt.abort(new Error("it is read too slowly"));
      };
      const options = { signal, onPart };
      answers.say(await commands.execute(parsed.command, options));
      return 0;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      answers.say({ event: "error", message });
      return 1;
    }
  }
}

/** Sends lines to one connection, in order. */
class Answers {
  readonly #conn: Connection;
  #sending: Promise<void> = Promise.resolve();
  #last: Answer["event"] | undefined;
  unreadBytes = 0;

  constructor(conn: Connection) {
    this.#conn = conn;
  }

  say(answer: Answer): void {
    const bytes = bytesOf(utf8(visibleJson(answer) + "\n"));
    this.#last = answer.event;
    this.unreadBytes += bytes.length;
    this.#sending = this.#sending.then(() => this.#send(bytes));
    this.#sending.catch(() => {});
  }

  async #send(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) {
      const count = await this.#conn.write(bytes.subarray(sent));
      sent += count;
      this.unreadBytes -= count;
    }
  }

  isLast(event: Answer["event"]): boolean {
    return this.#last === event;
  }

  sent(): Promise<void> {
    return this.#sending;
  }
}

/**
 * The first line; `undefined` if it is too long or too late, or does not end.
 */
async function firstLine(
  clock: Clock,
  conn: Connection,
): Promise<string | undefined> {
  const timer = clock.after(REQUEST_MS_MAX, () => closed(conn));
  try {
    const chunks: Uint8Array[] = [];
    const chunk = new Uint8Array(65_536);
    for (let size = 0; size <= REQUEST_BYTES_MAX;) {
      const count = await conn.read(chunk);
      if (count === null) return undefined;
      const read = chunk.subarray(0, count);
      const end = read.indexOf(LF);
      // Only received bytes are kept: a line may come byte by byte.
      chunks.push(end < 0 ? read.slice() : read.slice(0, end));
      size += count;
      if (end >= 0) return await new Blob(chunks as BlobPart[]).text();
    }
    return undefined;
  } finally {
    timer.cancel();
  }
}

/** Resolves when either side has closed the connection. */
async function untilClosed(conn: Connection): Promise<void> {
  const rest = new Uint8Array(1_024);
  try {
    while (await conn.read(rest) !== null);
  } catch {
    // It was reset, or closed by this side.
  }
}

function closed(socket: Connection | TcpListener): void {
  try {
    socket.close();
  } catch {
    // It is closed already.
  }
}
