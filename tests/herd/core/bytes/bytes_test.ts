import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  bytesOf,
  byteString,
  isSpace,
  isText,
  joined,
  readable,
  utf8,
} from "../../../../herd/core/bytes/bytes.ts";
import { pure } from "../pure.ts";

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, i) => i);

pure("bytesOf() gives back what byteString() was made of", () => {
  assertEquals(bytesOf(byteString(ALL_BYTES)), ALL_BYTES);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    assertEquals(bytesOf(byteString(bytes)), Uint8Array.from(bytes));
  }));
});

pure("byteString() reads a part of a buffer, and no more of it", () => {
  assertEquals(byteString(ALL_BYTES.subarray(65, 68)), "ABC");
});

pure(
  "byteString() keeps a byte order mark, and takes long texts of any bytes",
  () => {
    const marked = Uint8Array.of(0xef, 0xbb, 0xbf, 65);
    assertEquals(byteString(marked), "\xef\xbb\xbfA");
    const long = new Uint8Array(10_000).map((_, i) => i % 256);
    assertEquals(bytesOf(byteString(long)), long);
  },
);

pure("joined() puts parts one after the other", () => {
  const parts = [Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)];
  assertEquals(joined(parts), Uint8Array.of(1, 2, 3));
  assertEquals(joined([]), new Uint8Array());
  assertEquals(joined([parts[0]!]), Uint8Array.of(1, 2));
});

pure("bytesOf() tells ASCII from the rest wherever the rest stands", () => {
  for (const text of ["", "a", "\x7f", "\x80", "a\xff", "\xc3\xa9b", "\xe9"]) {
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    assertEquals(bytesOf(text), bytes, JSON.stringify(text));
  }
});

pure("utf8() writes UTF-8, and readable() reads it", () => {
  assertEquals(utf8("é€😀"), "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  assertEquals(readable(utf8("é€😀")), "é€😀");
  assertEquals(readable("a\xffb"), "a\ufffdb");
});

pure("isSpace() names the six bytes of white space, and no other", () => {
  const spaces = Array.from({ length: 256 }, (_, i) => i).filter(isSpace);
  assertEquals(spaces, [9, 10, 11, 12, 13, 32]);
});

pure("isText() compares a part of some bytes with a text, whole", () => {
  const bytes = bytesOf("xIAMATx\xff");
  for (const [text, expected] of [["IAMAT", true], ["IAMAS", false]] as const) {
    assertEquals(isText(bytes, 1, 6, text), expected);
  }
  assertEquals(isText(bytes, 1, 5, "IAMAT"), false);
  assertEquals(isText(bytes, 1, 6, "IAMA"), false);
  assertEquals(isText(bytes, 7, 8, "\xff"), true);
  assertEquals(isText(bytes, 8, 8, ""), true);
});
