/**
 * Tracks which server holds which fix, from a history.
 *
 * @module
 */
import type { ServerState } from "../../model/lifecycle.ts";
import type { SeenFix, ServerView } from "../../model/web/batch.ts";
import { type AtLine, isNewer, readAtLine } from "../at_line.ts";

/** The fixes that servers hold, and which servers lack the newest. */
export class HeldFixes {
  readonly #servers: ReadonlyMap<string, ServerView>;
  /** By server, then by client: the AT line held. */
  readonly #held = new Map<string, Map<string, string>>();
  readonly #newest = new Map<string, AtLine>();
  readonly #changed = new Set<string>();
  readonly #counted = new Set<string>();

  /** Starts empty. `servers` is read live. */
  constructor(servers: ReadonlyMap<string, ServerView>) {
    this.#servers = servers;
  }

  #of(server: string): Map<string, string> {
    const held = this.#held.get(server) ?? new Map<string, string>();
    this.#held.set(server, held);
    return held;
  }

  /** A server changed state; one that starts holds nothing. */
  state(server: string, state: ServerState): void {
    if (state === "starting") this.#of(server).clear();
    this.#counted.add(server);
    for (const client of this.#newest.keys()) this.#changed.add(client);
  }

  /** A server stored a fix. */
  deliver(server: string, line: string): void {
    const fix = readAtLine(line);
    if (fix === undefined) return;
    const { client } = fix;
    this.#of(server).set(client, line);
    this.#counted.add(server);
    this.#changed.add(client);
    const known = this.#newest.get(client);
    if (known === undefined || isNewer(fix, known)) {
      this.#newest.set(client, fix);
    }
  }

  /**
   * How many fixes servers hold; of those servers only that changed since the
   * last call.
   */
  takeCounts(): [server: string, records: number][] {
    const counts = [...this.#counted].map((server): [string, number] => [
      server,
      this.#of(server).size,
    ]);
    this.#counted.clear();
    return counts;
  }

  /** The newest fixes of clients that changed since the last call. */
  takeChanged(): SeenFix[] {
    const up = [...this.#servers.values()]
      .filter(({ state }) => state === "up").map(({ name }) => name);
    const changed = [...this.#changed].map((client) => {
      const { line, server, latitude, longitude } = this.#newest.get(client)!;
      const behind = up.filter((name) => this.#of(name).get(client) !== line);
      return { client, latitude, longitude, server, line, behind };
    });
    this.#changed.clear();
    return changed;
  }
}
