/**
 * What a world of servers that were brought hears of what they send.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { DenoClock, denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { BroughtWorld } from "../../../../sim/worlds/processes/brought.ts";

Deno.test("BroughtWorld.passed() takes pings on many links for no storm", async () => {
  const folder = await Deno.makeTempDir();
  try {
    let nowMs = 0;
    const clock = Object.assign(new DenoClock(), { nowMs: () => nowMs });
    const ended: string[] = [];
    await using world = await BroughtWorld.open({
      platform: { ...denoPlatform, clock },
      command: ["sleep", "60"],
      folder,
      onLimit: (server) => ended.push(server),
    });
    const names = ["s0", "s1", "s2", "s3", "s4"];
    for (const [at, name] of names.entries()) {
      const neighbours = names.filter((other) => other !== name)
        .map((name) => ({ name, hostname: "127.0.0.1", port: 1 }));
      const address = { hostname: "127.0.0.1", port: 40_000 + at };
      const { clock } = denoPlatform;
      const watcher = { clock, onReport: () => {} };
      world.start({ name, ...address, neighbours, secret: "" }, watcher);
    }
    const pass = (chunks: number, seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        nowMs += 1_000;
        for (const name of names) {
          world.passed(name, { chunks, connections: 0 });
        }
      }
    };
    pass(4 * 10, 60);
    assertEquals(ended, []);
    pass(300, 1);
    assertEquals(ended.length, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
