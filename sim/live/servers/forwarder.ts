/**
 * A port in front of another one, which may not be open yet: what is said to
 * it is passed on, unless it is cut.
 *
 * @module
 */
import { connectionsOf } from "../../../herd/net/accepting.ts";
import { writeAll } from "../../../herd/net/disk.ts";
import type {
  Address,
  Connection,
  Platform,
  TcpListener,
} from "../../../herd/net/platform.ts";

const CHUNK_BYTES = 65_536;

/**
 * Takes connections to an address, and passes on what they say, without parsing
 * it.
 */
export class Forwarder implements AsyncDisposable {
  readonly #dial: () => Promise<Connection>;
  readonly #listener: TcpListener;
  readonly #open = new Set<Connection>();
  readonly #tasks = new Set<Promise<void>>();
  /** Pending as long as the way is cut. */
  #gate: PromiseWithResolvers<void> | undefined;
  #isOver = false;

  /**
   * Listens at an address; nothing is cut.
   *
   * @param dial Opens the connection to which one that was taken is joined.
   */
  constructor(
    { clock, network }: Pick<Platform, "clock" | "network">,
    at: Address,
    dial: () => Promise<Connection>,
  ) {
    this.#dial = dial;
    this.#listener = network.listen(at);
    this.#add(this.#accept(connectionsOf(clock, this.#listener)));
  }

  /** Where it listens. */
  get address(): Address {
    return this.#listener.addr;
  }

  #add(task: Promise<void>): void {
    this.#tasks.add(task);
    task.finally(() => this.#tasks.delete(task));
  }

  /** Nothing passes any more, no end either, as if a cable was pulled. */
  cut(): void {
    this.#gate ??= Promise.withResolvers();
  }

  /** What was held passes, and what comes. */
  heal(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  async #accept(connections: AsyncIterable<Connection>): Promise<void> {
    for await (const one of connections) this.#add(this.#join(one));
  }

  /** Joins a connection to another one, until both have ended, or one fails. */
  async #join(one: Connection): Promise<void> {
    this.#open.add(one);
    let other: Connection | undefined;
    try {
      await this.#gate?.promise;
      // It may have been accepted in the very moment of the end.
      if (this.#isOver) return;
      other = await this.#dial();
      this.#open.add(other);
      one.setNoDelay(true);
      other.setNoDelay(true);
      await Promise.all([this.#pass(one, other), this.#pass(other, one)]);
    } catch {
      // Either end has gone, or there is nobody to dial: the other end sees its
      // connection close, which says just that.
    } finally {
      await this.#gate?.promise;
      this.#close(one);
      if (other) this.#close(other);
    }
  }

  /** Copies bytes until the end, and passes that on. */
  async #pass(from: Connection, to: Connection): Promise<void> {
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const count = await from.read(chunk);
      await this.#gate?.promise;
      if (count === null) return await to.closeWrite();
      await writeAll(to, chunk.subarray(0, count));
    }
  }

  #close(connection: Connection): void {
    // The end of the other direction may have been noticed first.
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
