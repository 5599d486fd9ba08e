import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Ahead } from "../../../../herd/core/wire/ahead.ts";
import { pure } from "../pure.ts";

const DAY_S = 86_400;

pure("Ahead tells times too far from those that are but far", () => {
  const now = { seconds: 1_000, nanos: 500_000_000 };
  const ahead = new Ahead(2 * DAY_S * 1_000);
  const at = (seconds: number, nanos: number) => {
    const time = { seconds: now.seconds + seconds, nanos };
    return [ahead.farMs(time, now), ahead.isTooFar(time, now)];
  };
  assertEquals(at(DAY_S, 500_000_000), [undefined, false]);
  assertEquals(at(DAY_S, 501_000_000), [DAY_S * 1_000 + 1, false]);
  assertEquals(at(2 * DAY_S, 500_000_000), [2 * DAY_S * 1_000, false]);
  assertEquals(at(2 * DAY_S, 501_000_000), [2 * DAY_S * 1_000 + 1, true]);
  const never = { seconds: Infinity, nanos: 0 };
  assertEquals(ahead.farMs(never, now), Number.MAX_SAFE_INTEGER);
  assert(ahead.isTooFar(never, now));
});

const nanos = fc.integer({ min: 0, max: 999_999_999 });

pure("Ahead.mayBeFar() is true of all that is", () => {
  const instants = fc.record({
    seconds: fc.integer({ min: -3, max: 3 }),
    nanos,
  });
  const limits = fc.integer({ min: 1, max: 3_000 });
  fc.assert(fc.property(instants, instants, limits, (time, now, ms) => {
    const ahead = new Ahead(ms);
    const isFar = ahead.isTooFar(time, now) ||
      ahead.farMs(time, now) !== undefined;
    assert(!isFar || ahead.mayBeFar(time, now));
  }));
});

pure("Ahead.mayBeFar() is false of times that are near", () => {
  const now = { seconds: 1_700_000_000, nanos: 0 };
  const ahead = new Ahead(60_000);
  for (const seconds of [-1e9, 0, 59]) {
    const time = { seconds: now.seconds + seconds, nanos: 0 };
    assertEquals(ahead.mayBeFar(time, now), false);
  }
});
