import { assert, assertEquals } from "@std/assert";
import type { PlantedBug } from "../../../../herd/core/planted_bug.ts";
import {
  explore,
  type Explored,
} from "../../../../sim/model/explore/explore.ts";
import {
  type Fault,
  fixesAt,
  type Setup,
} from "../../../../sim/model/explore/setup.ts";

const CUT: Fault = { kind: "cut", link: ["Ash", "Elm"] };
const RESTART: Fault = { kind: "restart", server: "Elm" };
const NONE: Fault = { kind: "none" };
const BOTH = ["Ash", "Elm"];
const MANY = 100_000;

/** Two servers that are told of one client, at these, and a fault. */
function pair(
  fault: Fault,
  told: string[],
  plantedBug?: PlantedBug,
): Setup {
  return {
    servers: ["Ash", "Elm"],
    links: [["Ash", "Elm"]],
    mode: "flood",
    told: fixesAt(told),
    fault,
    ...plantedBug && { plantedBug },
  };
}

/** A line of three, told at both ends. */
function line(fault: Fault, plantedBug?: PlantedBug): Setup {
  return {
    ...pair(fault, ["Ash", "Oak"], plantedBug),
    servers: ["Ash", "Elm", "Oak"],
    links: [["Ash", "Elm"], ["Elm", "Oak"]],
  };
}

function all(setup: Setup, statesMax = MANY): Explored {
  const run = explore(setup, statesMax);
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}

Deno.test("one fix and two servers: each state is looked at once, each order counted", () => {
  // Nothing told; told; read. Elm has nothing to write back.
  const { states, atRest, orders, diverged, isWhole } = all(
    pair(NONE, ["Ash"]),
  );
  assertEquals({ states, atRest, orders, diverged, isWhole }, {
    states: 3,
    atRest: 2,
    orders: 1,
    diverged: 0,
    isWhole: true,
  });
});

Deno.test("two fixes of equal time: orders that differ in nothing that a server meets are one state", () => {
  const { states, orders, diverged } = all(pair(NONE, BOTH));
  assertEquals(diverged, 0);
  assert(orders > 2, `${orders} orders`);
  assert(states > 4, `${states} states`);
  assertEquals(
    all(pair(NONE, BOTH)),
    all(pair(NONE, BOTH)),
    "it is the same each time",
  );
});

Deno.test("a link that is cut, and a server that is killed, at any moment: none diverge", () => {
  for (const fault of [CUT, RESTART]) {
    const { diverged, isWhole, states } = all(pair(fault, ["Ash"]));
    assertEquals([diverged, isWhole], [0, true]);
    assert(states > all(pair(NONE, ["Ash"])).states);
  }
});

Deno.test("three servers and two fixes of equal time: none diverge, by flooding or by trees", () => {
  for (const mode of ["flood", "tree"] as const) {
    const { diverged, isWhole } = all({ ...line(NONE), mode });
    assertEquals([diverged, isWhole], [0, true]);
  }
});

Deno.test("planted no-sync: the shortest order is one fix, and a cut before it is read", () => {
  const { diverged, shortest } = all(pair(CUT, ["Ash"], "no-sync"));
  assert(diverged > 0);
  assertEquals(shortest?.steps, [
    "a client tells Ash: IAMAT kiwi +30.0-118.0 1700000000.0",
    "the link Ash-Elm goes down: what is on its way is lost",
    "the link Ash-Elm comes up again",
  ]);
  assertEquals(
    shortest?.wrong,
    "Ash holds AT Ash +0.000000000 kiwi +30.0-118.0 1700000000.0, " +
      "Elm holds nothing",
  );
});

Deno.test("planted no-sync: a server that was killed stays empty", () => {
  const { shortest } = all(pair(RESTART, ["Ash"], "no-sync"));
  assertEquals(shortest?.steps.slice(1), [
    "Elm is killed: what it held is lost",
    "Elm is up again, empty",
    "the link Ash-Elm comes up",
  ]);
});

Deno.test("planted time-only: two fixes of equal time part three servers", () => {
  const { diverged, shortest } = all(line(NONE, "time-only"));
  assert(diverged > 0);
  const told = shortest!.steps.filter((step) => step.startsWith("a client"));
  assertEquals(told.length, 2);
});

Deno.test("what a server alone held when it was killed is not expected afterwards", () => {
  const { diverged, isWhole } = all(pair(RESTART, ["Elm"]));
  assertEquals([diverged, isWhole], [0, true]);
});

Deno.test("a bound on states ends it, and says that it is not whole", () => {
  const { states, isWhole } = all(pair(CUT, BOTH), 50);
  assertEquals([states, isWhole], [50, false]);
  const { states: whole } = all(pair(NONE, BOTH));
  assertEquals(all(pair(NONE, BOTH), whole).isWhole, true);
});
