import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Fields, isSpace } from "../../../herd/core/fields.ts";
import { pure, within } from "./pure.ts";

function fieldsOf(line: string): string[] {
  const fields = new Fields();
  const count = within(
    line,
    (text, start, end) => fields.split(text, start, end),
  );
  assertEquals(fields.count, count);
  return Array.from({ length: count }, (_, i) => fields.at(i));
}

pure("isSpace() names the six bytes of white space, and no other", () => {
  const spaces = Array.from({ length: 256 }, (_, i) => i).filter(isSpace);
  assertEquals(spaces, [9, 10, 11, 12, 13, 32]);
});

pure("Fields.split() finds runs of bytes that are no white space", () => {
  const table: [string, string[]][] = [
    ["", []],
    [" \t\r\n\v\f", []],
    ["a", ["a"]],
    ["  a  ", ["a"]],
    ["a\tb\vc\fd\re", ["a", "b", "c", "d", "e"]],
    ["a\xa0b \x85 \0", ["a\xa0b", "\x85", "\0"]],
    ["__proto__ constructor", ["__proto__", "constructor"]],
  ];
  for (const [line, fields] of table) assertEquals(fieldsOf(line), fields);
});

pure("Fields.split() is what splitting by a pattern is, up to 9 fields", () => {
  const byte = fc.constantFrom("a", "b", " ", "\t", "\v", "\xa0", "\0");
  fc.assert(fc.property(fc.string({ unit: byte, maxLength: 40 }), (line) => {
    const expected = line.split(/[ \t-\r]+/).filter((field) => field !== "");
    assertEquals(fieldsOf(line), expected.slice(0, 9));
  }));
});

pure("Fields.is() compares one field, whole", () => {
  const fields = new Fields();
  fields.split("IAMAT IAMATS IAM", 0, 16);
  assertEquals([0, 1, 2].map((i) => fields.is(i, "IAMAT")), [
    true,
    false,
    false,
  ]);
  assert(!fields.is(2, "IAMAT"));
});

pure("Fields.join() puts one space between two fields", () => {
  const fields = new Fields();
  for (const line of ["a b c d", "a  b c d", "a b\tc d", " a b c\v\f d "]) {
    fields.split(line, 0, line.length);
    assertEquals(fields.join(1, 3), "b c d", line);
    assertEquals(fields.join(0, 0), "a", line);
  }
});
