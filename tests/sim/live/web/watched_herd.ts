/**
 * A herd with its page, as tests watch and drive it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Herd } from "../../../../mod.ts";
import type { HerdOptions } from "../../../../sim/live/herd/start_options.ts";
import {
  type HerdPage,
  openHerdPage,
} from "../../../../sim/live/web/herd_page.ts";
import type { Batch } from "../../../../sim/model/web/batch.ts";

/** A herd, its page, and who asks it by HTTP. */
export class WatchedHerd implements AsyncDisposable {
  /** How often somebody wanted the herd to stop. */
  quits = 0;
  readonly base: string;
  readonly token: string;

  private constructor(readonly herd: Herd, readonly page: HerdPage) {
    const { origin, hash } = new URL(page.address);
    this.base = origin;
    this.token = hash.replace("#token=", "");
  }

  static async start(
    topology: string,
    options: HerdOptions = {},
  ): Promise<WatchedHerd> {
    const herd = await Herd.start(topology, { places: "none", ...options });
    const page = await openHerdPage({
      herd,
      port: 0,
      onQuit: () => watched.quits++,
    });
    const watched = new WatchedHerd(herd, page);
    return watched;
  }

  /** What a GET gives, which must have gone well. */
  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    const response = await fetch(`${this.base}${path}`);
    const body = await response.json();
    assertEquals(response.status, 200, JSON.stringify(body));
    return body as T;
  }

  /** The status and the JSON of what changes something. */
  async write(
    method: "POST" | "DELETE",
    path: string,
    body?: unknown,
    // deno-lint-ignore no-explicit-any
  ): Promise<{ status: number; body: any }> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${this.token}`,
      },
      ...body !== undefined && { body: JSON.stringify(body) },
    });
    return { status: response.status, body: await response.json() };
  }

  /** The batches that a watcher is told, until it is left. */
  async *batches(
    { query = "", lastId }: { query?: string; lastId?: number } = {},
  ): AsyncGenerator<Batch> {
    const path = `/api/events${query}`;
    for await (const data of this.events(path, lastId)) yield data as Batch;
  }

  /** What is told at an address of events. */
  async *events(path: string, lastId?: number): AsyncGenerator<unknown> {
    const left = new AbortController();
    const response = await fetch(`${this.base}${path}`, {
      signal: left.signal,
      ...lastId !== undefined && {
        headers: { "last-event-id": `${lastId}` },
      },
    });
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    let text = "";
    const decoder = new TextDecoderStream();
    try {
      for await (const part of response.body!.pipeThrough(decoder)) {
        const [...whole] = (text + part).split("\n\n");
        text = whole.pop()!;
        for (const event of whole) {
          const data = /^data: (.*)$/m.exec(event)?.[1];
          if (data !== undefined) yield JSON.parse(data);
        }
      }
    } finally {
      left.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.close();
    await this.herd.stop();
  }
}
