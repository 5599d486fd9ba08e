/**
 * When servers were up: who can be asked to have an update is who was there
 * while it spread, whether it is still there at the end or not.
 *
 * @module
 */
import type { History } from "../history.ts";

/** A stretch of time in which a server was up; `toMs` is not part of it. */
export interface Uptime {
  /** When it came up. */
  readonly fromMs: number;
  /** When it ended, or was paused; `Infinity`: it was up at the end. */
  readonly toMs: number;
}

/** A server that is up for so long after an update is owed it. */
export const OWED_MS = 200;

/** The times in which servers were up, as a history tells them. */
export class Uptimes {
  readonly #uptimes = new Map<string, Uptime[]>();

  /** A server of which nothing is told was up all the time. */
  constructor(history: History, servers: readonly string[]) {
    for (const server of servers) this.#uptimes.set(server, []);
    const since = new Map(servers.map((server) => [server, -Infinity]));
    for (const event of history) {
      if (event.kind !== "state") continue;
      const { server, state, atMs } = event;
      const fromMs = since.get(server);
      if (state === "up") {
        if (fromMs === undefined) since.set(server, atMs);
      } else if (fromMs !== undefined) {
        since.delete(server);
        // What is started first was not up before.
        const isFirst = fromMs === -Infinity && state === "starting";
        if (!isFirst) this.#uptimes.get(server)?.push({ fromMs, toMs: atMs });
      }
    }
    for (const [server, fromMs] of since) {
      this.#uptimes.get(server)?.push({ fromMs, toMs: Infinity });
    }
  }

  /** The stretch in which a server was up at some time, if it was. */
  at(server: string, atMs: number): Uptime | undefined {
    return this.#uptimes.get(server)?.find(({ fromMs, toMs }) =>
      fromMs <= atMs && atMs < toMs
    );
  }

  /** The last stretch in which a server was up, if it ever was. */
  last(server: string): Uptime | undefined {
    return this.#uptimes.get(server)?.at(-1);
  }
}

/**
 * Whether an update is owed to a server: it was up from before the update until
 * {@linkcode OWED_MS} after it. Of one that ended sooner nobody can say whether
 * the update would have come.
 */
export function isOwed(uptime: Uptime | undefined, toldMs: number): boolean {
  return uptime !== undefined && uptime.fromMs <= toldMs &&
    uptime.toMs >= toldMs + OWED_MS;
}
