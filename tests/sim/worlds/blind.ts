/**
 * A world of threads into which nobody can look, as if its servers were
 * somebody else's programs.
 *
 * @module
 */
import { threads } from "../../../sim/worlds/threads/threads.ts";
import type { Sight } from "../../../sim/model/sight.ts";
import type { World } from "../../../sim/worlds/world.ts";

/** Shows no more than is said, and takes no orders. */
export function blind(...sees: Sight[]): World {
  const world = threads();
  return {
    name: "blind servers",
    sees: new Set(sees),
    wipe: (server) => world.wipe!(server),
    takesOrders: false,
    start(server, { clock, onReport }) {
      const handle = world.start(server, {
        clock,
        onReport: (report) => {
          if (report.kind !== "event" || sees.includes("links")) {
            onReport(report);
          }
        },
      });
      return {
        heartbeat: () => handle.heartbeat(),
        kill: () => handle.kill(),
        pause: (deadlineMs) => handle.pause(deadlineMs),
        resume: () => handle.resume(),
        stop: () => handle.stop(),
        crash: (why) => handle.crash(why),
      };
    },
  };
}
