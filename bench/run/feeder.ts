/**
 * A client that sends fixes as fast as they are accepted, and ignores replies.
 *
 * @module
 */
import { Fixes } from "./traffic.ts";

const CHUNK_BYTES = 65_536;

/** A connection to one server, for a number of clients in turn. */
export class Feeder implements AsyncDisposable {
  readonly #conn: Deno.TcpConn;
  readonly #clients: number;
  readonly #fixes: Fixes;
  readonly #drained: Promise<void>;
  #next = 0;

  private constructor(conn: Deno.TcpConn, clients: number) {
    this.#conn = conn;
    this.#clients = clients;
    this.#fixes = new Fixes("load", clients);
    this.#drained = this.#drain();
  }

  /** @param clients Number of clients whose fixes are sent. */
  static async connect(
    address: { readonly hostname: string; readonly port: number },
    clients: number,
  ): Promise<Feeder> {
    return new Feeder(await Deno.connect(address), clients);
  }

  /** Discards replies. */
  async #drain(): Promise<void> {
    const bytes = new Uint8Array(CHUNK_BYTES);
    try {
      while (await this.#conn.read(bytes) !== null);
    } catch (error) {
      // Our own close cuts the read short.
      if (!(error instanceof Deno.errors.Interrupted)) throw error;
    }
  }

  /** Sends a number of fixes, each of the next client in turn. */
  async send(count: number): Promise<void> {
    for (let left = count; left > 0;) {
      const first = this.#next;
      const last = Math.min(first + left, this.#clients);
      // Set before the write, because another call may come meanwhile.
      this.#next = last === this.#clients ? 0 : last;
      left -= last - first;
      const bytes = this.#fixes.stamp(first, last);
      for (let at = 0; at < bytes.length;) {
        at += await this.#conn.write(bytes.subarray(at, at + CHUNK_BYTES));
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#conn.close();
    await this.#drained;
  }
}
