/**
 * The worker that runs a herd in a page, in virtual time, and answers requests
 * as a herd's HTTP API does.
 *
 * @module
 */
import * as z from "zod";
import { Herd } from "../live/herd/herd.ts";
import { loadTopology } from "../live/herd/load.ts";
import { EventStream, type Sink } from "../live/web/event_stream.ts";
import { OpenWays } from "../live/web/herd_ways.ts";
import { findRoute, readAsked } from "../live/web/router.ts";
import { RouteError } from "../live/web/route_error.ts";
import type { FromHerd, ToHerd } from "../model/web/in_page.ts";
import type { Asked, RouteName } from "../model/web/routes.ts";
import { Pace } from "../worlds/virtual/pace.ts";
import { VirtualWorld } from "../worlds/virtual/virtual.ts";
import { putFile } from "./machine/deno.ts";
import { putReportSources } from "./machine/report_sources.ts";
import { putTownsFiles } from "./machine/towns.ts";
import { walk } from "./walkers.ts";

// The page's content security policy forbids code from text.
z.config({ jitless: true });

type Question = Extract<ToHerd, { say: "ask" }>;

/** The worker's global scope. */
const thread = globalThis as unknown as {
  postMessage(message: FromHerd): void;
  onmessage: (event: { readonly data: ToHerd }) => void;
  readonly location: { readonly href: string };
};

/** The page's other files are next to this one. */
async function readJson<T>(name: string): Promise<T> {
  const response = await fetch(new URL(name, thread.location.href));
  if (!response.ok) throw new Error(`Cannot load ${name}`);
  return await response.json();
}

/** The text of the towns' files. */
interface Towns {
  readonly cities: string;
  readonly divisions: readonly string[];
}

const encoder = new TextEncoder();
const pace = new Pace();
/** Requests under way, by their numbers. */
const waiting = new Map<number, AbortController>();

async function open(): Promise<OpenWays> {
  putReportSources(() => readJson("report.json"));
  putTownsFiles(async () => {
    const { cities, divisions } = await readJson<Towns>("towns.json");
    return {
      cities: encoder.encode(cities),
      divisions: divisions.map((text) => encoder.encode(text)),
    };
  });
  const files = await readJson<Record<string, string>>("files.json");
  for (const [path, text] of Object.entries(files)) putFile(path, text);
  const { searchParams } = new URL(thread.location.href);
  const seed = Number(searchParams.get("seed") ?? 1);
  const topology = loadTopology(searchParams.get("topology") ?? "2014");
  const world = new VirtualWorld(seed, pace);
  const herd = await Herd.start(topology, { world, seed });
  const ways = new OpenWays({ herd, drillWorld: "virtual" });
  const { iamat } = ways.handlers;
  // It runs as long as the page does.
  void walk(herd, iamat, seed, new AbortController().signal);
  return ways;
}

const opened = open();

/** An answer that is streamed. */
class Pieces implements Sink {
  readonly writableLength = 0;
  writableEnded = false;
  readonly #id: number;
  readonly #signal: AbortSignal;

  constructor(id: number, signal: AbortSignal) {
    this.#id = id;
    this.#signal = signal;
  }

  get destroyed(): boolean {
    return this.#signal.aborted;
  }

  writeHead(status: number, headers: Record<string, string>): void {
    const type = headers["content-type"] ?? "text/plain";
    thread.postMessage({ say: "answer", id: this.#id, status, type });
  }

  write(text: string): void {
    thread.postMessage({ say: "piece", id: this.#id, text });
  }

  once(_: "close", hear: () => void): void {
    this.#signal.addEventListener("abort", hear, { once: true });
  }

  end(): void {
    this.writableEnded = true;
    thread.postMessage({ say: "end", id: this.#id });
    waiting.delete(this.#id);
  }

  destroy(): void {
    waiting.get(this.#id)?.abort();
    this.end();
  }
}

async function answer(
  { id, method, path, body, lastId }: Question,
  signal: AbortSignal,
): Promise<void> {
  const { handlers } = await opened;
  const url = new URL(path, "http://herd");
  const found = findRoute(method, url.pathname);
  const asked = readAsked(found, url.searchParams, body);
  const handler = handlers[found.name] as (
    asked: Asked<RouteName>,
    signal: AbortSignal,
  ) => unknown;
  const given = await handler(asked, signal);
  const { type, status = 200 } = found.spec;
  if (type === "text/event-stream") {
    const stream = new EventStream(new Pieces(id, signal), {}, lastId);
    return (given as (stream: EventStream) => void)(stream);
  }
  const [told, text] = type === undefined
    ? ["application/json", JSON.stringify(given)]
    : [type, given as string];
  thread.postMessage({ say: "answer", id, status, type: told, text });
  waiting.delete(id);
}

async function hear(question: Question): Promise<void> {
  const { id } = question;
  const over = new AbortController();
  waiting.set(id, over);
  try {
    await answer(question, over.signal);
  } catch (error) {
    waiting.delete(id);
    const status = error instanceof RouteError ? error.status : 500;
    const message = error instanceof Error ? error.message : String(error);
    const text = JSON.stringify({ error: { message } });
    const type = "application/json";
    thread.postMessage({ say: "answer", id, status, type, text });
  }
}

thread.onmessage = ({ data }) => {
  if (data.say === "pace") pace.speed = data.speed;
  else if (data.say === "forget") {
    waiting.get(data.id)?.abort(new Error("nobody waits for it"));
    waiting.delete(data.id);
  } else void hear(data);
};
