/**
 * Searches the herd for fixes that stay where they were made, for callers that
 * wait for one.
 *
 * @module
 */
import type { ByteString } from "../core/bytes/bytes.ts";
import type { Found } from "../core/dissemination/queries.ts";
import type { Node } from "../core/node.ts";
import type { Timer } from "./platform.ts";
import type { ServerParts } from "./server_parts.ts";
import type { FixWaiters } from "./waiters.ts";

/** Milliseconds between two searches for the fixes that are waited for. */
const LOOK_MS = 50;

export class Search {
  readonly #parts: Pick<ServerParts, "clock" | "flush">;
  readonly #node: Pick<Node<unknown>, "find">;
  readonly #waiters: FixWaiters;
  /** Clients that the herd is being asked for. */
  readonly #asking = new Set<ByteString>();
  #timer: Timer | undefined;

  constructor(
    parts: Pick<ServerParts, "clock" | "flush">,
    node: Pick<Node<unknown>, "find">,
    waiters: FixWaiters,
  ) {
    this.#parts = parts;
    this.#node = node;
    this.#waiters = waiters;
  }

  /** Finds a client's newest fix, as a WHATSAT would. */
  find(client: ByteString): Promise<Found> {
    const { promise, resolve } = Promise.withResolvers<Found>();
    this.#node.find(client, resolve);
    this.#parts.flush();
    return promise;
  }

  /** Asks the herd repeatedly, for as long as someone waits. */
  look(): void {
    this.#timer?.cancel();
    for (const client of this.#waiters.clients()) {
      if (this.#asking.has(client)) continue;
      this.#asking.add(client);
      this.#node.find(client, ({ fix }) => {
        this.#asking.delete(client);
        if (fix !== undefined) this.#waiters.wake(fix);
      });
    }
    this.#parts.flush();
    if (this.#waiters.size === 0) return;
    this.#timer = this.#parts.clock.after(LOOK_MS, () => this.look());
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
