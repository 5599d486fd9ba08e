import { assert, assertEquals } from "@std/assert";
import { Herd } from "../../../../mod.ts";
import { EventLog } from "../event_log.ts";

Deno.test("Herd.subscribe() tells any number of listeners, though one throws, until each is removed", async () => {
  const logs = [new EventLog(), new EventLog(), new EventLog()] as const;
  const { error } = console;
  const told: unknown[][] = [];
  console.error = (...args) => told.push(args);
  try {
    await using herd = await Herd.start("line:2", {
      places: "none",
      onEvent: logs[0].onEvent,
    });
    const bad = herd.subscribe(() => {
      throw new Error("a bug of the listener");
    });
    const early = herd.subscribe(logs[1].onEvent);
    await herd.kill("s1");
    early[Symbol.dispose]();
    bad[Symbol.dispose]();
    const reports = told.length;
    assert(reports > 0, "its error is told");
    using _ = herd.subscribe(logs[2].onEvent);
    await herd.revive("s1");
    assertEquals(logs.map((log) => log.statesOf("s1")), [
      ["starting", "up", "stopped", "starting", "up"],
      ["stopped"],
      ["starting", "up"],
    ]);
    assertEquals(told.length, reports, "who is removed does not throw");
  } finally {
    console.error = error;
  }
});
