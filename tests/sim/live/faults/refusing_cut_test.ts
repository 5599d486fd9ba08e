/**
 * A cut across which dials are refused, where one that holds has them wait.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Herd, type HerdEvent } from "../../../../mod.ts";
import { parseCommand } from "../../../../sim/model/command/command.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import { writtenAction } from "../../../../sim/model/steps/faults.ts";
import { describeStep } from "../../../../sim/model/steps/kinds.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";

const BEFORE = "+34.068930-118.445127";
const AFTER = "+35.068930-118.445127";

Deno.test("cut and partition that refuse are read from a file, and written again", () => {
  for (
    const [text, told, written] of [
      ["cut: s0-s1", "cut on s0-s1", { cut: { targets: ["s0-s1"] } }],
      [
        "cut: {targets: s0, dials: refuse, duration: 2s}",
        "cut that refuses on s0 for 2s",
        { cut: { targets: ["s0"], dials: "refuse", duration: "2000ms" } },
      ],
      [
        "cut: {targets: s0, dials: hold}",
        "cut on s0",
        { cut: { targets: ["s0"], dials: "hold" } },
      ],
      [
        "partition: {groups: [[s0]], dials: refuse}",
        "partition s0 that refuses",
        { partition: { groups: [["s0"]], dials: "refuse" } },
      ],
    ] as const
  ) {
    const { scenario, problems } = parseScenario(
      `topology: line:2\nsteps:\n  - ${text}\n`,
      "drill.yaml",
      (spec) => generateTopology(spec)!,
    );
    assertEquals(problems, []);
    const [step] = scenario!.steps;
    assertEquals(describeStep(step!), told);
    assertEquals(writtenAction(step!), written as never);
  }
});

Deno.test("cut and partition that refuse are read from the prompt", () => {
  const cut = (dials?: "hold" | "refuse") => ({
    kind: "cut",
    fault: { kind: "cut", ...dials && { dials } },
    targets: ["s0-s1"],
  });
  for (
    const [text, command] of [
      ["cut s0-s1", cut()],
      ["cut s0 s1", cut()],
      ["cut s0-s1 refuse", cut("refuse")],
      ["cut s0 s1 refuse", cut("refuse")],
      ["cut s0 s1 hold", cut("hold")],
      ["partition s0 | rest refuse", {
        kind: "partition",
        wish: [["s0"]],
        dials: "refuse",
      }],
      ["partition halves refuse", {
        kind: "partition",
        wish: "halves",
        dials: "refuse",
      }],
    ] as const
  ) {
    const read = parseCommand(text, ["s0", "s1"]);
    assertEquals(read, { ok: true, command } as never, text);
  }
  assertEquals(parseCommand("cut s0 s1 drop", ["s0", "s1"])?.ok, false);
});

/** All that is wrong on a link is told within this. */
const WITHIN_MS = 30_000;

for (const world of ["virtual", "threads"] as const) {
  Deno.test(`a cut that refuses resets links, and lets none come up until it is healed, of servers in ${world}`, async () => {
    const events: HerdEvent[] = [];
    await using herd = await Herd.start("line:2", {
      world,
      seed: 1,
      linkFaults: true,
      onEvent: (event) => events.push(event),
    });
    await using kiwi = await herd.client("s0");
    await herd.propagated(await kiwi.iamat("kiwi", BEFORE), {
      withinMs: WITHIN_MS,
    });
    const cut = await herd.cut("s0>s1", { dials: "refuse" });
    const after = await kiwi.iamat("kiwi", AFTER);
    const lost = () =>
      events.flatMap((event) => event.kind === "link-down" ? event.server : []);
    // One that holds has connections stay open, until nothing is heard for long.
    while (lost().length < 2) {
      await herd.absent(after, { on: ["s1"], forMs: 50 });
    }
    assertEquals(lost().sort(), ["s0", "s1"]);
    await herd.absent(after, { on: ["s1"], forMs: 500 });
    await cut.heal();
    await herd.propagated(after, { withinMs: WITHIN_MS });
    const [record] = await herd.faults.records();
    assert(record!.touched > 0);
    assertEquals(record!.settings, { dials: "refuse" });
  });
}
