/**
 * Clients, or a neighbour, that send as fast as a server reads, in a process of
 * their own, by {@linkcode FloodOptions}. Answers `begun` once all are
 * connected, `open` with how many are still, and floods until it is ended.
 *
 * @module
 */
import { delay } from "@std/async";
import { Channel } from "../../herd/net/channel.ts";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { PROTOCOLS, type Subscription, watcherOf } from "./publish.ts";
import { ownArgs, serve } from "./serve.ts";

const LONG_BYTES = 60_000;
const LINES_PER_WRITE = 1_000;
const LONG_PER_WRITE = 4;
const READ_BYTES = 262_144;
const HANDSHAKE_BYTES = 1_024;
const QUESTIONS = 200;
/** An ID of the maximum length. */
const NEWCOMER_BYTES = 1_024;

/** Floods of clients that read the replies. */
export const CLIENT_FLOODS = ["iamats", "garbage", "ids", "numbers"] as const;
export const LINK_FLOODS = ["ats", "ihaves"] as const;
/**
 * Floods meant to use up memory: `unread`, long answers that nobody reads;
 * `halves`, long lines that do not end; `newcomers`, clients with long IDs.
 */
export const MEMORY_FLOODS = ["unread", "halves", "newcomers"] as const;

/** Whether a flood goes on for as long as it may. */
export function isSteady(flood: Flood): boolean {
  return flood !== "unread" && flood !== "halves";
}

export type Flood = (
  | typeof CLIENT_FLOODS
  | typeof LINK_FLOODS
  | typeof MEMORY_FLOODS
)[number];

export interface FloodOptions {
  readonly port: number;
  readonly flood: Flood;
  readonly connections: number;
  /** The neighbour to act as, if it is to. */
  readonly subscription?: Subscription;
}

let sent = 0;
const open = new Set<Deno.TcpConn>();

const WHERE = "+34.068930-118.445127";

function many(count: number, line: () => string): string {
  return Array.from({ length: count }, () => `${line()}\n`).join("");
}

function nextFix(): string {
  return `c${sent % 1_000} ${WHERE} ${1_700_000_000 + ++sent}.25`;
}

/** An IAMAT of a client with an ID of so many characters. */
function iamatOf(idBytes: number): string {
  return `IAMAT ${`${++sent}`.padEnd(idBytes, "y")} ${WHERE} 1`;
}

/** The content of one write. */
const WRITES: Readonly<Record<Flood, (options: FloodOptions) => string>> = {
  iamats: () => many(LINES_PER_WRITE, () => `IAMAT ${nextFix()}`),
  ats({ subscription }) {
    const watcher = watcherOf(subscription!.server!);
    const line = () => `AT Flood +0.250000000 ${nextFix()} ${watcher}`;
    return many(LINES_PER_WRITE, line);
  },
  ihaves: () =>
    `IHAVE ${LINES_PER_WRITE}\n` + many(
      LINES_PER_WRITE,
      () => `c${sent % 1_000} ${1_700_000_000 + ++sent} ${"0".repeat(16)}`,
    ),
  garbage: () => many(LONG_PER_WRITE, () => "x".repeat(LONG_BYTES)),
  ids: () => many(LONG_PER_WRITE, () => iamatOf(LONG_BYTES)),
  numbers: () =>
    many(
      LONG_PER_WRITE,
      () => `IAMAT c +34-118 ${"1".repeat(LONG_BYTES / 2)}${++sent}`,
    ),
  newcomers: () => many(LONG_PER_WRITE, () => iamatOf(NEWCOMER_BYTES)),
  halves: () => "x".repeat(LONG_BYTES),
  unread: () =>
    `IAMAT c +34-118 1699999999.${"0".repeat(LONG_BYTES / 2)}\n` +
    "WHATSAT c 1 5\n".repeat(QUESTIONS),
};

/** Discards what arrives. */
async function read(conn: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(READ_BYTES);
  while (await conn.read(buffer) !== null);
}

/** Writes until the server has closed the connection. */
async function write(
  conn: Deno.TcpConn,
  options: FloodOptions,
): Promise<void> {
  const { flood, connections } = options;
  do {
    const bytes = new TextEncoder().encode(WRITES[flood](options));
    for (let at = 0; at < bytes.length;) {
      at += await conn.write(bytes.subarray(at));
    }
    // With many connections each must get its turn.
    if (connections > 1) await delay(0);
  } while (isSteady(flood));
}

async function connect(options: FloodOptions): Promise<Deno.TcpConn> {
  const { port, subscription } = options;
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  if (subscription !== undefined) {
    const channel = new Channel(denoPlatform.clock, conn, HANDSHAKE_BYTES);
    await PROTOCOLS.herd.subscribe(channel, subscription);
  }
  return conn;
}

async function begin(options: FloodOptions): Promise<void> {
  const conns = await Promise.all(
    Array.from({ length: options.connections }, () => connect(options)),
  );
  // A connection that the server closes has flooded enough.
  for (const conn of conns) {
    open.add(conn);
    const closed = () => open.delete(conn);
    write(conn, options).catch(closed);
    if (options.flood !== "unread") read(conn).then(closed, closed);
  }
}

if (import.meta.main) {
  const [options] = ownArgs<[FloodOptions]>();
  await begin(options);
  await serve({ begun: () => null, open: () => open.size });
}
