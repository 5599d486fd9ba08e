/**
 * The clients of a herd: they are closed with it, and it is known how long their
 * replies take.
 *
 * @module
 */
import type { Via } from "../../../herd/core/wire/via.ts";
import type { Client } from "../../../herd/net/client.ts";
import { EventHub, type Listener } from "../../model/event_hub.ts";
import { connectClient } from "../servers/connect_client.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import { tellFailed } from "./tell_failed.ts";

/** How a client of a herd comes in. */
export interface ClientOptions {
  /** What carries its lines; plain TCP by default. */
  readonly via?: Via;
}

/** Those whom a herd has connected, until they are closed. */
export class HerdClients {
  readonly #supervisor: Supervisor;
  readonly #open = new Set<Client>();
  readonly #replies = new EventHub<number>(tellFailed);
  #isClosed = false;

  /** There are none. */
  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
  }

  /**
   * A new one, of a server.
   *
   * @throws {Deno.errors.ConnectionRefused} If the server does not listen.
   * @throws {RangeError} If it has no such way in.
   */
  async connect(server: string, via?: Via): Promise<Client> {
    const client = await connectClient(
      this.#supervisor,
      server,
      (tookMs) => this.#replies.tell(tookMs),
      via,
    );
    if (this.#isClosed) {
      await client.close();
      throw new Error(`Cannot connect to ${server}: the herd has stopped`);
    }
    this.#open.add(client);
    void client.ended.then(() => this.#open.delete(client));
    return client;
  }

  /** A listener hears of each reply how many milliseconds it took. */
  subscribe(listener: Listener<number>): Disposable {
    return this.#replies.subscribe(listener);
  }

  /** Closes all, those to come too. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#open].map((client) => client.close()));
  }
}
