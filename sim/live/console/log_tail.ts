/**
 * The end of a server's log.
 *
 * @module
 */
import { readable } from "../../../herd/core/bytes.ts";
import { byteString } from "../../../herd/core/bytes.ts";

const CHUNK_BYTES = 65_536;
const TIME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.jsonl$/;

/** The path of the newest log of `server`, if it has one in `directory`. */
export async function newestLog(
  directory: string,
  server: string,
): Promise<string | undefined> {
  let newest: string | undefined;
  for await (const { name } of Deno.readDir(directory)) {
    const ours = name.startsWith(`${server}-`) &&
      TIME.test(name.slice(server.length + 1));
    if (ours && (newest === undefined || name > newest)) newest = name;
  }
  return newest === undefined ? undefined : `${directory}/${newest}`;
}

/** The last `count` lines of a file, read from its end. */
export async function lastLines(
  path: string,
  count: number,
): Promise<string[]> {
  using file = await Deno.open(path);
  let from = (await file.stat()).size;
  const chunks: string[] = [];
  let lineFeeds = 0;
  // One line feed more than lines: the one that ends the line before them.
  while (from > 0 && lineFeeds <= count) {
    const bytes = new Uint8Array(Math.min(CHUNK_BYTES, from));
    from -= bytes.length;
    await file.seek(from, Deno.SeekMode.Start);
    const chunk = byteString(bytes.subarray(0, await readFull(file, bytes)));
    chunks.unshift(chunk);
    lineFeeds += chunk.split("\n").length - 1;
  }
  const lines = chunks.join("").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.slice(-count).map(readable);
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
