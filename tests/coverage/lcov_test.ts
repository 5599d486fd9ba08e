import { assertEquals } from "@std/assert";
import { ranges, reachedPart, readLcov, wrongReasons } from "./lcov.ts";

const LCOV = `SF:/home/ann/herd/b.ts
DA:1,4
DA:2,0
DA:3,0
DA:5,0
DA:5,2
end_of_record
SF:/home/ann/herd/a.ts
DA:1,1
end_of_record
`;

Deno.test("readLcov() gives each file's lines, reached if once was enough", () => {
  const files = readLcov(LCOV, "/home/ann/");
  assertEquals(files, [
    { path: "herd/a.ts", count: 1, unreached: [] },
    { path: "herd/b.ts", count: 4, unreached: [2, 3] },
  ]);
  assertEquals(reachedPart(files), 3 / 5);
  assertEquals(reachedPart([]), 1);
});

Deno.test("ranges() joins numbers that follow each other", () => {
  assertEquals(ranges([1, 3, 4, 5, 9]), "1, 3-5, 9");
  assertEquals(ranges([]), "");
});

Deno.test("wrongReasons() names files without a reason, and reasons that are stale", () => {
  const files = readLcov(LCOV, "/home/ann/");
  assertEquals(wrongReasons(files, { "herd/b.ts": "rarely" }, 0.9), []);
  assertEquals(wrongReasons(files, { "herd/a.ts": "never" }, 0.9), [
    "herd/b.ts: no reason is told why so little is reached",
    "herd/a.ts: the reason told is stale, for it is reached",
  ]);
});
