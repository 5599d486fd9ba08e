/**
 * The clients of a herd, which are closed with it, and whose replies are timed.
 *
 * @module
 */
import type { Via } from "../../../herd/core/wire/via.ts";
import type { Client } from "../../../herd/net/client.ts";
import { EventHub, type Listener } from "../../model/event_hub.ts";
import { connectClient } from "../servers/connect_client.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import { tellFailed } from "./tell_failed.ts";

/** How a client connects. */
export interface ClientOptions {
  /** The transport; plain TCP by default. */
  readonly via?: Via;
  /** Ends the attempt; a server that is paused may never answer one. */
  readonly signal?: AbortSignal;
}

/** All clients that a herd has connected, until they are closed. */
export class HerdClients {
  readonly #supervisor: Supervisor;
  readonly #open = new Set<Client>();
  readonly #dials = new Set<Promise<Client>>();
  readonly #replies = new EventHub<number>(tellFailed);
  readonly #closing = new AbortController();

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
  }

  /**
   * Connects a new client to a server.
   *
   * @throws {Deno.errors.ConnectionRefused} If the server does not listen.
   * @throws {RangeError} If it has no such way in.
   * @throws {Error} If all are closed in the meantime.
   * @throws {unknown} The signal's reason, if it is aborted first.
   */
  async connect(server: string, options: ClientOptions): Promise<Client> {
    const dial = this.#dial(server, options);
    this.#dials.add(dial);
    try {
      return await dial;
    } finally {
      this.#dials.delete(dial);
    }
  }

  async #dial(
    server: string,
    { via, signal: given }: ClientOptions,
  ): Promise<Client> {
    const closing = this.#closing.signal;
    const signal = given ? AbortSignal.any([closing, given]) : closing;
    const client = await connectClient(
      this.#supervisor,
      server,
      (tookMs) => this.#replies.tell(tookMs),
      via,
      signal,
    ).catch((error) => {
      throw closing.aborted ? stopped(server) : error;
    });
    if (signal.aborted) {
      await client.close();
      throw closing.aborted ? stopped(server) : signal.reason;
    }
    this.#open.add(client);
    void client.ended.then(() => this.#open.delete(client));
    return client;
  }

  /** Calls `listener` for each reply, with the milliseconds it took. */
  subscribe(listener: Listener<number>): Disposable {
    return this.#replies.subscribe(listener);
  }

  /**
   * Closes all clients, future ones too, and waits for those that are
   * connecting.
   */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#open].map((client) => client.close()));
    await Promise.allSettled(this.#dials);
  }
}

function stopped(server: string): Error {
  return new Error(`Cannot connect to ${server}: the herd has stopped`);
}
