/**
 * Tests that need no permission at all, as the core they test needs none.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes.ts";

/** A test whose name is a sentence that starts with the symbol it tests. */
export function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

/** Calls a parser that reads part of a text, with other bytes around the part. */
export function within<T>(
  part: ByteString,
  parse: (text: ByteString, start: number, end: number) => T,
): T {
  const [before, after] = ["IAMAT 9+9-9.9 ", "9 9+9-9.9\n"];
  return parse(
    before + part + after,
    before.length,
    before.length + part.length,
  );
}
