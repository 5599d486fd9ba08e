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
  const all = paths.map((path) => new LogCursor(path));
  try {
    await Promise.all(all.map((cursor) => cursor.fill()));
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

/** A log, read line by line. */
class LogCursor {
  /** The current line; `undefined` before the first and after the last. */
  line: string | undefined;
  /** Its monotonic time. */
  timeMs = 0;
  readonly #reads: AsyncGenerator<string[]>;
  #lines: ArrayIterator<string> = [].values();

  constructor(path: string) {
    this.#reads = linesOf(path);
  }

  /** Goes to the next line; false if more must be read first. */
  next(): boolean {
    const { value, done } = this.#lines.next();
    this.line = value;
    this.timeMs = Number(TIMES.exec(value ?? "")?.[1] ?? this.timeMs);
    return !done;
  }

  /** Reads until there is a next line, or the file ends. */
  async fill(): Promise<void> {
    do {
      const { value, done } = await this.#reads.next();
      if (done) return;
      this.#lines = value.values();
    } while (!this.next());
  }

  async close(): Promise<void> {
    await this.#reads.return(undefined);
  }
}

/** The lines of a file, those of one read at a time; none if it is missing. */
async function* linesOf(path: string): AsyncGenerator<string[]> {
  const file = await ifThere(Deno.open(path));
  const chunks = file?.readable.pipeThrough(new TextDecoderStream()) ?? [];
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    yield lines;
  }
  if (rest !== "") yield [rest];
}
