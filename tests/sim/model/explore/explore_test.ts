import { assert, assertEquals } from "@std/assert";
import type { PlantedBug } from "../../../../herd/core/planted_bug.ts";
import {
  explore,
  type Explored,
  type Herd,
} from "../../../../sim/model/explore/explore.ts";
import {
  type Fault,
  fixesAt,
  type Setup,
} from "../../../../sim/model/explore/setup.ts";
import { Histories } from "../../../../sim/model/explore/histories.ts";
import { SmallHerd } from "../../../../sim/model/explore/small_herd.ts";
import type { State } from "../../../../sim/model/explore/state.ts";

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
    isSlow: false,
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

/** A circle of three, told at one of them. */
function ring(fault: Fault, plantedBug?: PlantedBug): Setup {
  return {
    ...line(fault, plantedBug),
    links: [["Ash", "Elm"], ["Elm", "Oak"], ["Ash", "Oak"]],
    told: fixesAt(["Ash"]),
  };
}

function all(
  setup: Setup,
  statesMax = MANY,
  herd: Herd = new SmallHerd(setup),
): Explored {
  const run = explore(setup, statesMax, herd);
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}

/** The first order found that leads to a wrong state. */
function firstWrong(setup: Setup): readonly string[] {
  for (const { shortest } of explore(setup, MANY)) {
    if (shortest !== undefined) return shortest.steps;
  }
  throw new Error("None of the states is wrong");
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

Deno.test("a circle of three servers, a link of which is cut: none diverge, by flooding or by trees", () => {
  for (const mode of ["flood", "tree"] as const) {
    const { diverged, isWhole, states } = all({ ...ring(CUT), mode });
    assertEquals([diverged, isWhole], [0, true]);
    assert(states > all({ ...ring(NONE), mode }).states);
  }
});

Deno.test("slow servers, which write and notice what is down whenever they like: none diverge", () => {
  for (const fault of [NONE, CUT, RESTART]) {
    const setup = pair(fault, ["Ash"]);
    const { diverged, isWhole, states } = all({ ...setup, isSlow: true });
    assertEquals([diverged, isWhole], [0, true]);
    assert(states > all(setup).states, `${states} states`);
  }
});

/** A question on demand, asked between two servers that are told. */
function question(setup: Setup): Setup {
  return {
    ...setup,
    told: fixesAt(["Ash", "Oak"]),
    mode: "ondemand",
    asked: "Elm",
  };
}

Deno.test("on demand: answers miss nothing that could be told, and none is waited for", () => {
  const inCircle = question(ring({ kind: "cut", link: ["Ash", "Oak"] }));
  const atSlow = { ...question(line(CUT)), isSlow: true };
  for (const setup of [question(line(RESTART)), inCircle, atSlow]) {
    const { diverged, isWhole } = all(setup);
    assertEquals([diverged, isWhole], [0, true]);
  }
});

Deno.test("planted first-answer: of two answers that come, the older one is told", () => {
  const { shortest } = all({
    ...question(line(NONE)),
    plantedBug: "first-answer",
  });
  assertEquals(
    shortest?.steps.at(-1),
    "Elm reads from Ash: ANSWER Elm.1.1 0 " +
      "AT Ash +0.000000000 kiwi +30.0-118.0 1700000000.0",
  );
  assertEquals(shortest?.wrong.slice(0, 30), "Elm answers AT Ash +0.00000000");
});

/** A herd in which servers that met other things are never taken for equal. */
function apart(setup: Setup): SmallHerd {
  return new SmallHerd(setup, new Histories(setup, false));
}

Deno.test("servers of one gist are equal: as many orders, and as wrong, as if all that they met told them apart", () => {
  const setups = [
    line(CUT),
    { ...line(RESTART), told: fixesAt(["Ash"]) },
    pair(RESTART, BOTH, "time-only"),
    { ...line(NONE), told: fixesAt(["Ash", "Elm", "Oak"]) },
    ring(CUT),
    { ...pair(CUT, BOTH), isSlow: true },
    { ...pair(RESTART, BOTH, "echo-of-older"), isSlow: true },
  ];
  for (const setup of setups) {
    const found = all(setup);
    const one = all(setup, Infinity, apart(setup));
    assertEquals(found.orders, one.orders);
    assertEquals(found.diverged > 0, one.diverged > 0);
    assertEquals(found.shortest?.steps.length, one.shortest?.steps.length);
    assert(found.states < one.states, `${found.states} of ${one.states}`);
  }
});

Deno.test("a herd that never comes to rest is wrong", () => {
  const setup = pair(NONE, []);
  const spinning: Herd = {
    start: new SmallHerd(setup).start,
    keyOf: ({ due }) => `${due}`,
    stageOf: () => 0,
    ownMoves: () => [{ kind: "tick" }],
    outerMoves: () => [],
    linesOf: () => [],
    after: (state) => ({ ...state, due: 1 - state.due }),
    wrong: () => undefined,
  };
  const { shortest, diverged, states } = all(setup, MANY, spinning);
  assertEquals([shortest?.wrong, diverged, states], [
    "it goes on for ever",
    1,
    2,
  ]);
});

/** Each order by itself: how many there are, and what is wrong at a rest. */
function oneByOne(setup: Setup): { orders: number; wrongs: Set<string> } {
  const herd = apart(setup);
  const states = new Map<string, State>();
  const wrongs = new Set<string>();
  const ordersFrom = (state: State): number => {
    const key = herd.keyOf(state);
    assertEquals(state, states.get(key) ?? state, "one key, one state");
    states.set(key, state);
    const own = herd.ownMoves(state);
    const wrong = own.length === 0 ? herd.wrong(state) : undefined;
    if (wrong !== undefined) wrongs.add(wrong);
    let orders = 0;
    for (const move of [...own, ...herd.outerMoves(state)]) {
      const next = herd.after(state, move);
      const stages = herd.stageOf(next) - herd.stageOf(state);
      assertEquals(stages, own.includes(move) ? 0 : 1, move.kind);
      orders += ordersFrom(next);
    }
    return orders === 0 ? 1 : orders;
  };
  return { orders: ordersFrom(herd.start), wrongs };
}

Deno.test("states looked at once have as many orders, and the same wrongs, as orders looked at one by one", () => {
  for (const plant of [undefined, "no-sync"] as const) {
    for (const fault of [NONE, CUT, RESTART]) {
      for (const isSlow of [false, true]) {
        const setup = { ...pair(fault, ["Ash"], plant), isSlow };
        const { orders, wrongs } = oneByOne(setup);
        const found = all(setup);
        assertEquals(found.orders, orders);
        assertEquals(found.diverged > 0, wrongs.size > 0);
      }
    }
    const { orders } = oneByOne(pair(CUT, BOTH, plant));
    assertEquals(all(pair(CUT, BOTH, plant)).orders, orders);
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

Deno.test("planted graft-forgotten: a tree that has lost a link in a circle is not mended", () => {
  const told = fixesAt(["Ash", "Ash"]);
  const setup = {
    ...ring(CUT, "graft-forgotten"),
    told,
    mode: "tree",
  } as const;
  const steps = firstWrong(setup);
  assertEquals(steps.filter((step) => step.includes("GRAFT")).length, 1);
  assert(steps.at(-1)!.startsWith("a tick passes, "), steps.at(-1));
});

Deno.test("planted echo-of-older: shows only where servers are slow to write", () => {
  const setup = pair(NONE, BOTH, "echo-of-older");
  assertEquals(all(setup).diverged, 0);
  const { shortest } = all({ ...setup, isSlow: true });
  assertEquals(shortest?.steps.map((step) => step.split(":")[0]), [
    "a client tells Ash",
    "Ash writes to Elm",
    "a client tells Elm",
    "Elm reads from Ash",
  ]);
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
