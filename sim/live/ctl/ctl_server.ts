/**
 * Takes commands for a running herd from other terminals.
 *
 * @module
 */
import { isSecret } from "../../../herd/net/constant_time.ts";
import { connectionsOf } from "../../../herd/net/accepting.ts";
import { Channel } from "../../../herd/net/channel.ts";
import type { Platform, TcpListener } from "../../../herd/net/platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import { abortable } from "@std/async";
import { bytesOf, readable, utf8 } from "../../../herd/core/bytes/bytes.ts";
import { visibleJson } from "../../../herd/core/bytes/visible.ts";
import { type Commands, STOPPED_WAITING } from "../commands/commands.ts";
import { publish } from "./address.ts";
import { type Answer, type ExitCode, requestOf } from "./protocol.ts";

const TOKEN_BYTES = 32;
/** Commands at a time; further connections are closed at once. */
const CONNECTIONS_MAX = 64;
const REQUEST_BYTES_MAX = 1_048_576;
const REQUEST_MS_MAX = 5_000;
/** How much of a followed log may wait to be read. */
const UNREAD_BYTES_MAX = 16_777_216;
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
  readonly #serving = new Map<Channel, Promise<void>>();
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
    if (this.#stopping.signal.aborted) return;
    this.#published?.[Symbol.dispose]();
    this.#stopping.abort(new Error("the herd stops"));
    this.#listener.close();
    const all = Promise.all(this.#serving.values());
    using late = new Deadline(this.#options.platform.clock, LAST_WORDS_MS);
    await abortable(all, late.signal).catch(() => {});
    for (const channel of this.#serving.keys()) channel.close();
  }

  async #accept(): Promise<void> {
    const { clock } = this.#options.platform;
    for await (const conn of connectionsOf(clock, this.#listener)) {
      const channel = new Channel(clock, conn, REQUEST_BYTES_MAX);
      const isOver = this.#stopping.signal.aborted;
      if (isOver || this.#serving.size >= CONNECTIONS_MAX) channel.close();
      else this.#serving.set(channel, this.#serve(channel));
    }
  }

  async #serve(channel: Channel): Promise<void> {
    const { platform: { clock }, onQuit } = this.#options;
    let isQuit = false;
    const late = clock.after(REQUEST_MS_MAX, () => channel.close());
    try {
      const request = await channel.nextLine()
        ? requestOf(readable(channel.line))
        : undefined;
      late.cancel();
      if (request === undefined) return;
      const answers = new Answers(channel);
      let code: ExitCode = 2;
      if (isSecret(request.token, this.#token)) {
        code = await this.#carryOut(request.command, channel, answers);
        isQuit = code === 0 && answers.last === "stopping";
      } else answers.say({ event: "error", message: "wrong token" });
      answers.say({ event: "end", code });
      await answers.sent;
    } finally {
      late.cancel();
      channel.close();
      this.#serving.delete(channel);
    }
    if (isQuit) onQuit();
  }

  async #carryOut(
    line: string,
    channel: Channel,
    answers: Answers,
  ): Promise<ExitCode> {
    const { commands } = this.#options;
    const parsed = commands.parse(line);
    if (parsed === undefined || !parsed.ok) {
      answers.say({ event: "error", message: parsed?.why ?? "no command" });
      return 2;
    }
    const interrupt = new AbortController();
    void untilClosed(channel).then(() =>
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
  readonly #channel: Channel;
  /** Resolves when all that was said is sent, or the client has gone. */
  sent: Promise<unknown> = Promise.resolve();
  last: Answer["event"] | undefined;
  #saidBytes = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  say(answer: Answer): void {
    const bytes = bytesOf(utf8(visibleJson(answer) + "\n"));
    this.last = answer.event;
    this.#saidBytes += bytes.length;
    this.sent = this.sent.then(() => this.#channel.write(bytes));
  }

  get unreadBytes(): number {
    return this.#saidBytes - this.#channel.bytesOut;
  }
}

/** Resolves when either side has closed the connection. */
async function untilClosed(channel: Channel): Promise<void> {
  while (await channel.nextLine());
}
