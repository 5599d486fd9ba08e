/**
 * Checks that have nothing to look at: they don't pass.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  type DrillResult,
  type DrillVerdict,
  runDrill,
  summary,
  verdictOf,
} from "../../../../mod.ts";

const TOLD = "  - iamat: { client: kiwi, position: +1-1, to: s0 }\n";
const ALL_DEAD = TOLD + "  - kill: { targets: all }\n";
const APART = "  - cut: [s0-s1, s1-s2]\n" + TOLD;
const NOBODY = "No server is up";

/** Steps, how a drill of them comes out, and what its last one says. */
const DRILLS: [steps: string, verdict: DrillVerdict, says: string][] = [
  [
    ALL_DEAD + "  - expect: { converged: all, within: 50ms }\n",
    "failed",
    NOBODY,
  ],
  [
    ALL_DEAD + "  - expect: { converged: reachable, within: 50ms }\n",
    "failed",
    NOBODY,
  ],
  [
    ALL_DEAD + "  - expect: { client: kiwi, on: all, within: 50ms }\n",
    "failed",
    NOBODY,
  ],
  [
    ALL_DEAD + "  - always: { client: kiwi, on: all, for: 50ms }\n",
    "failed",
    NOBODY,
  ],
  [
    ALL_DEAD + "  - expect: { client: kiwi, never: others, for: 50ms }\n",
    "unknown",
    NOBODY,
  ],
  [
    APART + "  - expect: { converged: reachable, within: 50ms }\n",
    "unknown",
    "nothing to compare, each server is alone: s0; s1; s2",
  ],
  [
    TOLD + "  - expect: { converged: s0, within: 50ms }\n",
    "unknown",
    "nothing to compare, each server is alone: s0",
  ],
  // What may fail has not checked anything if it did.
  [
    TOLD + "  - kill: s0\n  - whatsat: { client: kiwi, radius: 1, items: 1, " +
    "to: s0, may: fail }\n",
    "unknown",
    "no failure: Cannot connect to s0: it is stopped",
  ],
  [
    "  - kill: s0\n  - send: { line: HELLO, to: s0, may: fail }\n",
    "unknown",
    "no failure: Cannot connect to s0: it is stopped",
  ],
  // One of three is alone, and the other two can be compared.
  [
    "  - cut: s0-s1\n" + TOLD +
    "  - expect: { converged: reachable, within: 1s }\n",
    "passed",
    "equal records on s0; s1, s2",
  ],
];

function lastOf({ steps }: DrillResult): string | undefined {
  const { failure, note } = steps.at(-1)!;
  return failure?.actual ?? note;
}

Deno.test("runDrill() passes no check that had no server to look at", async () => {
  for (const [steps, verdict, says] of DRILLS) {
    const text = `topology: line:3\nworld: virtual\nsteps:\n${steps}`;
    const file = { name: "nothing", folder: ".", text };
    const result = await runDrill(file, { seed: 7 });
    assertEquals(verdictOf(result), verdict, summary(result));
    assertEquals(lastOf(result), says, steps);
  }
});
