/**
 * A connection that carries values, a line of JSON each.
 *
 * @module
 */
import { readable, utf8 } from "../../../herd/core/bytes/bytes.ts";
import type { Channel } from "../../../herd/net/channel.ts";
import type { Clock } from "../../../herd/net/platform.ts";

/** A server's records may all be in one. */
const LINE_BYTES_MAX = 256 * 1_048_576;

/** How long the other side may take to say what is waited for. */
const ANSWER_MS = 5_000;

/** Such a connection, once the other side has proved who it is. */
export class JsonChannel {
  readonly #channel: Channel;
  #written: Promise<unknown> = Promise.resolve();
  #isReading = false;

  /** Takes over a connection. */
  constructor(channel: Channel) {
    channel.lines.lineBytesMax = LINE_BYTES_MAX;
    this.#channel = channel;
  }

  /** The objects that come, until the connection is over or says what is none. */
  async *said(): AsyncGenerator<object> {
    while (await this.#next()) {
      const value = valueOf(readable(this.#channel.line));
      if (typeof value !== "object" || value === null) return;
      yield value;
    }
  }

  /** What is said next; it is closed where that takes too long. */
  async answer(
    clock: Clock,
    said: AsyncGenerator<object>,
  ): Promise<object | undefined> {
    const late = clock.after(ANSWER_MS, () => this.close());
    try {
      const { value, done } = await said.next();
      return done ? undefined : value;
    } finally {
      late.cancel();
    }
  }

  async #next(): Promise<boolean> {
    this.#isReading = true;
    try {
      return await this.#channel.nextLine();
    } finally {
      this.#isReading = false;
    }
  }

  /** Writes a value, behind those before it. Who is gone does not hear it. */
  tell(value: unknown): void {
    const text = utf8(`${JSON.stringify(value)}\n`);
    this.#written = this.#written.then(() => this.#channel.writeText(text));
  }

  /** Closes it, when what was said has been written. */
  async end(): Promise<void> {
    await this.#written;
    if (this.#isReading) this.#channel.close();
    else await this.#channel.closeGently();
  }

  /** Closes it at once. May be called again. */
  close(): void {
    this.#channel.close();
  }
}

function valueOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
