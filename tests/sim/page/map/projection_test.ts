import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  around,
  circle,
  distanceKm,
  gridStep,
  kept,
  type Outlook,
  panned,
  type Position,
  positionText,
  project,
  scaleBar,
  unproject,
  whole,
  zoomed,
} from "../../../../sim/page/map/projection.ts";

const SIZE = { width: 900, height: 600 };
const LOS_ANGELES = { latitude: 34.06893, longitude: -118.445127 };

function numbers(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true });
}

const outlooks: fc.Arbitrary<Outlook> = fc.record({
  latitude: numbers(-90, 90),
  longitude: numbers(-180, 180),
  scale: numbers(1, 4_000),
}).map((outlook) => kept(outlook, SIZE));

function assertNear(a: Position, b: Position, degrees: number): void {
  assertAlmostEquals(a.latitude, b.latitude, degrees);
  assertAlmostEquals(a.longitude, b.longitude, degrees);
}

Deno.test({
  name: "project() shows the whole world, north up and east to the right",
  permissions: "none",
  fn() {
    const outlook = whole(SIZE);
    assertEquals(outlook.scale, 2.5);
    const at = (latitude: number, longitude: number) =>
      project(outlook, SIZE, { latitude, longitude });
    assertEquals(at(0, 0), [450, 300]);
    assertEquals(at(90, -180), [0, 75]);
    assertEquals(at(-90, 180), [900, 525]);
  },
});

Deno.test({
  name: "unproject() gives back the place that project() put there",
  permissions: "none",
  fn() {
    fc.assert(fc.property(
      outlooks,
      numbers(-90, 90),
      numbers(-180, 180),
      (outlook, latitude, longitude) => {
        const [x, y] = project(outlook, SIZE, { latitude, longitude });
        const back = unproject(outlook, SIZE, x, y);
        assertNear(back, { latitude, longitude }, 1e-6);
      },
    ));
  },
});

Deno.test({
  name: "unproject() off the world gives its edge, as IAMAT takes it",
  permissions: "none",
  fn() {
    const outlook = whole({ width: 400, height: 800 });
    const size = { width: 400, height: 800 };
    assertEquals(unproject(outlook, size, -10, 0), {
      latitude: 90,
      longitude: -180,
    });
  },
});

Deno.test({
  name:
    "zoomed() keeps the place under the pointer, unless the world ends there",
  permissions: "none",
  fn() {
    const outlook = kept({ ...LOS_ANGELES, scale: 100 }, SIZE);
    const before = unproject(outlook, SIZE, 700, 100);
    const larger = zoomed(outlook, SIZE, 1.7, 700, 100);
    assertEquals(larger.scale, 170);
    assertNear(unproject(larger, SIZE, 700, 100), before, 1e-9);
    const smallest = zoomed(outlook, SIZE, 1e-9, 700, 100);
    assertEquals(smallest, whole(SIZE));
    assert(zoomed(outlook, SIZE, 1e9).scale < 10_000);
  },
});

Deno.test({
  name: "panned() moves with the hand, and never past the end of the world",
  permissions: "none",
  fn() {
    const outlook = kept({ ...LOS_ANGELES, scale: 10 }, SIZE);
    const moved = panned(outlook, SIZE, 20, 30);
    assertNear(moved, {
      latitude: LOS_ANGELES.latitude + 3,
      longitude: LOS_ANGELES.longitude - 2,
    }, 1e-9);
    fc.assert(fc.property(
      outlooks,
      numbers(-1e6, 1e6),
      numbers(-1e6, 1e6),
      (from, right, down) => {
        const to = panned(from, SIZE, right, down);
        const [west] = project(to, SIZE, { latitude: 0, longitude: -180 });
        const [east] = project(to, SIZE, { latitude: 0, longitude: 180 });
        assert(west <= 1e-6 && east >= SIZE.width - 1e-6, `${west} ${east}`);
      },
    ));
  },
});

Deno.test({
  name: "around() has all places in sight, one place not closer than asked",
  permissions: "none",
  fn() {
    assertEquals(around([], SIZE), whole(SIZE));
    assertEquals(around([LOS_ANGELES], SIZE, 60), {
      ...LOS_ANGELES,
      scale: 60,
    });
    const places = [LOS_ANGELES, { latitude: 52.5, longitude: 13.4 }];
    const outlook = around(places, SIZE);
    for (const place of places) {
      const [x, y] = project(outlook, SIZE, place);
      assert(x > 0 && x < SIZE.width && y > 0 && y < SIZE.height);
    }
  },
});

Deno.test({
  name: "circle() is as far from its middle all round, on the globe",
  permissions: "none",
  fn() {
    fc.assert(fc.property(
      numbers(-89, 89),
      numbers(-180, 180),
      numbers(0.5, 50),
      (latitude, longitude, radiusKm) => {
        const middle = { latitude, longitude };
        for (const corner of circle(middle, radiusKm, 12)) {
          assertAlmostEquals(distanceKm(middle, corner), radiusKm, 1e-6);
        }
      },
    ));
  },
});

Deno.test({
  name: "distanceKm() knows how far Los Angeles is from Berlin",
  permissions: "none",
  fn() {
    const berlin = { latitude: 52.52, longitude: 13.405 };
    assertAlmostEquals(distanceKm(LOS_ANGELES, berlin), 9_320, 10);
    assertEquals(distanceKm(berlin, berlin), 0);
  },
});

Deno.test({
  name: "gridStep() and scaleBar() are round, and have room",
  permissions: "none",
  fn() {
    assertEquals(gridStep(2.5), 30);
    assertEquals(gridStep(100), 1);
    assertEquals(gridStep(4_000), 0.05);
    const bar = scaleBar({ latitude: 0, longitude: 0, scale: 111.19 });
    assertEquals(bar.km, 100);
    assertAlmostEquals(bar.pixels, 100, 0.1);
    // At 60° north a degree of longitude is half as long.
    const north = scaleBar({ latitude: 60, longitude: 0, scale: 111.19 });
    assertEquals(north.km, 50);
  },
});

Deno.test({
  name: "positionText() is a position as IAMAT takes it",
  permissions: "none",
  fn() {
    assertEquals(positionText(LOS_ANGELES), "+34.068930-118.445127");
    assertEquals(
      positionText({ latitude: -0, longitude: 0 }),
      "+0.000000+0.000000",
    );
    assertEquals(
      positionText({ latitude: -1e-9, longitude: 180 }),
      "-0.000000+180.000000",
    );
  },
});
