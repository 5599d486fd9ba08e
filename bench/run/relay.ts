/**
 * A relay, a worker of its own: the minimum that a server of a herd could be.
 * It forwards each new line to the other relays that it is linked to, and
 * records when it came; it stores nothing, checks nothing and answers nobody.
 * Whatever a herd takes longer than relays is its own cost.
 *
 * @module
 */
import { LF, ZERO } from "../../herd/core/bytes/bytes.ts";
import { connectionsOf } from "../../herd/net/accepting.ts";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import {
  Answerer,
  type FromAsked,
  type ToAsked,
} from "../../sim/worlds/ask.ts";
import { parentPort } from "../../sim/worlds/threads/port.ts";

/** A relay's orders: whom to link to, and where to record arrivals. */
export interface RelayOrder {
  readonly ask: "link";
  /**
   * Receives two doubles a line: its time in microseconds, and when it arrived.
   */
  readonly memory: SharedArrayBuffer;
  readonly dials: readonly number[];
}

/** Requests to a relay: where it listens; and to link to others. */
export type RelayQuestion = { readonly ask: "port" } | RelayOrder;

export interface RelayAnswers {
  readonly port: number;
  /** Its links are up. */
  readonly link: null;
}

const POINT = 46;
const READ_BYTES = 65_536;
/** A line ends with its time: `1621464827.959498`. */
const TIME_BYTES = 17;
/** Microseconds after which no line is under way any more. */
const SEEN_US = 1 << 20;
/** The line by which a relay introduces itself to another. */
const HELLO = new TextEncoder().encode("RELAY\n");

/**
 * A connection to another relay, which sends what has accumulated in one write.
 */
class Outlet {
  readonly #conn: Deno.TcpConn;
  #pending = new Uint8Array(READ_BYTES);
  #writing = new Uint8Array(READ_BYTES);
  #length = 0;
  #isWriting = false;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  add(line: Uint8Array): void {
    this.#pending.set(line, this.#length);
    this.#length += line.length;
  }

  async flush(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#length > 0) {
      const bytes = this.#pending.subarray(0, this.#length);
      [this.#pending, this.#writing] = [this.#writing, this.#pending];
      this.#length = 0;
      for (let at = 0; at < bytes.length;) {
        at += await this.#conn.write(bytes.subarray(at));
      }
    }
    this.#isWriting = false;
  }
}

const outlets = new Set<Outlet>();
/** The last line of each moment, by its time. */
const seen = new Float64Array(SEEN_US);
let times: Float64Array = new Float64Array(0);
let recorded = 0;

function onLine(bytes: Uint8Array, start: number, end: number, from?: Outlet) {
  let timeUs = 0;
  for (let at = end - 1 - TIME_BYTES; at < end - 1; at++) {
    const byte = bytes[at]!;
    if (byte !== POINT) timeUs = timeUs * 10 + byte - ZERO;
  }
  if (seen[timeUs % SEEN_US] === timeUs) return;
  seen[timeUs % SEEN_US] = timeUs;
  times[recorded++] = timeUs;
  times[recorded++] = denoPlatform.clock.nowMs();
  const line = bytes.subarray(start, end);
  for (const outlet of outlets) if (outlet !== from) outlet.add(line);
}

async function serve(conn: Deno.TcpConn, dialled?: Outlet): Promise<void> {
  const buffer = new Uint8Array(READ_BYTES);
  let from = dialled;
  let kept = 0;
  for (;;) {
    const read = await conn.read(buffer.subarray(kept));
    if (read === null) return;
    const limit = kept + read;
    let start = 0;
    for (
      let end = buffer.indexOf(LF) + 1;
      end > 0 && end <= limit;
      end = buffer.indexOf(LF, start) + 1
    ) {
      if (end - start > HELLO.length) onLine(buffer, start, end, from);
      else outlets.add(from = new Outlet(conn));
      start = end;
    }
    buffer.copyWithin(0, start, limit);
    kept = limit - start;
    for (const outlet of outlets) outlet.flush();
  }
}

async function accept(listener: Deno.TcpListener): Promise<void> {
  for await (const conn of connectionsOf(denoPlatform.clock, listener)) {
    conn.setNoDelay(true);
    serve(conn);
  }
}

async function dial(port: number): Promise<void> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  await conn.write(HELLO);
  const outlet = new Outlet(conn);
  outlets.add(outlet);
  serve(conn, outlet);
}

async function link({ memory, dials }: RelayOrder): Promise<null> {
  times = new Float64Array(memory);
  await Promise.all(dials.map(dial));
  return null;
}

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
accept(listener);
const parent = parentPort<ToAsked<RelayQuestion>, FromAsked<RelayAnswers>>();
const answerer = new Answerer<RelayQuestion, RelayAnswers>(
  parent.post,
  (question) => question.ask === "port" ? listener.addr.port : link(question),
);
parent.listen((message) => answerer.hear(message));
