/**
 * Server-sent events to one watcher, who is never waited for.
 *
 * @module
 */

/** Where a stream is written; Node's `ServerResponse` is one. */
export interface Sink {
  /** Bytes that were not taken yet. */
  readonly writableLength: number;
  /** Whether it is closed. */
  readonly destroyed: boolean;
  /** Whether its end was asked for. */
  readonly writableEnded: boolean;
  /** Begins. */
  writeHead(status: number, headers: Record<string, string>): unknown;
  /** Writes on. */
  write(text: string): unknown;
  /** Has somebody hear of its end. */
  once(event: "close", hear: () => void): unknown;
  /** Ends it. */
  end(): unknown;
  /** Ends it at once. */
  destroy(): unknown;
}

/**
 * What may wait for a watcher to read it. Who is further behind is dropped, and
 * comes back: it is told where it stands then, rather than all it has missed.
 */
const UNSENT_BYTES_MAX = 8_388_608;

/** Milliseconds until a watcher that has lost its connection comes back. */
const RETRY_MS = 1_000;

/** A stream of events to one watcher. */
export class EventStream {
  /** The event that the watcher has seen last, if it comes back. */
  readonly lastId: string | undefined;
  readonly #response: Sink;
  readonly #unsentBytesMax: number;

  /** Begins the stream; `unsentBytesMax` is what may wait to be read. */
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

  /** Sends an event; one that is too far behind is dropped instead. */
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

  /** Calls `gone` once, when the watcher has gone, or is dropped. */
  onEnd(gone: () => void): void {
    if (this.isOver) gone();
    else this.#response.once("close", gone);
  }

  /** Tells the watcher that there is no more. */
  end(): void {
    this.#response.end();
  }
}
