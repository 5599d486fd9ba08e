/**
 * When servers were up. An update is owed to servers that were up while it
 * spread, whether they are up at the end or not.
 *
 * @module
 */
import type { History } from "../history.ts";
import { eventsOf } from "../history_parts.ts";

/** A span of a drill, in milliseconds since its start, without `toMs` itself. */
export interface Span {
  readonly fromMs: number;
  /** When it ended; `Infinity`: not before the drill did. */
  readonly toMs: number;
}

/** Milliseconds that a server must be up after an update to be owed it. */
export const OWED_MS = 200;

/** When servers were up, as a history shows. */
export class Uptimes {
  readonly #uptimes = new Map<string, Span[]>();

  /** A server without any events was up all the time. */
  constructor(history: History, servers: readonly string[]) {
    for (const server of servers) this.#uptimes.set(server, []);
    const since = new Map(servers.map((server) => [server, -Infinity]));
    for (const { server, state, atMs } of eventsOf(history, "state")) {
      const fromMs = since.get(server);
      if (state === "up") {
        if (fromMs === undefined) since.set(server, atMs);
      } else if (fromMs !== undefined) {
        since.delete(server);
        // A server whose first event is a start was not up before.
        const isFirst = fromMs === -Infinity && state === "starting";
        if (!isFirst) this.#uptimes.get(server)?.push({ fromMs, toMs: atMs });
      }
    }
    for (const [server, fromMs] of since) {
      this.#uptimes.get(server)?.push({ fromMs, toMs: Infinity });
    }
  }

  /** The span around some time in which a server was up, if it was. */
  at(server: string, atMs: number): Span | undefined {
    return this.#uptimes.get(server)?.find(({ fromMs, toMs }) =>
      fromMs <= atMs && atMs < toMs
    );
  }

  /** The last span in which a server was up, if there was one. */
  last(server: string): Span | undefined {
    return this.#uptimes.get(server)?.at(-1);
  }
}

/**
 * Whether an update is owed to a server: it was up from before the update until
 * {@linkcode OWED_MS} after it. If it ended sooner, it is unknown whether the
 * update would have arrived.
 */
export function isOwed(uptime: Span | undefined, toldMs: number): boolean {
  return uptime !== undefined && uptime.fromMs <= toldMs &&
    uptime.toMs >= toldMs + OWED_MS;
}
