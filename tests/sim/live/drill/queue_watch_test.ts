import { assertEquals } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { LinkStats } from "../../../../herd/net/account.ts";
import type { Herd } from "../../../../sim/live/herd/herd.ts";
import { QueueWatch } from "../../../../sim/live/drill/queue_watch.ts";
import { Recorder } from "../../../../sim/live/drill/recorder.ts";
import type { HistoryFact } from "../../../../sim/model/history.ts";

function link(peer: string, queued: number, waitedS: number): LinkStats {
  return { peer, queued, waitedS } as LinkStats;
}

Deno.test("QueueWatch writes down what waits and how late a server is, and nothing twice", async () => {
  let stats = {
    longestQueue: 0,
    lagMs: 1.4,
    byLink: [link("Elm", 0, 0), link("Fig", 0, 0)],
  };
  const herd = {
    world: { sees: new Set(["memory"]) },
    status: () => [{ name: "Ash", state: "up" }],
    stats: () => Promise.resolve(stats),
  } as unknown as Herd;
  const facts: HistoryFact[] = [];
  const recorder = new Recorder(
    denoPlatform.clock,
    (fact) => void facts.push(fact),
  );
  using watch = new QueueWatch(herd, recorder);
  const look = async () => {
    facts.length = 0;
    await watch.look();
    return facts.map(({ kind: _, ...fact }) => fact);
  };
  // The first look goes on by itself.
  while (facts.length === 0) await Promise.resolve();
  assertEquals(facts, [
    { kind: "queue", server: "Ash", longest: 0, lagMs: 1, waiting: [] },
  ]);
  stats = { ...stats, lagMs: 6 };
  assertEquals(await look(), [], "A little later than it was");
  stats = { longestQueue: 7, lagMs: 52, byLink: [link("Elm", 7, 2)] };
  const waiting = [{ peer: "Elm", queued: 7, waitedS: 2 }];
  const late = { server: "Ash", longest: 7, lagMs: 52, waiting };
  assertEquals(await look(), [late]);
  assertEquals(await look(), []);
  stats = { ...stats, byLink: [link("Elm", 0, 0)] };
  assertEquals(await look(), [{ ...late, waiting: [] }]);
});
