import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  bytesOf,
  byteString,
  readable,
  utf8,
} from "../../../herd/core/bytes.ts";
import { pure } from "./pure.ts";

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
