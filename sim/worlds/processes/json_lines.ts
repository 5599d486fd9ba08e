/**
 * Values as lines of JSON: what two processes say to each other through a pipe.
 *
 * @module
 */

/** The values that come, a line each. */
export async function* jsonLines<T>(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<T> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}

/** Writes values, a line each, in the order in which they are said. */
export class JsonWriter {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  /** Resolves when all that was said by now has been written, or can't be. */
  written: Promise<void> = Promise.resolve();

  constructor(stream: WritableStream<Uint8Array<ArrayBuffer>>) {
    this.#writer = stream.getWriter();
    this.#writer.closed.catch(() => {});
  }

  /** Says something. Who is gone does not hear it, and that is seen otherwise. */
  write(value: unknown): void {
    const line = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
    this.written = this.#writer.write(line).catch(() => {});
  }

  close(): void {
    this.#writer.close().catch(() => {});
  }
}
