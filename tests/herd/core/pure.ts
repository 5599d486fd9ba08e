/**
 * Tests that need no permission at all, as the core they test needs none, and
 * what they share.
 *
 * @module
 */
import { assert } from "@std/assert";
import { ByteBlock } from "../../../herd/core/bytes/block.ts";
import {
  bytesOf,
  type ByteString,
  byteString,
} from "../../../herd/core/bytes/bytes.ts";
import { type FixSpan, lineText } from "../../../herd/core/wire/fix.ts";
import { Line } from "../../../herd/core/wire/line.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import { Store } from "../../../herd/core/store/store.ts";
import { parseVersion, type Version } from "../../../herd/core/link/version.ts";
import { ByteWriter } from "../../../herd/core/bytes/writer.ts";

/** A test whose name is a sentence that starts with the symbol it tests. */
export function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const [BEFORE, AFTER] = ["IAMAT 9+9-9.9 ", "9 9+9-9.9\n"];

/** Calls a parser that reads part of a block, with other bytes around the part. */
export function within<T>(
  part: ByteString,
  parse: (bytes: Uint8Array, start: number, end: number) => T,
): T {
  const bytes = bytesOf(BEFORE + part + AFTER);
  return parse(bytes, BEFORE.length, BEFORE.length + part.length);
}

/** A block of its own. */
export function blockOf(text: ByteString): ByteBlock {
  return new ByteBlock(bytesOf(text));
}

/** A line with other bytes around it, and the fields of another line before. */
export function lineWithin(text: ByteString): Line {
  const line = Line.of("AT IAMAT HAVE 1 2 3 4 5 6 7");
  const block = blockOf(BEFORE + text + AFTER);
  line.scan(block, BEFORE.length, BEFORE.length + text.length, true);
  return line;
}

/** What a function writes. */
export function written(write: (out: ByteWriter) => void): ByteString {
  const out = new ByteWriter();
  write(out);
  return byteString(out.bytes);
}

/** The fix that an AT line tells. */
export function fixOf(line: ByteString): FixSpan {
  const fix = parseAtLine(line);
  assert(fix !== undefined, line);
  return fix;
}

/** The version that a line of a HAVE list tells. */
export function versionOf(line: ByteString): Version {
  const version = parseVersion(lineWithin(line));
  assert(!("kind" in version), line);
  return version;
}

/** A fix that Alford heard. */
export function fix(
  client: ByteString,
  time: string,
  difference = "+0.000000001",
): FixSpan {
  return fixOf(`AT Alford ${difference} ${client} +0-0 ${time}`);
}

/** A store that was told these, in this order. */
export function storeOf(fixes: Iterable<FixSpan>): Store {
  const store = new Store(1);
  for (const fix of fixes) store.merge(fix);
  return store;
}

/** The AT line of each client, in the order of the clients' numbers. */
export function linesOf(store: Store): ByteString[] {
  return Array.from(
    { length: store.count },
    (_, client) => lineText(store.fix(client)),
  );
}
