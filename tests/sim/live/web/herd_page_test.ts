import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { WatchedHerd } from "./watched_herd.ts";

Deno.test("HerdPage tells what the herd is, and carries out commands", async () => {
  await using watched = await WatchedHerd.start("line:3");
  const herd = await watched.get("/api/herd");
  assertEquals(herd.topology, "line:3");
  assertEquals(herd.links, [{ a: "s0", b: "s1" }, { a: "s1", b: "s2" }]);
  const { cut, kill } = herd.harms as Record<string, string>;
  assertEquals([cut, kill], ["cuts", "stops"]);

  const { status, body } = await watched.write("POST", "/api/commands", {
    line: "kill s2",
  });
  assertEquals(status, 200);
  assertEquals([body.event, body.command], ["done", "kill"]);
  assertStringIncludes(body.text, "s2 killed in");
  const wrong = await watched.write("POST", "/api/commands", {
    line: "kil s2",
  });
  assertEquals(wrong.status, 422);
  assertStringIncludes(wrong.body.error.message, "did you mean kill?");
  const twice = await watched.write("POST", "/api/commands", {
    line: "kill s2",
  });
  assertEquals(twice.status, 409);
  assertStringIncludes(twice.body.error.message, "s2");
  await watched.write("POST", "/api/commands", { line: "quit" });
  assertEquals(watched.quits, 1);
});

Deno.test("HerdPage tells watchers what happens, and where all stands", async () => {
  await using watched = await WatchedHerd.start("line:3");
  let isFirst = true;
  let flows = 0;
  let isSeen = false;
  let isDown = false;
  for await (const batch of watched.batches()) {
    if (isFirst) {
      assertEquals(batch.servers.map(({ name }) => name), ["s0", "s1", "s2"]);
      assert(batch.links.every(({ isUp }) => isUp));
      await using client = await watched.herd.client("s0");
      await client.iamat("kiwi", "+34.0-118.4");
      await watched.herd.kill("s2");
    }
    isFirst = false;
    for (const flow of batch.flows) flows += flow.lines;
    isSeen ||= batch.events.some((event) =>
      event.kind === "state" && event.server === "s2" &&
      event.state === "stopped"
    );
    isDown ||= batch.links.some(({ a, isUp }) => a === "s1" && !isUp);
    if (flows > 0 && isSeen && isDown) break;
  }
});

Deno.test("HerdPage asks no server for anything while nobody watches", async () => {
  await using watched = await WatchedHerd.start("line:2");
  const { herd } = watched;
  let asked = 0;
  const stats = herd.stats.bind(herd);
  herd.stats = (server) => {
    asked++;
    return stats(server);
  };
  for await (const _ of watched.batches()) if (asked > 2) break;
  while (watched.page.watchers > 0) await watched.get("/api/herd");
  const before = asked;
  for (let at = 0; at < 50; at++) await watched.get("/api/status");
  assertEquals(asked, before);
});
