import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ByteBlock } from "../../../../herd/core/bytes/block.ts";
import { bytesOf, byteString } from "../../../../herd/core/bytes/bytes.ts";
import {
  compareDecimals,
  decimalEnd,
  differenceEnd,
  digitsEnd,
  type Instant,
  instantOfMs,
  putDifference,
  readInstant,
} from "../../../../herd/core/bytes/decimal.ts";
import { BAD_TIMES } from "../bad_words.ts";
import { DECIMAL_BYTES_MAX } from "../../../../herd/core/bytes/digits.ts";
import { pure, within } from "../pure.ts";

const PART_DIGITS = 40;

/** A decimal as a whole number of 10⁻⁴⁰. */
function scaled(text: string): bigint {
  const [whole, part = ""] = text.replace("-", "").split(".");
  const size = BigInt(whole + part.padEnd(PART_DIGITS, "0"));
  return text.startsWith("-") ? -size : size;
}

function isDifference(text: string): boolean {
  return within(
    text,
    (bytes, start, end) => differenceEnd(bytes, start, end) === end,
  );
}

function instant(text: string): Instant {
  const instant = within(text, readInstant);
  assert(instant !== undefined, text);
  return instant;
}

const digits = (minLength: number, maxLength: number) =>
  fc.string({
    unit: fc.constantFrom("0", "0", "1", "5", "9", "9"),
    minLength,
    maxLength,
  });

/** Decimals of all lengths, many of them near each other. */
const decimals = fc.tuple(
  fc.constantFrom("", "-"),
  fc.oneof(
    digits(1, 4),
    digits(14, 18),
    digits(1, 330),
    fc.constantFrom("999999999999999", "1000000000000000", "0"),
  ),
  fc.oneof(fc.constant(""), digits(1, 12), digits(1, PART_DIGITS)),
).map(([sign, whole, part]) => sign + whole + (part && "." + part));

const pairs = fc.oneof(
  fc.tuple(decimals, decimals),
  decimals.map((text): [string, string] => [text, text]),
  fc.tuple(decimals, digits(1, 3)).map(([text, tail]): [string, string] => [
    text,
    text.includes(".") ? (text + tail).slice(0, 330) : `${text}.${tail}`,
  ]),
).filter((pair) =>
  pair.every((text) => (text.split(".")[1] ?? "").length <= PART_DIGITS)
);

pure("readInstant() refuses what is no time", () => {
  for (const text of ["", "1 ", " 1", "1.5\r", ...BAD_TIMES]) {
    assertEquals(within(text, readInstant), undefined, JSON.stringify(text));
  }
});

pure("readInstant() reads seconds rounded down, and nanoseconds on top", () => {
  const table: [string, number, number][] = [
    ["0", 0, 0],
    ["-0", 0, 0],
    ["-0.0", 0, 0],
    ["00012", 12, 0],
    ["1621464827.959498503", 1_621_464_827, 959_498_503],
    ["1.5", 1, 500_000_000],
    ["1.0000000019", 1, 1],
    ["-3", -3, 0],
    ["-0.25", -1, 750_000_000],
    ["-2.999999999", -3, 1],
    ["-0.0000000001", 0, 0],
    ["999999999999999.999999999", 999_999_999_999_999, 999_999_999],
    ["000000000000000000000000000001.5", 1, 500_000_000],
    ["1000000000000000", Infinity, 0],
    ["-1000000000000000.5", -Infinity, 0],
    ["-999999999999999.5", -1e15, 500_000_000],
    ["9".repeat(400), Infinity, 0],
    ["-" + "9".repeat(400), -Infinity, 0],
  ];
  for (const [text, seconds, nanos] of table) {
    assertEquals(instant(text), { seconds, nanos }, text);
  }
});

pure("readInstant() of an earlier time is never later", () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      if (scaled(a) > scaled(b)) [a, b] = [b, a];
      const [early, late] = [instant(a), instant(b)];
      assert(
        early.seconds < late.seconds ||
          early.seconds === late.seconds && early.nanos <= late.nanos,
      );
    }),
    { numRuns: 1_000 },
  );
});

pure("compareDecimals() orders as whole numbers do", () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      const [left, right] = [scaled(a), scaled(b)];
      const expected = left < right ? -1 : left > right ? 1 : 0;
      assertEquals(Math.sign(compareDecimals(a, b)), expected);
      assertEquals(Math.sign(compareDecimals(b, a)), 0 - expected);
    }),
    { numRuns: 2_000 },
  );
});

pure("compareDecimals() takes needless zeros for nothing", () => {
  const same: [string, string][] = [
    ["0", "-0"],
    ["0", "000.000"],
    ["1", "1.0"],
    ["-01.50", "-1.5"],
    ["007", "7"],
    ["100", "0100.00"],
  ];
  for (const [a, b] of same) {
    assertEquals(compareDecimals(a, b), 0, `${a} ${b}`);
  }
});

/** What is written for a time. */
function differenceText(now: Instant, time: string): string {
  const block = new ByteBlock(new Uint8Array(DECIMAL_BYTES_MAX + time.length));
  const end = within(
    time,
    (bytes, _start, end) =>
      putDifference(block, 0, now, instant(time), bytes, end),
  );
  return byteString(block.bytes.subarray(0, end));
}

/** A clock's time in nanoseconds minus a time's, of which the tenth decimal is cut off. */
function expectedDifference(now: Instant, time: string): string {
  const clock = BigInt(now.seconds) * 10n ** 9n + BigInt(now.nanos);
  const difference = clock - scaled(time) / 10n ** BigInt(PART_DIGITS - 9);
  const size = String(difference < 0n ? -difference : difference)
    .padStart(10, "0");
  return (difference < 0n ? "-" : "+") + size.slice(0, -9) + "." +
    size.slice(-9);
}

const clocks = fc.record({
  seconds: fc.oneof(
    fc.constantFrom(0, 1, -1, 1_700_000_000),
    fc.integer({ min: -100_000_000_000, max: 100_000_000_000 }),
  ),
  nanos: fc.oneof(
    fc.constantFrom(0, 1, 999_999_999),
    fc.integer({ min: 0, max: 999_999_999 }),
  ),
});

pure("putDifference() is exact to the nanosecond, whatever the time", () => {
  fc.assert(
    fc.property(clocks, decimals, (now, time) => {
      const text = differenceText(now, time);
      assertEquals(text, expectedDifference(now, time));
      assert(isDifference(text), text);
    }),
    { numRuns: 2_000 },
  );
});

pure("putDifference() keeps sign and nine decimals", () => {
  const now = { seconds: 1_400_794_645, nanos: 0 };
  const table: [string, string][] = [
    ["1400794645", "+0.000000000"],
    ["1400794644.736126614", "+0.263873386"],
    ["1400794645.000000001", "-0.000000001"],
    ["1400794645.0000000001", "+0.000000000"],
    ["1400794646", "-1.000000000"],
    ["-5.5", "+1400794650.500000000"],
    ["3982873355.081036003", "-2582078710.081036003"],
    ["1000000000000000.5", "-999998599205355.500000000"],
    ["1" + "0".repeat(30), "-999999999999999999998599205355.000000000"],
  ];
  for (const [time, text] of table) {
    assertEquals(differenceText(now, time), text);
  }
});

pure("instantOfMs() keeps fractions of a millisecond", () => {
  const table: [number, number, number][] = [
    [0, 0, 0],
    [1.5, 0, 1_500_000],
    [999.9999999, 1, 0],
    [-1, -1, 999_000_000],
    [1_621_464_827_959.5, 1_621_464_827, 959_500_000],
  ];
  for (const [ms, seconds, nanos] of table) {
    assertEquals(instantOfMs(ms), { seconds, nanos }, String(ms));
  }
});

pure("digitsEnd() stops at the first byte that is no digit, or the end", () => {
  const text = "0123456789876543210";
  for (let length = 0; length < text.length; length++) {
    const digits = text.slice(0, length);
    assertEquals(digitsEnd(bytesOf(text), 0, length), length);
    for (
      const byte of ["/", ":", "\0", "\x7f", "\x80", "\x8a", "\xb9", "\xff"]
    ) {
      const bytes = bytesOf(`${digits}${byte}999999`);
      assertEquals(digitsEnd(bytes, 0, bytes.length), length, byte);
    }
  }
});

pure("decimalEnd() wants digits on both sides of a point", () => {
  const table: [string, number][] = [
    ["12", 2],
    ["12.5", 4],
    ["12.5.6", 4],
    ["12-", 2],
    ["12.", -1],
    ["12.-", -1],
    [".5", -1],
    ["", -1],
    ["-1", -1],
    ["x", -1],
  ];
  for (const [text, end] of table) {
    assertEquals(decimalEnd(bytesOf(text), 0, text.length, 99), end, text);
    const found = within(text, (bytes, start, end) => {
      const stop = decimalEnd(bytes, start, end, 99);
      return stop < 0 ? stop : stop - start;
    });
    assertEquals(found, end, text);
  }
});

pure("decimalEnd() holds the limit, digit by digit", () => {
  const table: [string, boolean][] = [
    ["50", true],
    ["050", true],
    ["50.0", true],
    ["50." + "0".repeat(400), true],
    ["50." + "0".repeat(400) + "1", false],
    ["49." + "9".repeat(400), true],
    ["51", false],
    ["0", true],
    ["9".repeat(400), false],
    ["0".repeat(400) + "50", true],
    ["500", false],
  ];
  for (const [text, expected] of table) {
    const isWhole = within(
      text,
      (bytes, start, end) => decimalEnd(bytes, start, end, 50) === end,
    );
    assertEquals(isWhole, expected, text);
  }
});

const BAD_DIFFERENCES = [
  "",
  "+",
  "0.000000000",
  "+0.00000000",
  "+0.0000000000",
  "+.000000000",
  "+0,000000000",
  "+1",
  "+1e-9",
  "++0.000000000",
  "+-0.000000000",
  "+0.000000000 ",
  "+0x.000000000",
  "+000000000000",
  "+1.2.000000000",
];

pure("differenceEnd() wants a sign, digits, nine decimals", () => {
  for (
    const text of ["+0.263873386", "-2582078710.081036003", "+00.000000000"]
  ) {
    assert(isDifference(text), text);
  }
  for (const text of BAD_DIFFERENCES) {
    assert(!isDifference(text), text);
  }
});

pure("decimal parsers take any bytes", () => {
  const bytes = fc.uint8Array({ maxLength: 30 })
    .map((bytes) => String.fromCharCode(...bytes));
  const near = fc.string({ unit: fc.constantFrom(..."+-.0123456789e \0") });
  fc.assert(fc.property(fc.oneof(bytes, near), (text) => {
    const isTime = /^-?\d+(\.\d+)?$/.test(text) && !text.includes("\n");
    assertEquals(within(text, readInstant) !== undefined, isTime);
    assertEquals(
      isDifference(text),
      /^[+-]\d+\.\d{9}$/.test(text) && !text.includes("\n"),
    );
  }));
});
