/**
 * Whether a herd that was stopped has left sockets behind.
 *
 * @module
 */
import { abortable } from "@std/async";
import type { Connection, Platform } from "../../../herd/net/platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import { formatDuration } from "../../model/duration.ts";
import { type Listening, untilReleased } from "../servers/ports.ts";

/** How long sockets may take to go. */
const RELEASE_MS = 5_000;

/** Holds a connection to each server, which must end as the herd is stopped. */
export class SocketWatch implements Disposable {
  readonly #platform: Platform;
  readonly #listening: readonly Listening[];
  readonly #connections = new Map<string, Connection>();

  private constructor(platform: Platform, listening: readonly Listening[]) {
    this.#platform = platform;
    this.#listening = listening;
  }

  /** Connects to all that listens just before the herd is stopped. */
  static async open(
    platform: Platform,
    listening: readonly Listening[],
  ): Promise<SocketWatch> {
    const watch = new SocketWatch(platform, listening);
    await Promise.all(listening.map(async ({ name, hostname, port }) => {
      const connecting = platform.network.connect({ hostname, port });
      // Who is down already takes none.
      const connection = await connecting.catch(() => undefined);
      if (connection) watch.#connections.set(name, connection);
    }));
    return watch;
  }

  /** The sockets that are left of a herd that was stopped. */
  async leaked(releaseMs = RELEASE_MS): Promise<string[]> {
    const after = `${formatDuration(releaseMs)} after the end`;
    const found = this.#listening.map(async (it) => [
      ...await untilReleased(this.#platform, it, releaseMs)
        ? []
        : [`${it.name} listens on port ${it.port} ${after}`],
      ...await this.#hasEnded(it.name, releaseMs)
        ? []
        : [`a connection to ${it.name} is open ${after}`],
    ]);
    return (await Promise.all(found)).flat();
  }

  async #hasEnded(name: string, releaseMs: number): Promise<boolean> {
    const connection = this.#connections.get(name);
    if (connection === undefined) return true;
    using late = new Deadline(this.#platform.clock, releaseMs);
    // A reset is an end too.
    const ended = connection.read(new Uint8Array(1)).catch(() => null)
      .then((bytes) => bytes === null);
    try {
      return await abortable(ended, late.signal).catch(() => false);
    } finally {
      connection.close();
      this.#connections.delete(name);
      await ended;
    }
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections.values()) connection.close();
  }
}
