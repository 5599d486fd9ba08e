import { assert, assertEquals } from "@std/assert";
import { LIMIT_KEYS, LIMITS } from "../../../../herd/core/limits.ts";
import {
  LIMIT_NAMES,
  limitName,
  limitText,
  readLimit,
  writtenLimits,
} from "../../../../sim/model/topology/limits.ts";

Deno.test({
  name: "readLimit() reads what writtenLimits() writes, exactly",
  permissions: "none",
  fn() {
    for (const key of LIMIT_KEYS) {
      const { min, max, usual } = LIMITS[key];
      for (const value of [min, max, usual, min + 1, max - 1]) {
        const limit = { [key]: value };
        const [[name, text] = ["", ""]] = Object.entries(writtenLimits(limit));
        assertEquals(readLimit(name, text), { limit });
      }
    }
  },
});

Deno.test({
  name: "readLimit() takes units, and says what is wrong",
  permissions: "none",
  fn() {
    const read = (name: string, text: string) => {
      const it = readLimit(name, text);
      return "limit" in it ? it.limit : `${it.message} | ${it.hint}`;
    };
    assertEquals(read("query_max", "1.5s"), { queryMsMax: 1_500 });
    assertEquals(read("future_max", "off"), { futureMsMax: Infinity });
    assertEquals(read("unsent_bytes_max", "2MiB"), {
      unsentBytesMax: 2_097_152,
    });
    assertEquals(read("record_bytes_max", "1kB"), { recordBytesMax: 1_000 });
    assertEquals(
      read("querys_max", "1"),
      "no limit querys_max | did you mean query_max?",
    );
    for (
      const [name, text] of [
        ["query_max", "2"],
        ["query_max", "0ms"],
        ["query_max", "-1s"],
        ["query_max", "597h"],
        ["query_max", "off"],
        ["future_max", "876601h"],
        ["turn_max", "1.5ms"],
        ["connections_max", "0"],
        ["connections_max", "1e3"],
        ["connections_max", "1.5"],
        ["connections_max", ""],
        ["line_bytes_max", "255"],
        ["line_bytes_max", "500001"],
        ["line_bytes_max", "many"],
      ] as const
    ) {
      const wrong = readLimit(name, text);
      assert("message" in wrong, `${name}: ${text}`);
      assert(wrong.message.startsWith(`${name}: "${text}" is no `));
    }
  },
});

Deno.test({
  name: "LIMIT_NAMES are words of the files, each once",
  permissions: "none",
  fn() {
    assertEquals(new Set(LIMIT_NAMES).size, LIMIT_KEYS.length);
    for (const name of LIMIT_NAMES) assert(/^[a-z]+(_[a-z]+)*_max$/.test(name));
  },
});

Deno.test("docs/protocol.md has the table of limits as they are", async () => {
  const text = await Deno.readTextFile(
    new URL("../../../../docs/protocol.md", import.meta.url),
  );
  const rows = text.split("\n").filter((line) => /^\| `\w+_max`/.test(line))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  assertEquals(
    rows,
    LIMIT_KEYS.map((key) => {
      const { of, usual, effect, event } = LIMITS[key];
      const name = `\`${limitName(key)}\``;
      return [name, of, limitText(key, usual), effect, `\`${event}\``];
    }),
  );
});
