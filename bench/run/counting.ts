/**
 * A connection for load generators: replies are counted, not parsed.
 *
 * @module
 */
import { LF } from "../../herd/core/bytes/bytes.ts";

/** How a reply ends: with its line, or with an empty one. */
export type ReplyEnd = "line" | "blank";

export class CountingConnection {
  readonly #conn: Deno.TcpConn;
  readonly #buffer = new Uint8Array(262_144);
  #last = 0;

  private constructor(conn: Deno.TcpConn) {
    conn.setNoDelay(true);
    this.#conn = conn;
  }

  /** Connects to a port on 127.0.0.1. */
  static async open(port: number): Promise<CountingConnection> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    return new CountingConnection(conn);
  }

  async send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await this.#conn.write(bytes.subarray(at));
    }
  }

  /** Reads a chunk; returns how many replies end in it. */
  async replies(end: ReplyEnd): Promise<number> {
    const read = await this.#conn.read(this.#buffer);
    if (read === null) throw new Error("The server has closed the connection");
    const buffer = this.#buffer;
    let replies = 0;
    if (end === "blank") {
      let last = this.#last;
      for (let i = 0; i < read; i++) {
        const byte = buffer[i]!;
        if (byte === LF && last === LF) replies++;
        last = byte;
      }
      this.#last = last;
    } else for (let i = 0; i < read; i++) if (buffer[i] === LF) replies++;
    return replies;
  }

  close(): void {
    this.#conn.close();
  }
}
