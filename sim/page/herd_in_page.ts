/**
 * A herd that runs in a worker of the page, asked like one on the network.
 *
 * @module
 */
/// <reference lib="dom" />
import type { FromHerd, ToHerd } from "../model/web/in_page.ts";

/** A request that waits for its answer. */
interface Asked {
  readonly answered: (response: Response) => void;
  readonly failed: (why: Error) => void;
  pieces?: ReadableStreamDefaultController<Uint8Array>;
}

export class HerdInPage {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  readonly #encoder = new TextEncoder();
  #last = 0;

  constructor(script: string) {
    this.#worker = new Worker(script);
    this.#worker.onmessage = ({ data }: MessageEvent<FromHerd>) =>
      this.#hear(data);
    this.#worker.onerror = ({ message }) => {
      for (const { failed } of this.#asked.values()) failed(new Error(message));
      this.#asked.clear();
    };
  }

  /** Sets how many milliseconds of the herd's time pass in each real one. */
  pace(speed: number): void {
    this.#say({ say: "pace", speed });
  }

  /** Sends a request to the worker; has the signature of `fetch`. */
  readonly ask: typeof fetch = (input, init = {}) => {
    const id = ++this.#last;
    const { method = "GET", body, signal } = init;
    const headers = new Headers(init.headers);
    const lastId = headers.get("last-event-id");
    return new Promise((answered, failed) => {
      if (signal?.aborted) return failed(signal.reason);
      this.#asked.set(id, { answered, failed });
      signal?.addEventListener("abort", () => this.#forget(id, signal));
      this.#say({
        say: "ask",
        id,
        method,
        path: String(input),
        body: typeof body === "string" ? body : "",
        ...lastId !== null && { lastId },
      });
    });
  };

  #say(message: ToHerd): void {
    this.#worker.postMessage(message);
  }

  #forget(id: number, { reason }: AbortSignal): void {
    const asked = this.#asked.get(id);
    if (asked === undefined) return;
    this.#asked.delete(id);
    this.#say({ say: "forget", id });
    asked.failed(reason);
    asked.pieces?.error(reason);
  }

  #hear(message: FromHerd): void {
    const { id } = message;
    const asked = this.#asked.get(id);
    if (asked === undefined) return;
    switch (message.say) {
      case "answer": {
        const { status, type, text } = message;
        const headers = { "content-type": type };
        const body = text ?? new ReadableStream<Uint8Array>({
          start: (pieces) => void (asked.pieces = pieces),
          cancel: () => {
            this.#asked.delete(id);
            this.#say({ say: "forget", id });
          },
        });
        if (text !== undefined) this.#asked.delete(id);
        return asked.answered(new Response(body, { status, headers }));
      }
      case "piece":
        return asked.pieces?.enqueue(this.#encoder.encode(message.text));
      case "end":
        this.#asked.delete(id);
        return asked.pieces?.close();
    }
  }
}
