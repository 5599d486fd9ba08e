import { assert, assertEquals, assertRejects } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { Herd } from "../../../../mod.ts";
import { Commands } from "../../../../sim/live/commands/commands.ts";
import type { CommandResult } from "../../../../sim/live/commands/result.ts";

/** Carries out a line as the prompt would. */
function executed(
  commands: Commands,
  line: string,
  signal?: AbortSignal,
): Promise<CommandResult> {
  const parsed = commands.parse(line);
  assert(parsed?.ok, line);
  return commands.execute(parsed.command, signal && { signal });
}

Deno.test("Commands.execute() gives data, and throws what can't be done", async () => {
  await using herd = await Herd.start("line:2", { places: "none" });
  const commands = new Commands(herd);
  const reply = await executed(commands, "send s0 IAMAT kiwi +34.0-118.0 5");
  assert(reply.event === "reply");
  await herd.converged();
  assertEquals(await executed(commands, "records s1"), {
    event: "records",
    server: "s1",
    records: [reply.text],
  });
  const killed = await executed(commands, "kill s1");
  assert(killed.event === "done");
  const { tookMs, ...rest } = killed;
  assertEquals(rest, { event: "done", command: "kill", server: "s1" });
  assert(tookMs > 0);
  await assertRejects(() => executed(commands, "kill s1"), Error, "s1");
  const faults = await executed(commands, "faults");
  assert(faults.event === "faults");
  assertEquals(faults.faults.map(({ id }) => id), ["kill-1"]);
  await assertRejects(() => executed(commands, "records s1"), Error, "s1");
});

Deno.test("Commands.execute() waits no longer when its signal is aborted, and others go on", async () => {
  await using herd = await Herd.start("line:2", { places: "none" });
  const commands = new Commands(herd);
  await executed(commands, "pause s1");
  const interrupt = new AbortController();
  const waiting = executed(
    commands,
    "send s1 WHATSAT kiwi 1 1",
    interrupt.signal,
  );
  const other = await executed(commands, "status");
  assertEquals(other.event, "status");
  interrupt.abort(new Error("enough"));
  await assertRejects(() => waiting, Error, "enough");
  await executed(commands, "resume s1");
});

Deno.test("Commands.execute() says where the log of a server on another machine is", async () => {
  const herd = {
    logDirectory: "logs",
    platform: denoPlatform,
    world: {
      takesOrders: true,
      machines: { machineOf: () => "ash.example:12090" },
    },
  };
  const commands = new Commands(herd as unknown as Herd);
  await assertRejects(
    () => commands.execute({ kind: "log", server: "Ash", count: 3 }),
    Error,
    "the log of Ash: it is on ash.example:12090",
  );
});
