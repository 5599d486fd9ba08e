import { assert, assertEquals } from "@std/assert";
import { Recording } from "../../../sim/page/recording.ts";
import { Store } from "../../../sim/page/store.ts";
import { TimeLine } from "../../../sim/page/time.ts";
import { batch } from "./batches.ts";

function lived(batches: number): { store: Store; time: TimeLine } {
  const store = new Store();
  for (let id = 1; id <= batches; id++) store.append(batch(id));
  const time = new TimeLine(store);
  time.tick(0);
  return { store, time };
}

Deno.test({
  name: "TimeLine live goes on between batches, and not far ahead of them",
  permissions: "none",
  fn() {
    const { time } = lived(50);
    assertEquals(time.atMs, 5_000);
    time.tick(16);
    assertEquals(time.atMs, 5_016);
    for (let i = 0; i < 100; i++) time.tick(16);
    assertEquals(time.atMs, 5_250);
  },
});

Deno.test({
  name:
    "TimeLine.pause() stands still while the herd goes on, and live() is now",
  permissions: "none",
  fn() {
    const { store, time } = lived(50);
    time.pause();
    store.append(batch(51));
    time.tick(1_000);
    assertEquals([time.mode, store.current.batch], ["paused", 50]);
    time.live();
    assertEquals([time.mode, store.current.batch], ["live", 51]);
  },
});

Deno.test({
  name: "TimeLine replays at its speed, and is live when it has caught up",
  permissions: "none",
  fn() {
    const { store, time } = lived(50);
    time.scrub(1_000);
    assertEquals([time.mode, store.current.batch], ["paused", 10]);
    time.play(2);
    time.tick(250);
    assertEquals([time.atMs, store.current.batch], [1_500, 15]);
    time.setSpeed(0.1);
    time.tick(1_000);
    assertEquals([time.atMs, store.current.batch], [1_600, 16]);
    time.setSpeed(10);
    time.tick(1_000);
    assertEquals([time.mode, store.current.batch], ["live", 50]);
  },
});

Deno.test({
  name: "TimeLine.step() goes batch by batch, and stops at either end",
  permissions: "none",
  fn() {
    const { store, time } = lived(3);
    const seen = ([1, -1, -1, -1, 1] as const).map((by) => {
      time.step(by);
      return store.current.batch;
    });
    assertEquals(seen, [3, 2, 1, 1, 2]);
    assertEquals(time.mode, "paused");
  },
});

Deno.test({
  name: "TimeLine.open() shows a run from a file, and live() puts it away",
  permissions: "none",
  fn() {
    const { store, time } = lived(5);
    time.open(new Recording("run", [batch(1), batch(2), batch(3)]));
    assertEquals([time.isFile, time.mode], [true, "paused"]);
    assertEquals([time.fromMs, time.toMs], [100, 300]);
    time.play(1);
    time.tick(150);
    assertEquals(store.current.batch, 2);
    // Its end is not the end of the herd.
    time.tick(5_000);
    assertEquals([time.mode, store.current.batch], ["paused", 3]);
    store.append(batch(6));
    assertEquals(store.current.batch, 3);
    time.live();
    assertEquals([time.isFile, store.current.batch], [false, 6]);
    assert(!store.live.isFile);
  },
});
