/**
 * What is told of clocks that differ.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { ClockSkews } from "../../../../sim/live/cli/serve_clocks.ts";

Deno.test({
  name:
    "ClockSkews tells of a clock that surely differs, again when it changes, and at its end",
  permissions: "none",
  fn() {
    const told: string[] = [];
    const skews = new ClockSkews((text) => told.push(text));
    const hear = (aheadMs: number, withinMs = 1) =>
      skews.hear("Bolden", { aheadMs, withinMs });
    hear(20);
    hear(800, 700);
    assertEquals(told, []);
    hear(-2_500);
    hear(-2_501);
    hear(1_200);
    hear(3);
    hear(4);
    assertEquals(told, [
      "the clock of Bolden is 2.5 s behind ours",
      "the clock of Bolden is 1.2 s ahead of ours",
      "the clock of Bolden agrees again",
    ]);
    assertEquals([...skews.all()], [["Bolden", { aheadMs: 4, withinMs: 1 }]]);
  },
});
