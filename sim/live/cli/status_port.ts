/**
 * A port that answers simple HTTP requests, one per connection. Anybody who
 * reaches it may ask, so its resources are limited.
 *
 * @module
 */
import { byteString } from "../../../herd/core/bytes/bytes.ts";
import { connectionsOf } from "../../../herd/net/accepting.ts";
import { Channel } from "../../../herd/net/channel.ts";
import type {
  Address,
  Connection,
  Platform,
  TcpListener,
} from "../../../herd/net/platform.ts";

/** Further connections are closed at once. */
const CONNECTIONS_MAX = 32;
const REQUEST_MS_MAX = 5_000;
const LINE_BYTES_MAX = 8_192;
const LINES_MAX = 100;

/** The answer for a path. */
export interface StatusAnswer {
  readonly status: 200 | 404 | 503;
  readonly text: string;
  /** `text/plain` by default. */
  readonly type?: string;
}

const WORDS = { 200: "OK", 404: "Not Found", 503: "Service Unavailable" };

export class StatusPort implements AsyncDisposable {
  readonly #platform: Platform;
  readonly #listener: TcpListener;
  readonly #answer: (path: string) => StatusAnswer;
  readonly #open = new Set<Channel>();
  #isOver = false;
  readonly #tasks = new Set<Promise<void>>();

  /**
   * Listens.
   *
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   */
  constructor(
    platform: Platform,
    address: Address,
    answer: (path: string) => StatusAnswer,
  ) {
    this.#platform = platform;
    this.#listener = platform.network.listen(address);
    this.#answer = answer;
    this.#track(this.#accept());
  }

  #track(task: Promise<void>): void {
    this.#tasks.add(task);
    task.finally(() => this.#tasks.delete(task));
  }

  async #accept(): Promise<void> {
    const { clock } = this.#platform;
    for await (const conn of connectionsOf(clock, this.#listener)) {
      const isFull = this.#open.size >= CONNECTIONS_MAX;
      // It may have been accepted at the very moment of the end.
      if (isFull || this.#isOver) conn.close();
      else this.#track(this.#serve(conn));
    }
  }

  async #serve(conn: Connection): Promise<void> {
    const { clock } = this.#platform;
    const channel = new Channel(clock, conn, LINE_BYTES_MAX);
    this.#open.add(channel);
    const late = clock.after(REQUEST_MS_MAX, () => channel.close());
    try {
      const path = await requestOf(channel);
      if (path === undefined) return;
      await channel.closeGently(responseOf(this.#answer(path)));
    } finally {
      late.cancel();
      channel.close();
      this.#open.delete(channel);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#listener.close();
    for (const channel of this.#open) channel.close();
    await Promise.all(this.#tasks);
  }
}

/**
 * The path of a request, once the whole head has arrived; `undefined` if it is
 * invalid.
 */
async function requestOf(channel: Channel): Promise<string | undefined> {
  if (!await channel.nextLine()) return undefined;
  const [, path] = /^GET (\S+) HTTP\/1\.\d$/.exec(channel.line) ?? [];
  for (let lines = 0; lines < LINES_MAX; lines++) {
    if (!await channel.nextLine()) return undefined;
    if (channel.line === "") return path?.replace(/\?.*$/, "") ?? "";
  }
  return undefined;
}

function responseOf({ status, text, type = "text/plain" }: StatusAnswer) {
  const body = new TextEncoder().encode(text);
  return [
    `HTTP/1.1 ${status} ${WORDS[status]}`,
    `content-type: ${type}`,
    `content-length: ${body.length}`,
    "connection: close",
    "",
    byteString(body),
  ].join("\r\n");
}
