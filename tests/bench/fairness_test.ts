import { assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async";
import { waitsAt } from "../../bench/run/waits.ts";
import { figuresOf, watchMemory } from "../../bench/sections/fairness.ts";
import { pure } from "../herd/core/pure.ts";

pure("figuresOf() measures nothing beside a flood that has ended", () => {
  const row = { flood: "IAMATs", connections: 1, p99: 3, most: 60 };
  const ofHerd = { flood: "IAMATs", p99: 3, linksLost: 0 };
  const measured = (open: number | null) =>
    figuresOf([{ ...row, open }], [{ ...ofHerd, open }])
      .map((it) => it.measured);
  assertEquals(measured(0), [null, null, null, null]);
  assertEquals(measured(1), [3, 60, 3, 0]);
  // One that does not go on, such as lines that do not end.
  assertEquals(measured(null), [3, 60, 3, 0]);
});

Deno.test("waitsAt() takes the end of a connection for no reply", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = listener.accept().then(async (conn) => {
    await conn.read(new Uint8Array(1_024));
    await conn.closeWrite();
    return conn;
  });
  await assertRejects(
    () => waitsAt(listener.addr.port, 50),
    Error,
    "The server has closed the connection",
  );
  (await serving).close();
});

Deno.test("watchMemory() of a server that has ended fails only who asks", async () => {
  const ended = Promise.withResolvers<never>();
  const most = watchMemory({ usage: () => ended.promise });
  ended.reject(new Error("it was ended"));
  await delay(0);
  await assertRejects(most, Error, "it was ended");
});
