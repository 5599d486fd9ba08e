import { assertEquals } from "@std/assert";
import { ManualClock } from "../../../herd/net/manual_clock.ts";
import { GivenUp } from "../../../../sim/live/grade/given_up.ts";
import { Lane, type LaneOptions } from "../../../../sim/live/grade/lane.ts";
import type { Outcome } from "../../../../sim/live/grade/outcome.ts";
import { TriedHerd } from "../../../../sim/live/grade/tried_herd.ts";

const POSITION = "+34.000001-118.445127";
const WELL = `AT Ash +0.1 kiwi ${POSITION} 1`;
const FOUND = {
  expected: `Elm to tell of kiwi at ${POSITION}`,
  came: "? WHATSAT",
  steps: [],
  commands: [],
};

/** A herd whose other server tells this of a client, one after the other. */
function herdThatTells(...replies: string[]): TriedHerd {
  return {
    names: ["Ash", "Elm"],
    crashes: [],
    limited: [],
    isWhole: true,
    ownPorts: () => [],
    takeSteps: () => [],
    shellLines: () => [],
    pass: () => Promise.resolve(),
    client: () => "kiwi",
    position: () => POSITION,
    iamat: () => Promise.resolve("AT"),
    telling: () => Promise.resolve(replies.shift()!),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  } as unknown as TriedHerd;
}

type Start = (late: AbortController) => TriedHerd;

/** How `spreads` comes out so often, with these starts of herds. */
async function outcomes(count: number, ...starts: Start[]): Promise<Outcome[]> {
  const { start } = TriedHerd;
  const late = new AbortController();
  TriedHerd.start = async () => await starts.shift()!(late);
  const misbehave = () => Promise.resolve(0);
  await using lane = new Lane({
    platform: { clock: new ManualClock() },
    submission: {},
    google: { places: { misbehave } },
    signal: new AbortController().signal,
    late: late.signal,
    timeoutMs: 7_000,
    givenUp: new GivenUp(),
    ports: new Map(),
    notes: new Set(),
  } as unknown as LaneOptions);
  try {
    const found: Outcome[] = [];
    while (found.length < count) {
      found.push(await lane.check("spreads", { points: 1 }));
    }
    return found;
  } finally {
    TriedHerd.start = start;
  }
}

const startless: Start = () => {
  throw new Error("Elm has no port");
};
const tooLate: Start = (late) => {
  late.abort(new Error("late"));
  throw late.signal.reason;
};

for (const [why, again] of Object.entries({ startless, tooLate })) {
  Deno.test({
    name: `Lane.check() keeps what it found where it can't try again: ${why}`,
    permissions: "none",
    async fn() {
      const [done] = await outcomes(
        1,
        () => herdThatTells("? WHATSAT"),
        again,
      );
      assertEquals(done!.findings, [FOUND]);
      assertEquals(done!.lost, undefined);
    },
  });

  Deno.test({
    name:
      `Lane.check() has no hard fail by what it found on a used herd alone: ${why}`,
    permissions: "none",
    async fn() {
      const [, done] = await outcomes(
        2,
        () => herdThatTells(WELL, "? WHATSAT"),
        again,
      );
      assertEquals(done!.findings, [FOUND]);
      assertEquals(done!.lost, "it could not be tried again on a fresh herd");
    },
  });
}

Deno.test({
  name: "Lane.check() says of what is not done in time that the time was up",
  permissions: "none",
  async fn() {
    const [done] = await outcomes(1, tooLate);
    assertEquals(done!.lost, "the time was up");
    assertEquals(
      done!.findings[0]!.expected,
      "all checks to be done in 7 s",
    );
  },
});
