import { assertRejects } from "@std/assert";
import { assertHeld } from "../../../../sim/live/herd/propagation.ts";
import { threads } from "../../../../sim/worlds/threads/threads.ts";
import type { Supervisor } from "../../../../sim/live/servers/supervisor.ts";

const line = (time: number) => `AT Ash +0.500000000 kiwi +1-1 ${time}`;

/** A server that holds one fix. */
function holding(held: string): Supervisor {
  return {
    world: threads(),
    child: () => ({ state: "up" }),
    ask: () => Promise.resolve({ at: held, unanswered: 0 }),
  } as unknown as Supervisor;
}

Deno.test("assertHeld() takes a newer fix for this one, unless it must be exact", async () => {
  await assertHeld(holding(line(5)), line(5), ["Elm"], true);
  await assertHeld(holding(line(6)), line(5), ["Elm"], false);
  for (const [held, isExact] of [[4, false], [4, true], [6, true]] as const) {
    await assertRejects(
      () => assertHeld(holding(line(held)), line(5), ["Elm"], isExact),
      Error,
      `Elm lacks it: it holds ${line(held)}`,
    );
  }
});
