import { assertEquals } from "@std/assert";
import {
  formatDuration,
  parseDurationMs,
  parseOffsetMs,
  parseRatePerSecond,
} from "../../../sim/model/duration.ts";

Deno.test({
  name: "parseDurationMs() wants a number and a unit",
  permissions: "none",
  fn() {
    const table: [string, number | undefined][] = [
      ["500ms", 500],
      ["250us", 0.25],
      // As a literal is, for figures that are compared with it.
      ["9us", 0.009],
      ["16.1s", 16_100],
      ["2.5m", 150_000],
      ["1.5s", 1_500],
      ["2m", 120_000],
      ["1h", 3_600_000],
      ["596h", 596 * 3_600_000],
      ["2147483647ms", 2 ** 31 - 1],
      ["2147483648ms", undefined],
      ["700h", undefined],
      ["0s", 0],
      ["3", undefined],
      ["3 s", undefined],
      ["-3s", undefined],
      ["3S", undefined],
      [".5s", undefined],
      ["1e3ms", undefined],
      ["s", undefined],
      ["", undefined],
    ];
    for (const [text, expected] of table) {
      assertEquals(parseDurationMs(text), expected, text);
    }
  },
});

Deno.test({
  name: "parseRatePerSecond() wants a number above 0 and a unit",
  permissions: "none",
  fn() {
    const table: [string, number | undefined][] = [
      ["1000/s", 1_000],
      ["30/m", 0.5],
      ["0.5/s", 0.5],
      ["0/s", undefined],
      ["1000000/s", 1e6],
      ["1000000.1/s", undefined],
      ["60000000/m", 1e6],
      ["60000001/m", undefined],
      [`${"9".repeat(400)}/s`, undefined],
      [`0.${"0".repeat(400)}1/s`, undefined],
      ["1000", undefined],
      ["1000/d", undefined],
      ["/s", undefined],
    ];
    for (const [text, expected] of table) {
      assertEquals(parseRatePerSecond(text), expected, text);
    }
  },
});

Deno.test({
  name: "formatDuration() changes its unit where the digits would say it wrong",
  permissions: "none",
  fn() {
    const table: [number, string][] = [
      [0, "0ms"],
      [0.04, "0ms"],
      [0.94, "0.9ms"],
      [1, "1ms"],
      [999.4, "999ms"],
      [999.6, "1s"],
      [1_000, "1s"],
      [59_990, "59.99s"],
      [59_996, "1m"],
      [3_661_000, "61m1s"],
    ];
    for (const [ms, expected] of table) {
      assertEquals(formatDuration(ms), expected, String(ms));
    }
  },
});

Deno.test({
  name: "parseOffsetMs() takes a sign, and more than a timer would",
  permissions: "none",
  fn() {
    const table: [string, number | undefined][] = [
      ["500ms", 500],
      ["+1h", 3_600_000],
      ["-876600h", -876_600 * 3_600_000],
      ["-1000001h", undefined],
      ["--1h", undefined],
      ["1", undefined],
    ];
    for (const [text, expected] of table) {
      assertEquals(parseOffsetMs(text), expected, text);
    }
  },
});
