import { assert, assertEquals, assertThrows } from "@std/assert";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Platform } from "../../../herd/net/platform.ts";
import {
  PortLease,
  type PortRange,
  SERVERS,
} from "../../../sim/worlds/port_lease.ts";

/** Three blocks of 64 ports. */
const RANGE: PortRange = { min: 9_984, max: 10_176 };

/** Begins to look at the first port. */
const AT_FIRST: Platform = {
  ...denoPlatform,
  randomBytes: (count) => new Uint8Array(count),
};

Deno.test("PortLease.take() gives nobody what another has, though nothing listens there", () => {
  using one = new PortLease(AT_FIRST, RANGE);
  const [first = 0, second] = one.take(2);
  assertEquals([first, second], [RANGE.min, RANGE.min + 1]);
  assertEquals(one.take(1), [RANGE.min + 2]);
  {
    using other = new PortLease(AT_FIRST, RANGE);
    assertEquals(other.take(1), [RANGE.min + 64]);
    using third = new PortLease(AT_FIRST, RANGE);
    assertEquals(third.take(1), [RANGE.min + 128]);
    using fourth = new PortLease(AT_FIRST, RANGE);
    assertThrows(() => fourth.take(1), RangeError, "1 free ports on 127.0.0.1");
  }
  assertEquals(one.take(62).at(-1), RANGE.min + 64);
});

Deno.test("PortLease.take() gives what was given back", () => {
  const lease = new PortLease(AT_FIRST, RANGE);
  const [port] = lease.take(1);
  lease[Symbol.dispose]();
  using other = new PortLease(AT_FIRST, RANGE);
  assertEquals(other.take(1), [port]);
});

Deno.test("PortLease.take() gives none that is in use, and a row without a gap", () => {
  const port = RANGE.min + 3;
  using _listener = Deno.listen({ hostname: "127.0.0.1", port });
  using lease = new PortLease(AT_FIRST, RANGE);
  const row = lease.take(5, true);
  assertEquals(row, [1, 2, 3, 4, 5].map((more) => port + more));
  assertEquals(lease.take(4), [6, 7, 8, 9].map((more) => port + more));
  const text = "Cannot find 200 free ports in a row on 127.0.0.1";
  assertThrows(() => lease.take(200, true), RangeError, text);
});

Deno.test("PortLease.take() has no more blocks than it needs, however often it is asked", () => {
  using often = new PortLease(denoPlatform, RANGE);
  for (let time = 0; time < 32; time++) often.take(1);
  using other = new PortLease(denoPlatform, RANGE);
  assertEquals(other.take(1).length, 1);
});

Deno.test("PortLease.take() gives servers ports of no ephemeral range", () => {
  using lease = new PortLease(denoPlatform);
  for (const port of lease.take(100)) {
    assert(port >= SERVERS.min && port < SERVERS.max && port < 32_768);
  }
});
