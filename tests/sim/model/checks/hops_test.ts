import { assertEquals } from "@std/assert";
import { hopsOf } from "../../../../sim/model/checks/hops.ts";
import { Measurement } from "../../../../sim/model/checks/metrics.ts";
import { at, delivery, evidence, hop, read, sent } from "./histories.ts";

Deno.test({
  name: "hopsOf() puts the two ends of a hop together, whenever it was read",
  permissions: "none",
  fn() {
    const line = at(1);
    const hops = hopsOf([
      delivery(5, "Ash", null, line),
      sent(10, "Ash", "Elm", line),
      sent(20, "Ash", "Elm", line),
      read(25, 20, "Elm", "Ash", line),
      delivery(27, "Elm", "Fig", line, false),
      read(50, 40, "Elm", "Ash", line, false),
      sent(70, "Ash", "Elm", line),
    ]);
    assertEquals([...hops], [["Elm", { dueMs: [20], tookMs: [5] }]]);
  },
});

Deno.test({
  name: "hopsOf() takes the first of two copies of a line",
  permissions: "none",
  fn() {
    const line = sent(20, "Ash", "Elm", at(1));
    const { connection, number } = line;
    const copy = (as: number) => ({
      atMs: 21,
      kind: "altered",
      from: "Ash",
      to: "Elm",
      connection,
      number,
      as,
      by: ["duplicate"],
    } as const);
    const hops = hopsOf([
      line,
      copy(number),
      copy(number + 1),
      read(25, 20, "Elm", "Ash", at(1)),
      read(90, 20.1, "Elm", "Ash", at(1), false),
    ]);
    assertEquals([...hops], [["Elm", { dueMs: [20], tookMs: [5] }]]);
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
