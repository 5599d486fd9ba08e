import { assert, assertEquals } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { Herd } from "../../../../mod.ts";
import { Visitor } from "../../../../sim/live/faults/visitor.ts";
import type { Visit } from "../../../../sim/model/faults/visit.ts";
import { ANY_WORLD } from "../any_world.ts";

/** A visit to a server that says this, and closes. */
async function told(answer: string, visit: Visit): Promise<string[]> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const events: string[] = [];
  const visitor = new Visitor(denoPlatform, listener.addr, visit, {
    onAnswered: () => events.push("answered"),
    onWrong: (what) => events.push(what),
    onClosed: () => events.push("closed"),
  });
  const conn = await listener.accept();
  await conn.write(new TextEncoder().encode(answer));
  conn.close();
  await visitor.over;
  return events;
}

Deno.test("Visitor tells an answer that is due from one that is wrong, and from the end", async () => {
  const visit = { bytes: "", answers: ["? HELLO\n"] };
  assertEquals(await told("? HELLO\n", visit), ["answered"]);
  // Its server may have died in between.
  assertEquals(await told("? HE", visit), []);
  assertEquals(await told("AT ", visit), ['"AT " instead of "? HELLO\\n"']);
  const kept = { bytes: "", answers: [], isKept: true } as const;
  assertEquals(await told("", kept), ["closed"]);
  assertEquals(await told("x", kept), ['"x" instead of silence', "closed"]);
});

Deno.test("Herd.garbage() with holds keeps connections, which limits take back", async () => {
  await using herd = await Herd.start("line:2", {
    ...ANY_WORLD,
    limits: { firstLineMsMax: 200, idleMsMax: 200 },
  });
  const flood = { ratePerSecond: 400, durationMs: 1_000, holds: true };
  const { kept, closed, wrong, refused } = await herd.garbage(flood).over;
  assertEquals(wrong, []);
  assert(kept > 100 && refused > 50, `${kept} kept, ${refused} refused`);
  assert(closed > kept / 4, `${closed} of ${kept} closed`);
});

Deno.test("Herd.garbage() without limits that are met has what it keeps until its end", async () => {
  await using herd = await Herd.start("line:2", ANY_WORLD);
  const flood = { ratePerSecond: 100, durationMs: 300, holds: true };
  const { kept, closed, wrong } = await herd.garbage(flood).over;
  assertEquals(wrong, []);
  // Those that claim to be a stranger, or a neighbour that is linked, go at once.
  assert(kept > 5 && closed < kept / 2, `${closed} of ${kept} closed`);
});

Deno.test("Herd.garbage() by WebSocket sends frames that break rules, and all are answered", async () => {
  await using herd = await Herd.start("line:2", { ...ANY_WORLD, ways: ["ws"] });
  const flood = { ratePerSecond: 500, durationMs: 1_000, via: "ws" } as const;
  const { wrong, refused } = await herd.garbage(flood).over;
  assertEquals(wrong, []);
  assert(refused > 300, `${refused}`);
});
