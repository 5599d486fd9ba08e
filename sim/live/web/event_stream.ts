/**
 * Server-sent events for one watcher. A slow watcher is dropped, never waited
 * for.
 *
 * @module
 */

/** Where a stream is written to; Node's `ServerResponse` is one. */
export interface Sink {
  /** Bytes that were written but not sent yet. */
  readonly writableLength: number;
  readonly destroyed: boolean;
  /** Whether `end()` was called. */
  readonly writableEnded: boolean;
  writeHead(status: number, headers: Record<string, string>): unknown;
  write(text: string): unknown;
  /** Calls `hear` when the stream has closed. */
  once(event: "close", hear: () => void): unknown;
  end(): unknown;
  /** Closes the connection at once. */
  destroy(): unknown;
}

/**
 * How much may wait to be read. A watcher that is further behind is dropped; it
 * reconnects, and gets the present state instead of all it has missed.
 */
const UNSENT_BYTES_MAX = 8_388_608;

/**
 * After how many milliseconds a watcher that lost its connection reconnects.
 */
const RETRY_MS = 1_000;

export class EventStream {
  /** The ID of the last event that the watcher saw, if it reconnects. */
  readonly lastId: string | undefined;
  readonly #response: Sink;
  readonly #unsentBytesMax: number;

  /** Starts the stream; `unsentBytesMax` limits what may wait to be read. */
  constructor(
    response: Sink,
    headers: Readonly<Record<string, string>>,
    lastId: string | undefined,
    unsentBytesMax = UNSENT_BYTES_MAX,
  ) {
    this.lastId = lastId;
    this.#response = response;
    this.#unsentBytesMax = unsentBytesMax;
    response.writeHead(200, {
      ...headers,
      "content-type": "text/event-stream",
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
  }

  /** Sends an event, and drops the watcher if it is too far behind. */
  send(data: unknown, id?: number): void {
    if (this.isOver) return;
    const named = id === undefined ? "" : `id: ${id}\n`;
    this.#response.write(`${named}data: ${JSON.stringify(data)}\n\n`);
    if (this.#response.writableLength > this.#unsentBytesMax) {
      this.#response.destroy();
    }
  }

  /** Whether nobody reads it any more. */
  get isOver(): boolean {
    return this.#response.destroyed || this.#response.writableEnded;
  }

  /** Calls `gone` once when the watcher has gone, or is dropped. */
  onEnd(gone: () => void): void {
    if (this.isOver) gone();
    else this.#response.once("close", gone);
  }

  /** Tells the watcher that the stream is complete. */
  end(): void {
    this.#response.end();
  }
}
