/**
 * Lists on a link: a line that tells how many lines follow, and these.
 *
 * @module
 */
import { type ByteString, LF } from "../bytes/bytes.ts";
import { ByteWriter } from "../bytes/writer.ts";

/** For the lines of the list that is being written: their number is not known. */
const scratch = new ByteWriter();

/**
 * Writes a list of about `bytesMax` bytes at most, but at least one line.
 *
 * @param next Writes the next line, without a line feed; returns `false` if
 * there is none left.
 * @returns Number of lines in the list.
 */
export function writeList(
  command: ByteString,
  linesMax: number,
  out: ByteWriter,
  bytesMax: number,
  next: (list: ByteWriter) => boolean,
): number {
  scratch.clear();
  let count = 0;
  while (count < linesMax && (count === 0 || scratch.length < bytesMax)) {
    if (!next(scratch)) break;
    scratch.byte(LF);
    count++;
  }
  out.text(`${command} ${count}\n`);
  out.copy(scratch.block, 0, scratch.length);
  return count;
}

/** The same for names, which are removed from the set as they are written. */
export function writeNames(
  command: ByteString,
  linesMax: number,
  out: ByteWriter,
  bytesMax: number,
  names: Set<ByteString>,
): number {
  const all = names.values();
  return writeList(command, linesMax, out, bytesMax, (list) => {
    const { value: name, done } = all.next();
    if (done) return false;
    names.delete(name);
    list.text(name);
    return true;
  });
}
