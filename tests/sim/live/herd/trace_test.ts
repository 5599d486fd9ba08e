import { assertEquals } from "@std/assert";
import { Herd } from "../../../../mod.ts";
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
    it.kind === "delivery" && it.server === "s0" && it.peer === null
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
