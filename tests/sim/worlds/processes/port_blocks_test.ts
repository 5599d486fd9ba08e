import { assertEquals } from "@std/assert";
import { blocksOf } from "../../../../sim/worlds/processes/port_blocks.ts";

Deno.test({
  name: "blocksOf() keeps together what is close",
  permissions: "none",
  fn() {
    assertEquals(blocksOf([]), []);
    assertEquals(blocksOf([8_002, 8_000, 8_001, 8_000]), [
      { first: 8_000, count: 3 },
    ]);
    assertEquals(blocksOf([12_000, 8_000, 8_010, 12_064]), [
      { first: 8_000, count: 11 },
      { first: 12_000, count: 65 },
    ]);
  },
});
