import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DEFAULT_TUNING } from "../../../../herd/core/tuning.ts";
import type { SyncOutcome } from "../../../../herd/core/link/sync.ts";
import { pure } from "../pure.ts";
import { PureHerd } from "../../../../sim/model/pure_herd.ts";

const POSITION = "+34.068930-118.445127";

/** Two servers that hold the same, their link down; counts what they say. */
function equals(clients: number) {
  const outcomes: SyncOutcome[] = [];
  let sent: string[] = [];
  const herd = new PureHerd([["ash", "elm"]], {
    synced: (_server, _peer, outcome) => outcomes.push(outcome),
    pulled: (_from, _to, text) => sent.push(text),
  });
  const move = (server: string, client: number, time: number) =>
    herd.client("c", server, `IAMAT load-${client} ${POSITION} ${time}`);
  for (let client = 0; client < clients; client++) move("ash", client, 1);
  herd.upAll();
  herd.settle();
  herd.down("ash", "elm");
  /** Brings the link up, lets all come to rest, and tells the bytes it took. */
  const sync = (): number => {
    sent = [];
    outcomes.length = 0;
    herd.upAll();
    herd.settle();
    assertEquals(herd.records("ash"), herd.records("elm"));
    return sent.reduce((sum, text) => sum + text.length, 0);
  };
  return { herd, outcomes, move, sync, texts: () => sent };
}

pure("Sync of 100,000 costs as much as 10 that differ, and no more", () => {
  const { move, sync, outcomes } = equals(100_000);
  for (let i = 0; i < 10; i++) {
    move(i % 2 === 0 ? "ash" : "elm", i * 9_973, 2);
  }
  const bytes = sync();
  assert(bytes < 60_000, `${bytes} bytes`);
  const roles = outcomes.map(({ role }) => role).toSorted();
  assertEquals(roles, ["listed", "offered"]);
  const offered = outcomes.find(({ role }) => role === "offered");
  assertEquals([offered?.sent, offered?.wanted], [5, 5]);
  assert(sync() < 100, "Equals are told apart by a line each way");
});

pure("Sync by buckets finds who is unknown on either side", () => {
  const { herd, move, sync } = equals(DEFAULT_TUNING.bucketsFrom);
  for (let i = 0; i < 20; i++) move("ash", 10_000 + i, 1);
  for (let i = 0; i < 30; i++) move("elm", 20_000 + i, 1);
  move("ash", 7, 2);
  move("elm", 7, 3);
  sync();
  assertEquals(herd.records("ash").length, DEFAULT_TUNING.bucketsFrom + 50);
  const held = herd.records("ash").find((line) => line.includes(" load-7 "));
  assert(held?.endsWith(" 3"));
});

pure("Sync by buckets speaks in the order that is written down", () => {
  const { move, sync, texts } = equals(DEFAULT_TUNING.bucketsFrom);
  move("ash", 7, 2);
  sync();
  const words = texts().join("").split("\n")
    .map((line) => line.split(" ").slice(0, line.startsWith("HAVE") ? 2 : 1))
    .filter(([word]) => word !== "").map((words) => words.join(" "));
  assertEquals(words, [
    "SYNC",
    "SYNC",
    "SUMS",
    "DIFF",
    "SUMS",
    "DIFF",
    "HAVE 1",
    "load-7",
    "HAVE 0",
    "WANT",
    "load-7",
    "AT",
  ]);
});

pure("Sync of fewer than 2,000 lists them all", () => {
  const { move, sync, texts } = equals(DEFAULT_TUNING.bucketsFrom - 1);
  move("ash", 7, 2);
  sync();
  assert(!texts().join("").includes("SUMS"));
});

pure("Sync by buckets ends equal, whatever changes meanwhile", () => {
  const { herd, move, sync } = equals(DEFAULT_TUNING.bucketsFrom);
  let time = 1;
  const change = fc.record({
    server: fc.constantFrom("ash", "elm"),
    client: fc.nat({ max: DEFAULT_TUNING.bucketsFrom + 50 }),
  });
  const step = fc.record({
    changes: fc.array(change, { maxLength: 5 }),
    bytes: fc.constantFrom(1, 100, 5_000, 65_536),
  });
  const steps = fc.array(step, { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), steps, (before, steps) => {
      for (const { server, client } of before) move(server, client, ++time);
      herd.upAll();
      for (const { changes, bytes } of steps) {
        for (const { server, client } of changes) move(server, client, ++time);
        for (const [from, to] of herd.directions()) {
          herd.pull(from, to, bytes);
          herd.deliver(from, to, bytes);
        }
      }
      herd.settle();
      assertEquals(herd.node("ash").digest(), herd.node("elm").digest());
      herd.down("ash", "elm");
    }),
    { numRuns: 60 },
  );
  sync();
});
