import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { bytesIn, Slab, unitsFor } from "../../../../herd/core/store/slab.ts";
import { pure } from "../pure.ts";

const SEGMENT_BYTES = 1_048_576;

pure("unitsFor() is as many units as the bytes need, and no more", () => {
  for (let bytes = 1; bytes < 100; bytes++) {
    assert(bytesIn(unitsFor(bytes)) >= bytes);
    assert(bytesIn(unitsFor(bytes) - 1) < bytes);
  }
});

/** A run in use, and the byte that it is full of. */
interface Run {
  readonly place: number;
  readonly units: number;
  readonly mark: number;
}

function fill(slab: Slab, { place, units, mark }: Run): void {
  const start = slab.offset(place);
  slab.block(place).bytes.fill(mark, start, start + bytesIn(units));
}

function isWhole(slab: Slab, { place, units, mark }: Run): boolean {
  const start = slab.offset(place);
  const end = start + bytesIn(units);
  const bytes = slab.block(place).bytes.subarray(start, end);
  return bytes.length === bytesIn(units) && bytes.every((it) => it === mark);
}

const units = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 6 }) },
  { weight: 1, arbitrary: fc.integer({ min: 20_000, max: 65_536 }) },
);
const steps = fc.array(
  fc.record({ isRelease: fc.boolean(), units, which: fc.nat() }),
  { maxLength: 60 },
);

pure("Slab gives no byte to two runs that are in use", () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const slab = new Slab();
      const runs: Run[] = [];
      for (const [mark, { isRelease, units, which }] of steps.entries()) {
        if (!isRelease) {
          const run = { place: slab.allocate(units), units, mark };
          fill(slab, run);
          runs.push(run);
        } else if (runs.length > 0) {
          const [run] = runs.splice(which % runs.length, 1);
          slab.release(run!.place, run!.units);
        }
      }
      for (const run of runs) assert(isWhole(slab, run));
    }),
  );
});

pure("Slab.allocate() gives a run of the same length out again", () => {
  const slab = new Slab();
  const places = [3, 3, 2].map((units) => slab.allocate(units));
  slab.release(places[0]!, 3);
  slab.release(places[1]!, 3);
  assert(!places.includes(slab.allocate(2)));
  assertEquals(new Set([slab.allocate(3), slab.allocate(3)]).size, 2);
  slab.release(places[2]!, 2);
  assertEquals(slab.allocate(2), places[2]);
  assert(!places.includes(slab.allocate(3)));
});

pure("Slab.allocate() gives 1 MiB at once, and refuses more", () => {
  const slab = new Slab();
  slab.allocate(1);
  const place = slab.allocate(unitsFor(SEGMENT_BYTES));
  assertEquals(slab.offset(place), 0);
  assertEquals(slab.block(place).bytes.length, SEGMENT_BYTES);
  assertThrows(
    () => slab.allocate(unitsFor(SEGMENT_BYTES + 1)),
    RangeError,
    "Cannot allocate 1048592 bytes",
  );
  assertEquals(
    slab.offset(slab.allocate(1)),
    0,
    "It goes on as if nothing was",
  );
});

pure(
  "Slab takes up little where it gives little, and then 1 MiB at a time",
  () => {
    const slab = new Slab();
    slab.allocate(1);
    assert(slab.bytes <= 4_096);
    const places = Array.from(
      { length: 1_000 },
      () => slab.allocate(unitsFor(100)),
    );
    assertEquals(new Set(places).size, 1_000);
    assertEquals(slab.bytes % 1_048_576, 4_096);
  },
);
