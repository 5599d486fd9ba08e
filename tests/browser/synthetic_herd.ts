/**
 * A herd that is made up: batches as a herd of some size would send them, always
 * the same, and the page that shows them. What a page can draw is measured by
 * it, whatever else the machine does with its processors.
 *
 * @module
 */
import { Libraries } from "../../sim/live/web/libraries.ts";
import { Pages } from "../../sim/live/web/pages.ts";
import type { Batch, Flow, Hop } from "../../sim/model/web/batch.ts";
import { batch, hop, server } from "../sim/page/batches.ts";

/** What there is to see. */
export interface SyntheticOptions {
  /** How many servers there are. */
  readonly servers: number;
  /** New fixes a second, of all clients together. */
  readonly updatesPerSecond: number;
  /** What is otherwise in the first batch. */
  readonly first?: (links: readonly [string, string][]) => Partial<Batch>;
  /** The client whose updates are seen link by link, if one is. */
  readonly followed?: string;
}

const BATCHES_PER_SECOND = 10;

/** A herd of servers in a ring with a few links across. */
export class SyntheticHerd {
  readonly names: readonly string[];
  readonly links: readonly [string, string][];
  readonly #options: SyntheticOptions;
  /** The ends of the streams that are open. */
  readonly #watchers = new Set<() => void>();

  /** Nothing happened yet. */
  constructor(options: SyntheticOptions) {
    this.#options = options;
    const { servers: size } = options;
    this.names = Array.from({ length: size }, (_, i) => `s${i}`);
    const pairs = this.names.flatMap((_, i): [number, number][] => [
      [i, (i + 1) % size],
      ...i % 2 === 0 ? [[i, (i * 7 + 3) % size] as [number, number]] : [],
    ]);
    this.links = pairs.filter(([a, b]) => a !== b)
      .map(([a, b]) => [this.names[a]!, this.names[b]!]);
  }

  /** The tenth of a second with this number, from 1; the first tells of all. */
  batch(id: number, atMs: number): Batch {
    const { updatesPerSecond, first, followed } = this.#options;
    const lines = updatesPerSecond / BATCHES_PER_SECOND;
    const flows = this.links.flatMap(([a, b], i): Flow[] => [
      { from: a, to: b, lines: lines * ((i + id) % 3), bytes: 900 },
      { from: b, to: a, lines: lines * ((i + id + 1) % 3) / 2, bytes: 900 },
    ]);
    const hops = followed === undefined ? [] : this.#spread(followed, atMs, id);
    const client = `c${id % 40}`;
    const fixes = [{
      client,
      latitude: id % 90,
      longitude: id % 180,
      server: this.names[id % this.names.length]!,
      line: `AT s0 +0.1 ${client} +1+1 ${id}`,
      behind: [],
    }];
    const everything = id > 1 ? {} : {
      servers: this.names.map((name) => server(name, { records: 40 })),
      links: this.links.map(([a, b]) => ({
        a,
        b,
        isUp: true,
        queuedAB: 0,
        queuedBA: 0,
        lagAB: 0,
        lagBA: 0,
      })),
      faults: [],
      ...first?.(this.links),
    };
    return batch(id, { atMs, flows, hops, fixes, ...everything });
  }

  /** One update from the first server, once a second. */
  #spread(client: string, atMs: number, id: number): Hop[] {
    if (id % BATCHES_PER_SECOND !== 0) return [];
    const line = `AT s0 +0.1 ${client} +1+1 ${id}`;
    const known = new Set([this.names[0]!]);
    const hops: Hop[] = [];
    for (let sentMs = atMs - 90; known.size < this.names.length; sentMs++) {
      const before = new Set(known);
      for (const [from, to] of this.links.flatMap(bothWays)) {
        if (!before.has(from) || hops.some((it) => isSame(it, from, to))) {
          continue;
        }
        const isNew = !known.has(to);
        known.add(to);
        hops.push(hop(from, to, sentMs, { client, line, isNew }));
      }
    }
    return hops;
  }

  /** Serves the page, and the herd on it, until it is disposed of. */
  serve(): AsyncDisposable & { readonly page: string } {
    const pages = new Pages();
    const libraries = new Libraries();
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async ({ url }) => {
        const { pathname } = new URL(url);
        if (pathname === "/api/events") return this.#events();
        if (pathname === "/api/herd") return Response.json(this.#info());
        if (pathname.startsWith("/api/")) return Response.json([]);
        const file = pages.find(pathname) ??
          await libraries.find(pathname);
        return new Response(file?.text, {
          status: file === undefined ? 404 : 200,
          headers: { "content-type": file?.type ?? "text/plain" },
        });
      },
    );
    const page = `http://127.0.0.1:${server.addr.port}/`;
    return {
      page,
      [Symbol.asyncDispose]: () => {
        for (const end of this.#watchers) end();
        return server.shutdown();
      },
    };
  }

  #info() {
    return {
      topology: `synthetic:${this.names.length}`,
      mode: "flood",
      servers: this.names.map((name) => ({ name })),
      links: this.links.map(([a, b]) => ({ a, b })),
      hidden: {},
      harms: {},
      startedMs: 1,
      version: "0",
      nowMs: Date.now(),
    };
  }

  #events(): Response {
    let timer: ReturnType<typeof setInterval> | undefined;
    let id = 0;
    let end = () => {};
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const tell = () => {
          const next = this.batch(++id, Date.now());
          const text = `id: ${next.id}\ndata: ${JSON.stringify(next)}\n\n`;
          controller.enqueue(new TextEncoder().encode(text));
        };
        tell();
        timer = setInterval(tell, 1_000 / BATCHES_PER_SECOND);
        end = () => {
          clearInterval(timer);
          this.#watchers.delete(end);
          controller.close();
        };
        this.#watchers.add(end);
      },
      cancel: () => {
        clearInterval(timer);
        this.#watchers.delete(end);
      },
    });
    return new Response(body, {
      headers: { "content-type": "text/event-stream" },
    });
  }
}

function bothWays([a, b]: [string, string]): [string, string][] {
  return [[a, b], [b, a]];
}

function isSame(hop: Hop, from: string, to: string): boolean {
  return hop.from === from && hop.to === to;
}
