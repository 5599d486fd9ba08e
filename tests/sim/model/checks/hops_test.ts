import { assertEquals } from "@std/assert";
import { hopsOf } from "../../../../sim/model/checks/hops.ts";
import { Measurement } from "../../../../sim/model/checks/metrics.ts";
import { at, delivery, evidence, hop } from "./histories.ts";

Deno.test({
  name:
    "hopsOf() puts the two ends of a hop together, first written first come",
  permissions: "none",
  fn() {
    const line = at(1);
    const sent = { kind: "sent", server: "Ash", to: "Elm", line } as const;
    const hops = hopsOf([
      delivery(5, "Ash", null, line),
      { atMs: 10, ...sent },
      { atMs: 20, ...sent },
      delivery(25, "Elm", "Ash", line),
      delivery(27, "Elm", "Fig", line, false),
      delivery(50, "Elm", "Ash", line, false),
      delivery(60, "Elm", "Ash", line, false),
      { atMs: 70, ...sent },
    ]);
    assertEquals(hops, [
      { to: "Elm", dueMs: 10, tookMs: 15 },
      { to: "Elm", dueMs: 20, tookMs: 30 },
    ]);
  },
});

Deno.test({
  name: "Measurement.metrics() tells hops, and those to each server",
  permissions: "none",
  fn() {
    const events = [...hop(10, "Ash", "Elm", at(1))];
    const all = new Measurement(evidence(events)).metrics();
    assertEquals(all.get("hop.max"), 0.5);
    assertEquals(all.get("hop.Elm.max"), 0.5);
    assertEquals(all.get("hop.Fig.max"), undefined);
  },
});
