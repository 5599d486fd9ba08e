/**
 * The way of one gateway to one server of a hub: it can be cut.
 *
 * @module
 */
import type {
  Address,
  Connection,
  Platform,
  TcpListener,
} from "../../../herd/net/platform.ts";

const CHUNK_BYTES = 65_536;

/** Takes connections to an address, and passes on what they say. */
export class Forwarder implements AsyncDisposable {
  readonly #network: Platform["network"];
  readonly #to: Address;
  readonly #listener: TcpListener;
  readonly #open = new Set<Connection>();
  readonly #tasks = new Set<Promise<void>>();
  /** Pending as long as the way is cut. */
  #gate: PromiseWithResolvers<void> | undefined;
  #isOver = false;

  /** Listens at an address; nothing is cut. */
  constructor(network: Platform["network"], at: Address, to: Address) {
    this.#network = network;
    this.#to = to;
    this.#listener = network.listen(at);
    this.#add(this.#accept());
  }

  #add(task: Promise<void>): void {
    const running = task.catch(() => {})
      .finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
  }

  /** Nothing passes any more, as if a cable was pulled. */
  cut(): void {
    this.#gate ??= Promise.withResolvers();
  }

  /** What was held passes, and what comes. */
  heal(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  async #accept(): Promise<void> {
    while (!this.#isOver) {
      const one = await this.#listener.accept();
      this.#add(this.#join(one));
    }
  }

  async #join(one: Connection): Promise<void> {
    this.#open.add(one);
    try {
      await this.#gate?.promise;
      // It may have been accepted in the very moment of the end.
      if (this.#isOver) return;
      const other = await this.#network.connect(this.#to);
      this.#open.add(other);
      try {
        await this.#passBoth(one, other);
      } finally {
        this.#close(other);
      }
    } finally {
      this.#close(one);
    }
  }

  /** Until either ends: who serves a hub ends a connection both ways at once. */
  async #passBoth(one: Connection, other: Connection): Promise<void> {
    one.setNoDelay(true);
    other.setNoDelay(true);
    await Promise.race([this.#pass(one, other), this.#pass(other, one)]);
  }

  async #pass(from: Connection, to: Connection): Promise<void> {
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const count = await from.read(chunk);
      if (count === null) return;
      await this.#gate?.promise;
      for (let at = 0; at < count;) {
        at += await to.write(chunk.subarray(at, count));
      }
    }
  }

  #close(connection: Connection): void {
    if (this.#open.delete(connection)) connection.close();
  }

  /** Closes all that is open. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.heal();
    this.#listener.close();
    for (const connection of this.#open) this.#close(connection);
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }
}
