import { assert, assertEquals, assertThrows } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import {
  blocksOf,
  TakenPorts,
} from "../../../../sim/worlds/processes/port_blocks.ts";

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

Deno.test("TakenPorts.take() gives nobody a port twice, nor one that is in use", () => {
  const { network } = denoPlatform;
  using one = new TakenPorts(network);
  using other = new TakenPorts(network);
  const given = [0, 0, 0.5, 1].flatMap((random, at) => {
    const first = (at % 2 === 0 ? one : other).take(5, random);
    return [0, 1, 2, 3, 4].map((more) => first + more);
  });
  assertEquals(new Set(given).size, given.length);
  const [first] = given;
  one[Symbol.dispose]();
  using _listener = Deno.listen({ hostname: "127.0.0.1", port: first! });
  assert(other.take(1, 0) !== first);
});

Deno.test("TakenPorts.take() says that there are not so many", () => {
  using taken = new TakenPorts(denoPlatform.network);
  assertThrows(() => taken.take(60_000, 0), RangeError, "60000 free ports");
});
