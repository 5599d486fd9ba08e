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

/** The messages of a stream, as they arrive. */
export async function* messagesIn(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Message> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop()!;
    yield* blocks.flatMap(messageOf);
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
