/**
 * A connection without a socket: what is written to it is kept, and it takes as
 * much of each write as it is told.
 *
 * @module
 */
import { type ByteString, byteString } from "../../../herd/core/bytes/bytes.ts";

/** Stands for a `Deno.TcpConn`, as far as a channel needs one. */
export class FakeConn {
  readonly remoteAddr = { transport: "tcp", hostname: "10.0.0.1", port: 9 };
  /** What was taken of each write. */
  readonly writes: ByteString[] = [];
  readonly #takes: number[];
  readonly #writesMax: number;

  /**
   * Takes so many bytes of the first writes, and all of the others, until the
   * other side goes after `writesMax` of them.
   */
  constructor(takes: readonly number[] = [], writesMax = Infinity) {
    this.#takes = [...takes];
    this.#writesMax = writesMax;
  }

  /** As the connection that it stands for. */
  get conn(): Deno.TcpConn {
    return this as unknown as Deno.TcpConn;
  }

  setNoDelay(): void {}

  write(bytes: Uint8Array): Promise<number> {
    if (this.writes.length >= this.#writesMax) {
      // As the operating system's errors do, it carries a code.
      const error = Object.assign(new Deno.errors.BrokenPipe(), {
        code: "EPIPE",
      });
      return Promise.reject(error);
    }
    const taken = bytes.slice(0, this.#takes.shift());
    this.writes.push(byteString(taken));
    return Promise.resolve(taken.length);
  }

  close(): void {}
}
