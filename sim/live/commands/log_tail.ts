/**
 * Reads the end of a server's log, and follows it.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { ifThere } from "../../worlds/if_there.ts";
import { delay } from "../../../herd/net/timing.ts";
import { byteString, readable } from "../../../herd/core/bytes/bytes.ts";

const CHUNK_BYTES = 65_536;
/** The interval of looking at a log that is followed, in milliseconds. */
const LOOK_MS = 100;

export type IsWanted = (line: string) => boolean;

/** The last `count` wanted lines of a file, read from its end. */
export async function lastLines(
  path: string,
  count: number,
  isWanted: IsWanted = () => true,
): Promise<string[]> {
  const wanted: string[] = [];
  for await (const line of linesFromEnd(path)) {
    if (!isWanted(line)) continue;
    wanted.unshift(line);
    if (wanted.length === count) break;
  }
  return wanted;
}

async function* linesFromEnd(path: string): AsyncGenerator<string> {
  using file = await ifThere(Deno.open(path));
  if (file === undefined) return;
  let from = (await file.stat()).size;
  // The end of a line whose beginning is in the previous chunk.
  let rest = "";
  let isLast = true;
  while (from > 0) {
    const bytes = new Uint8Array(Math.min(CHUNK_BYTES, from));
    from -= bytes.length;
    await file.seek(from, Deno.SeekMode.Start);
    const chunk = byteString(bytes.subarray(0, await readFull(file, bytes)));
    const lines = (chunk + rest).split("\n");
    rest = lines.shift()!;
    // There is no line after the line feed that ends the file.
    if (isLast && lines.at(-1) === "") lines.pop();
    isLast = false;
    for (const line of lines.reverse()) yield readable(line);
  }
  if (!isLast) yield readable(rest);
}

/**
 * The wanted lines that are appended to a file from now on, until `signal`
 * aborts. A file that was rotated is read from its start.
 */
export async function* linesToCome(
  clock: Clock,
  path: string,
  isWanted: IsWanted,
  signal: AbortSignal,
): AsyncGenerator<string[]> {
  // At once: a line that is written while we wait for the size would be skipped
  // as old.
  let from = sizeOf(path);
  let rest = "";
  while (!signal.aborted) {
    // What was written just before the signal is read too.
    await delay(clock, LOOK_MS, signal).catch(() => {});
    using file = await ifThere(Deno.open(path));
    if (file === undefined) continue;
    const { size } = await file.stat();
    if (size < from) from = 0;
    await file.seek(from, Deno.SeekMode.Start);
    const bytes = new Uint8Array(Math.min(CHUNK_BYTES * 16, size - from));
    const read = await readFull(file, bytes);
    from += read;
    const lines = (rest + byteString(bytes.subarray(0, read))).split("\n");
    rest = lines.pop()!;
    const wanted = lines.map(readable).filter(isWanted);
    if (wanted.length > 0) yield wanted;
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

async function readFull(file: Deno.FsFile, bytes: Uint8Array): Promise<number> {
  let length = 0;
  while (length < bytes.length) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return length;
}
