/**
 * The bugs that can be planted show in a few steps, and without them the same
 * seeds pass. How drills find those steps is seen in `plants.slow.ts`.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  PLANTED_BUGS,
  type PlantedBug,
} from "../../../../herd/core/planted_bug.ts";
import { failuresOf } from "../../../../sim/model/report/failures.ts";
import { Planner } from "../../../../sim/live/drill/plan.ts";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import { FINDERS } from "./plants.ts";

/** Seeds with one of which the bug must show. */
const SEEDS = 40;
const AT = "position: +1-1";
const CONVERGED = "  - expect: { converged: all, within: 3s }\n";

/** A bug, the steps that show it, and how the check is called that fails. */
const SHOWN: readonly (readonly [PlantedBug, text: string, by: string])[] = [
  [
    "no-sync",
    `topology: line:2
steps:
  - kill: s1
  - iamat: { client: kiwi, ${AT}, to: s0 }
  - revive: s1
` + CONVERGED,
    "expect-converged",
  ],
  [
    "time-only",
    `topology: line:2
steps:
  - cut: { targets: all, duration: 1s }
  - iamat: { client: kiwi, position: +1-1, to: s0, time: 5 }
  - iamat: { client: kiwi, position: +2-2, to: s1, time: 5 }
  - wait: 1s
` + CONVERGED,
    "expect-converged",
  ],
  [
    "prune-superseded",
    `topology: ring:5
mode: tree
steps:
  - latency: { targets: all, latency: 20ms }
  - wait: 3s
  - phase: settled
  - iamat: { client: kiwi, ${AT}, to: s0, time: 1 }
  - iamat: { client: fig, ${AT}, to: s2, time: 3 }
  - load: { rate: 50/s, for: 2s, clients: 2 }
  - expect: { converged: all, within: 3s }
checks: [ max < 300ms during settled ]
`,
    "max < 300ms during settled",
  ],
  [
    "graft-forgotten",
    `topology: ring:5
mode: tree
steps:
  - wait: 3s
  - iamat: { client: kiwi, ${AT}, to: s4, time: 2 }
  - cut: { targets: all, mode: one }
  - iamat: { client: kiwi, ${AT}, to: s4, time: 7 }
  - expect: { converged: reachable, within: 5s }
`,
    "expect-converged",
  ],
  [
    "echo-of-older",
    `topology: "2014"
steps:
  - iamat: { client: kiwi, position: -26+27, to: Bolden, time: 1600000004 }
  - pause: Parker
  - restart: Bolden
  - kill: Alford
  - iamat: { client: kiwi, position: +33-92, to: Powell, time: 1600000004 }
  - resume: all
  - revive: all
` + CONVERGED,
    "expect-converged",
  ],
  [
    "bucket-not-marked",
    `topology: line:2
tuning: { buckets_from: 1 }
steps:
  - iamat: { client: kiwi, ${AT}, to: s0, time: 4 }
  - expect: converged
  - cut: { targets: s0-s1, id: cable }
  - wait: 5s
  - iamat: { client: kiwi, ${AT}, to: s0, time: 5 }
  - heal: cable
  - expect: { converged: all, within: 10s }
`,
    "expect-converged",
  ],
  [
    "slot-reused",
    `topology: line:3
tuning: { queue_slots: 2 }
steps:
  - iamat: { client: kiwi, ${AT}, to: s2, time: 2 }
  - iamat: { client: fig, ${AT}, to: s0, time: 4 }
  - iamat: { client: plum, ${AT}, to: s2, time: 1 }
  - kill: s1
  - iamat: { client: kiwi, ${AT}, to: s0, time: 3 }
  - revive: all
` + CONVERGED,
    "expect-converged",
  ],
  [
    "redial-not-woken",
    `topology: line:2
steps:
  - reset: all
  - iamat: { client: kiwi, ${AT}, to: s0 }
` + CONVERGED,
    "expect-converged",
  ],
  [
    "both-connections",
    `topology: line:2
steps:
  - wait: 1s
  - iamat: { client: kiwi, ${AT}, to: s0 }
` + CONVERGED,
    "one connection a link",
  ],
  [
    "half-line-kept",
    `topology: line:2
steps:
  - slicer: { targets: all, average_size: 5B, delay: 10ms }
  - iamat: { client: kiwi, ${AT}, to: s0 }
  - reset: all
  - heal: all
` + CONVERGED,
    "no bad line on a link",
  ],
  [
    "first-answer",
    `topology: line:3
mode: ondemand
steps:
  - latency: { targets: s1-s2, latency: 20ms }
  - wait: 1s
  - iamat: { client: kiwi, ${AT}, to: s0, time: 1 }
  - iamat: { client: kiwi, ${AT}, to: s2, time: 2 }
  - whatsat: { client: kiwi, radius: 1, items: 1, to: s1 }
`,
    "nothing missed on demand",
  ],
];

for (const [plantedBug, text, by] of SHOWN) {
  Deno.test(`a few steps show the planted bug ${plantedBug}`, async () => {
    const file = { name: `${plantedBug}.yaml`, folder: ".", text };
    const planner = new Planner(file, { seed: 1, world: "virtual" });
    for (let run = 0; run < SEEDS; run++) {
      const { scenario, topology, seed } = planner.plan(run);
      const kinds = async (options: { plantedBug?: PlantedBug }) => [
        ...failuresOf(
          await runScenario(scenario, topology, { seed, ...options }),
        ),
      ];
      assertEquals(await kinds({}), [], `seed ${seed} without the bug`);
      if ((await kinds({ plantedBug })).includes(by)) return;
    }
    throw new Error(`none of ${SEEDS} seeds shows it`);
  });
}

Deno.test("each planted bug has steps that show it, or needs another world", () => {
  const elsewhere = ["no-turns", "reply-before-sync"];
  const shown = SHOWN.map(([bug]) => bug);
  assertEquals(
    [...shown, ...elsewhere].toSorted(),
    [...PLANTED_BUGS].toSorted(),
  );
  assertEquals(FINDERS.map(([bug]) => bug).toSorted(), shown.toSorted());
});
