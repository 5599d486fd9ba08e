/**
 * Parses server-sent events.
 *
 * @module
 */

export interface Message {
  /** `null` if it has none. */
  readonly id: string | null;
  readonly data: string;
}

/** Takes text in chunks of any size, and gives whole messages. */
export class SseReader {
  #rest = "";

  /** The messages that this chunk completes. */
  feed(chunk: string): Message[] {
    const blocks = (this.#rest + chunk).replaceAll("\r\n", "\n").split("\n\n");
    this.#rest = blocks.pop()!;
    return blocks.flatMap(messageOf);
  }
}

/** The messages of a stream, as they arrive. */
export async function* messagesIn(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Message> {
  const reader = new SseReader();
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    yield* reader.feed(text);
  }
}

function messageOf(block: string): Message[] {
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === "id") id = value!;
    else if (name === "data") data.push(value!);
  }
  return data.length === 0 ? [] : [{ id, data: data.join("\n") }];
}
