import { assertEquals } from "@std/assert";
import { Herd } from "../../../../mod.ts";
import { Recorder } from "../../../../sim/live/drill/recorder.ts";
import { Stage } from "../../../../sim/live/drill/stage.ts";
import { ANY_WORLD } from "../any_world.ts";
import { EventLog } from "../event_log.ts";

Deno.test("Stage.upOf() of all leaves out no server that hangs as it starts", async () => {
  const log = new EventLog();
  await using herd = await Herd.start("line:2", {
    ...ANY_WORLD,
    linkFaults: true,
    onEvent: log.onEvent,
  });
  // No handshake passes.
  await herd.limitData("all", 1);
  const restarting = herd.restart("s1").catch(() => {});
  await log.untilState("s1", "starting", 2);
  const signal = new AbortController().signal;
  const stage = new Stage(
    herd,
    new Recorder(herd.platform.clock),
    7,
    signal,
    [],
  );
  assertEquals(stage.upOf(["all"]), ["s0", "s1"]);
  assertEquals(stage.up(), ["s0"]);
  await herd.kill("s1");
  await restarting;
  assertEquals(stage.upOf(["all"]), ["s0"]);
});
