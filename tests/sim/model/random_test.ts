import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Random, SEED_MAX } from "../../../sim/model/random.ts";

function draw(random: Random): number[] {
  return Array.from({ length: 20 }, () => random.below(1_000_000));
}

Deno.test({
  name: "Random gives the same numbers for one seed and stream, else others",
  permissions: "none",
  fn() {
    assertEquals(draw(new Random(7, "churn")), draw(new Random(7, "churn")));
    const streams = [
      new Random(7, "churn"),
      new Random(8, "churn"),
      new Random(7, "load"),
      new Random(7),
    ].map((random) => draw(random).join());
    assertEquals(new Set(streams).size, 4);
  },
});

Deno.test({
  name: "Random.below(), fraction() and shuffle() keep to what they promise",
  permissions: "none",
  fn() {
    fc.assert(fc.property(
      fc.integer({ min: 0, max: SEED_MAX }),
      fc.integer({ min: 1, max: 100 }),
      (seed, end) => {
        const random = new Random(seed);
        const items = Array.from({ length: end }, (_, i) => i);
        const below = random.below(end);
        const fraction = random.fraction();
        assert(below >= 0 && below < end && Number.isInteger(below));
        assert(fraction >= 0 && fraction < 1);
        assertEquals(random.shuffle(items).toSorted((a, b) => a - b), items);
        assert(items.includes(random.pick(items)));
      },
    ));
  },
});

Deno.test({
  name: "Random refuses what is no seed, and an empty choice",
  permissions: "none",
  fn() {
    for (const seed of [-1, 0.5, NaN, SEED_MAX + 1]) {
      assertThrows(() => new Random(seed), RangeError);
    }
    assertThrows(() => new Random(0).pick([]), RangeError);
  },
});

Deno.test("Random.ofSearch() gives neighbouring seeds unrelated first numbers", () => {
  const counts = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 1_000; seed++) {
    counts[Random.ofSearch(seed, "a").below(10)]!++;
  }
  assert(counts.every((it) => it > 50 && it < 150), counts.join(", "));
});
