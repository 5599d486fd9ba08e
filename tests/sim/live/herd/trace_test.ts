import { assert, assertEquals } from "@std/assert";
import { Herd } from "../../../../mod.ts";
import type { LinePlace } from "../../../../sim/model/line_events.ts";
import type { PumpOrder } from "../servers/workers/pump.ts";

const PUMP = new URL("../servers/workers/pump.ts", import.meta.url);
const FIXES = 20_000;

Deno.test("Herd.trace() has all that a killed server recorded, though nobody was there to hear of it", async () => {
  await using herd = await Herd.start("line:2", {
    places: "none",
    trace: true,
  });
  const flag = new SharedArrayBuffer(4);
  const pump = new Worker(PUMP, { type: "module" });
  try {
    const order: PumpOrder = {
      address: herd.address("s0"),
      fixes: FIXES,
      flag,
    };
    pump.postMessage(order);
    // This thread stands still, and reads no message, until the very kill.
    const end = Atomics.wait(new Int32Array(flag), 0, 0, 60_000);
    await herd.kill("s0");
    assertEquals(end, "ok");
  } finally {
    pump.terminate();
  }
  const records = [...herd.trace()];
  const delivered = records.filter((it) =>
    it.kind === "delivery" && it.server === "s0" && it.from === null
  );
  assertEquals(delivered.length, FIXES);
  const sent = new Set(
    records.flatMap((it) =>
      it.kind === "sent" && it.server === "s0" ? [it.line] : []
    ),
  );
  const strange = records.filter((it) =>
    it.kind === "delivery" && it.server === "s1" && !sent.has(it.line)
  );
  assertEquals(strange, [], "s1 has what s0 is not known to have sent");
});

for (const mode of ["flood", "tree"] as const) {
  Deno.test(`Herd.trace() has a line at both ends as one and the same line of one connection, mode ${mode}`, async () => {
    await using herd = await Herd.start("ring:4", {
      places: "none",
      trace: true,
      mode,
    });
    for (const round of [1, 2, 3]) {
      for (const server of herd.names) {
        await using client = await herd.client(server);
        const fix = await client.iamat(`of-${server}`, `+34.0-118.${round}`);
        await herd.propagated(fix, { withinMs: 10_000 });
      }
      await herd.restart("s1");
      await herd.converged({ withinMs: 10_000 });
    }
    const written = new Map<string, string>();
    const keyOf = (from: string, to: string, place: Partial<LinePlace>) =>
      place.number === undefined
        ? undefined
        : `${from} ${to} ${place.connection} ${place.number}`;
    const records = [...herd.trace()];
    for (const it of records) {
      if (it.kind !== "sent") continue;
      const key = keyOf(it.server, it.to, it);
      assert(key !== undefined && !written.has(key), key);
      written.set(key, it.line);
    }
    let read = 0;
    for (const it of records) {
      if (it.kind !== "delivery" || it.from === null) continue;
      const key = keyOf(it.from, it.server, it);
      assertEquals(written.get(key ?? ""), it.line, key);
      written.delete(key!);
      read++;
    }
    assert(read > 30, `only ${read} lines`);
  });
}
