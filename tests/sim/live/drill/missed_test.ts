import { assertEquals } from "@std/assert";
import { Missed } from "../../../../sim/live/drill/missed.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";

Deno.test({
  name:
    "Missed.of() finds who was down, behind who was down, or has begun anew",
  permissions: "none",
  fn() {
    const missed = new Missed(generateTopology("line:4")!);
    const all = ["s0", "s1", "s2", "s3"];
    const of = (server: string, atMs: number) =>
      missed.of({ client: "kiwi", line: "", server, atMs }, all);
    assertEquals(of("s0", 5), []);
    missed.hear("s1", "paused", 8);
    assertEquals(of("s0", 9), [], "who is frozen reads it later");
    missed.hear("s1", "up", 9);
    missed.hear("s2", "stopping", 10);
    missed.hear("s2", "stopped", 11);
    assertEquals(of("s0", 5), ["s2"], "it has died with it there");
    assertEquals(of("s0", 12), ["s2", "s3"]);
    assertEquals(of("s3", 12), ["s0", "s1", "s2"]);
    missed.hear("s2", "starting", 13);
    missed.hear("s2", "up", 14);
    assertEquals(of("s0", 12), ["s2", "s3"], "nobody tells them again");
    assertEquals(of("s0", 15), []);
    missed.hear("s0", "crashed", 20);
    assertEquals(of("s0", 19), ["s0"]);
  },
});
