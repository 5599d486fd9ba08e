import { AssertionError, assertRejects } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { delay } from "../../../../herd/net/timing.ts";
import { assertServers } from "../../../../sim/live/herd/assert_servers.ts";
import type { ServerStatus } from "../../../../sim/live/servers/status.ts";
import type { Supervisor } from "../../../../sim/live/servers/supervisor.ts";

/** A server that comes up after a while, whatever timers say. */
function upAfter(ms: number): Supervisor {
  const status = { name: "Ash", state: "up" } as ServerStatus;
  return {
    platform: denoPlatform,
    status: () => [{ ...status, state: "starting" }],
    whenStatus: async (
      _: string,
      isTrue: (status: ServerStatus) => boolean,
    ) => {
      await delay(denoPlatform.clock, ms);
      isTrue(status);
    },
  } as unknown as Supervisor;
}

Deno.test("assertServers() takes no state for one in time that came later", async () => {
  const wanted = { state: "up" } as const;
  await assertServers(upAfter(1), ["Ash"], wanted, 10_000);
  await assertRejects(
    () => assertServers(upAfter(40), ["Ash"], wanted, 5),
    AssertionError,
    "Not up within 5 ms",
  );
});
