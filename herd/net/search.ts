/**
 * Searches the herd for fixes that stay where they were made, for callers that
 * wait for one.
 *
 * @module
 */
import type { ByteString } from "../core/bytes/bytes.ts";
import type { Found } from "../core/dissemination/queries.ts";
import type { Clock, Timer } from "./platform.ts";
import type { FixWaiters } from "./waiters.ts";

/** Milliseconds between two searches for the fixes that are waited for. */
const LOOK_MS = 50;

export interface SearchHost {
  /** Asks the herd for a client's newest fix. */
  find(client: ByteString, end: (found: Found) => void): void;
  /** Starts writing what there is for the neighbours. */
  flush(): void;
}

export class Search {
  readonly #clock: Clock;
  readonly #host: SearchHost;
  readonly #waiters: FixWaiters;
  /** Clients that the herd is being asked for. */
  readonly #asking = new Set<ByteString>();
  #timer: Timer | undefined;

  constructor(clock: Clock, host: SearchHost, waiters: FixWaiters) {
    this.#clock = clock;
    this.#host = host;
    this.#waiters = waiters;
  }

  /** Finds a client's newest fix, as a WHATSAT would. */
  find(client: ByteString): Promise<Found> {
    const { promise, resolve } = Promise.withResolvers<Found>();
    this.#host.find(client, resolve);
    this.#host.flush();
    return promise;
  }

  /** Asks the herd repeatedly, for as long as someone waits. */
  look(): void {
    this.#timer?.cancel();
    for (const client of this.#waiters.clients()) {
      if (this.#asking.has(client)) continue;
      this.#asking.add(client);
      this.#host.find(client, ({ fix }) => {
        this.#asking.delete(client);
        if (fix !== undefined) this.#waiters.wake(fix);
      });
    }
    this.#host.flush();
    if (this.#waiters.size === 0) return;
    this.#timer = this.#clock.after(LOOK_MS, () => this.look());
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
