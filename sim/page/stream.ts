/**
 * The herd's event stream. It reconnects by itself, and resumes after the last
 * batch received.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Batch } from "../model/web/batch.ts";
import { messagesIn } from "./sse.ts";

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 5_000;

export type Connection = "connecting" | "open" | "lost";

/** Receives the events of a stream. */
export interface StreamListener {
  /** The next batch. */
  batch(batch: Batch): void;
  connection(connection: Connection): void;
}

/** Reads batches until it is stopped. */
export class BatchStream {
  readonly #listener: StreamListener;
  readonly #fetch: typeof fetch;
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>;
  #followed: readonly string[] = [];
  #lastId: string | null = null;
  #abort = new AbortController();
  #isStopped = false;

  /**
   * Connects only by {@linkcode run}. Tests replace what it needs of a browser.
   */
  constructor(
    listener: StreamListener,
    { ask = (...given) => fetch(...given), wait = waited }: {
      ask?: typeof fetch;
      wait?: (ms: number, signal: AbortSignal) => Promise<void>;
    } = {},
  ) {
    this.#listener = listener;
    this.#fetch = ask;
    this.#wait = wait;
  }

  /** From now on updates of these clients come link by link. */
  follow(clients: readonly string[]): void {
    this.#followed = [...clients];
    this.#abort.abort();
  }

  /**
   * Forgets the position in the stream: the next batch holds the whole state.
   */
  restart(): void {
    this.#lastId = null;
    this.#abort.abort();
  }

  stop(): void {
    this.#isStopped = true;
    this.#abort.abort();
  }

  /** Reads until it is stopped. */
  async run(): Promise<void> {
    let retryMs = RETRY_MS_MIN;
    this.#listener.connection("connecting");
    while (!this.#isStopped) {
      this.#abort = new AbortController();
      const { signal } = this.#abort;
      const wasHeard = await this.#listen(signal).catch(() => false);
      // Another client is to be followed: reconnect at once.
      if (signal.aborted) continue;
      retryMs = wasHeard ? RETRY_MS_MIN : Math.min(retryMs * 2, RETRY_MS_MAX);
      this.#listener.connection("lost");
      await this.#wait(retryMs, signal);
    }
  }

  /** Returns whether anything arrived before the connection ended. */
  async #listen(signal: AbortSignal): Promise<boolean> {
    const query = new URLSearchParams(
      this.#followed.map((client) => ["follow", client]),
    );
    const headers: Record<string, string> = { accept: "text/event-stream" };
    if (this.#lastId !== null) headers["last-event-id"] = this.#lastId;
    const ask = this.#fetch;
    const response = await ask(`/api/events?${query}`, { headers, signal });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return false;
    }
    this.#listener.connection("open");
    let wasHeard = false;
    try {
      for await (const { id, data } of messagesIn(response.body)) {
        // What is left of the chunk is of a stream that was given up.
        if (signal.aborted) break;
        wasHeard = true;
        this.#lastId = id ?? this.#lastId;
        this.#listener.batch(JSON.parse(data));
      }
    } catch (error) {
      if (error instanceof SyntaxError) throw error;
    }
    return wasHeard;
  }
}

function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
