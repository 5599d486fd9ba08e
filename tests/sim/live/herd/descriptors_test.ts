import { assert, assertEquals } from "@std/assert";
import {
  capacityOf,
  descriptorsMax,
  isCapTold,
} from "../../../../sim/live/herd/descriptors.ts";
import { Herd } from "../../../../mod.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";

Deno.test("capacityOf() shares out what links, restarts and handshakes leave", () => {
  const ring = generateTopology("ring:5")!;
  const each = (descriptors: number, asked = 10_000) =>
    capacityOf(ring, asked, 16, descriptors);
  // 60 for the process, 5 x (24 + 16) for servers, 5 x 8 for links.
  assertEquals(each(400), (400 - 300) / 5);
  assertEquals(each(300 + 5 * 10_000), 10_000);
  assertEquals(each(300 + 5 * 10_000 - 1), 9_999);
  assertEquals(each(Infinity), 10_000);
  assertEquals(each(400, 7), 7);
  assertEquals(each(400, 0), 0);
  // A server that nobody may connect to is none.
  assertEquals([each(300), each(10)], [1, 1]);
});

Deno.test("isCapTold() is quiet where many clients are taken, unless more were asked for", () => {
  const table: [each: number, asked: number, isByHand: boolean, boolean][] = [
    [10_000, 10_000, false, false],
    [3_940, 10_000, false, false],
    [1_000, 10_000, false, false],
    [999, 10_000, false, true],
    [3_940, 10_000, true, true],
    [200, 200, true, false],
    [20, 200, true, true],
  ];
  for (const [each, asked, isByHand, isTold] of table) {
    assertEquals(isCapTold(each, asked, isByHand), isTold, `${each}, ${asked}`);
  }
});

Deno.test("Herd.start() says nothing of descriptors unless there are few", async () => {
  const kinds: string[] = [];
  const many = capacityOf(
    generateTopology("line:3")!,
    10_000,
    16,
    descriptorsMax(),
  ) >= 1_000;
  await using _herd = await Herd.start("line:3", {
    places: "none",
    onEvent: ({ kind }) => kinds.push(kind),
  });
  assertEquals(kinds.includes("connections-capped"), !many);
});

Deno.test("descriptorsMax() is a limit that this process lives within", () => {
  const max = descriptorsMax();
  assert(max >= 64, `${max}`);
  assertEquals(descriptorsMax(), max);
});
