import { assertEquals, assertMatch } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { ProgramEvent } from "../../../../sim/worlds/processes/guarded.ts";
import { Programs } from "../../../../sim/worlds/processes/programs.ts";
import { openTempFolder } from "../../../../sim/worlds/processes/temp_folder.ts";

Deno.test("Programs ends a program that can't be told what it reaches, and says why", async () => {
  await using temp = await openTempFolder();
  const [folder, into] = [`${temp.path}/folder`, `${temp.path}/into`];
  await Deno.mkdir(folder);
  await using programs = await Programs.open({
    platform: denoPlatform,
    command: ["python3", "-c", "import time; time.sleep(600)"],
    folder,
    into,
  });
  const here = { name: "Ash", host: "127.0.0.1", port: 0, peers: [] };
  const routes = { port: 0, connect: {}, hasHosts: false };
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const events: ProgramEvent[] = [];
  const program = programs.start({ here, routes }, {
    onEvent: (event) => {
      events.push(event);
      if (event.event === "start") started.resolve();
    },
    onLine: () => {},
    onEnd: ended.resolve,
  });
  await started.promise;
  // As good as a full disk: nothing can be written there.
  await Deno.remove(`${into}/shim`, { recursive: true });
  await program.route(routes);
  await ended.promise;
  const lost = events.flatMap((it) => it.event === "lost" ? [it.why] : []);
  assertEquals(lost.length, 1);
  assertMatch(lost[0]!, /^it can't be told what it reaches now: /);
});
