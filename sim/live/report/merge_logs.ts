/**
 * Merges logs, ordered by the monotonic clock, because the wall clock may be
 * set back.
 *
 * Logs may be larger than memory, so only a chunk of each is held.
 *
 * @module
 */

import { ifThere } from "../../worlds/if_there.ts";

/** Output is written in blocks of so many characters. */
const BLOCK_CHARS = 65_536;

/** The times at the start of a log's line; the second is monotonic. */
const TIMES = /^\{"time":"[^"]+","monotonicMs":(\d+(?:\.\d+)?),/;

/**
 * Merges log files into one in the order of time. Lines with equal times keep
 * the order of the files. A line without a time, such as one cut short by a
 * kill, stays behind the one before it.
 *
 * @param paths The logs; missing ones are skipped.
 * @param target The file to write.
 */
export async function mergeLogs(
  paths: readonly string[],
  target: string,
): Promise<void> {
  const opened = await Promise.all(paths.map(LogCursor.open));
  const all = opened.filter((cursor) => cursor !== undefined);
  try {
    await Deno.writeTextFile(target, ReadableStream.from(merged(all)));
  } finally {
    await Promise.all(all.map((cursor) => cursor.close()));
  }
}

/** The lines of all, in blocks. */
async function* merged(all: readonly LogCursor[]): AsyncGenerator<string> {
  let block = "";
  while (true) {
    let first: LogCursor | undefined;
    for (const cursor of all) {
      if (cursor.line === undefined) continue;
      if (first === undefined || cursor.timeMs < first.timeMs) first = cursor;
    }
    if (first === undefined) break;
    block += first.line + "\n";
    if (!first.next()) await first.fill();
    if (block.length < BLOCK_CHARS) continue;
    yield block;
    block = "";
  }
  yield block;
}

/** Reads a log line by line. */
class LogCursor {
  /** The current line; `undefined` after the last. */
  line: string | undefined;
  /** Its monotonic time. */
  timeMs = 0;
  readonly #chunks: ReadableStreamDefaultReader<string>;
  /** What was read: whole lines from `#at` on, then the start of one. */
  #text = "";
  #at = 0;
  #isAtEnd = false;

  private constructor(file: Deno.FsFile) {
    this.#chunks = file.readable.pipeThrough(new TextDecoderStream())
      .getReader();
  }

  /** A cursor at the first line of a file; `undefined` if there is no file. */
  static async open(this: void, path: string): Promise<LogCursor | undefined> {
    const file = await ifThere(Deno.open(path));
    const cursor = file && new LogCursor(file);
    await cursor?.fill();
    return cursor;
  }

  /** Goes to the next line; false if more must be read first. */
  next(): boolean {
    const end = this.#text.indexOf("\n", this.#at);
    if (end < 0) return false;
    this.#take(this.#text.slice(this.#at, end));
    this.#at = end + 1;
    return true;
  }

  /** Reads until there is a next line, or the file ends. */
  async fill(): Promise<void> {
    while (!this.#isAtEnd) {
      const { value, done } = await this.#chunks.read();
      this.#text = this.#text.slice(this.#at) + (value ?? "");
      this.#at = 0;
      this.#isAtEnd = done;
      if (this.next()) return;
    }
    const rest = this.#text.slice(this.#at);
    this.#text = "";
    this.#at = 0;
    this.line = undefined;
    if (rest !== "") this.#take(rest);
  }

  #take(line: string): void {
    this.line = line;
    this.timeMs = Number(TIMES.exec(line)?.[1] ?? this.timeMs);
  }

  async close(): Promise<void> {
    await this.#chunks.cancel();
  }
}
