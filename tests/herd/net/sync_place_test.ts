import { assert } from "@std/assert";
import { SyncPlace } from "../../../herd/net/sync_place.ts";

/** Syncs a few bytes so often, each in so many milliseconds. */
function sync(place: SyncPlace, count: number, ms: number): void {
  for (let nth = 0; nth < count; nth++) {
    place.wrote(80);
    place.begin();
    place.took(ms);
  }
}

Deno.test("a sync is done in place only once the disk has been quick", () => {
  const place = new SyncPlace();
  sync(place, 15, 0.3);
  place.wrote(80);
  assert(!place.begin().isInPlace);
  place.took(0.3);
  place.wrote(80);
  assert(place.begin().isInPlace);
});

Deno.test("after a slow sync, the next ones are done elsewhere", () => {
  const place = new SyncPlace();
  sync(place, 100, 0.3);
  assert(place.begin().isInPlace);
  place.took(20);
  sync(place, 15, 0.3);
  assert(!place.begin().isInPlace);
  place.took(0.3);
  assert(place.begin().isInPlace);
});

Deno.test("a disk that is always slow is never synced in place", () => {
  const place = new SyncPlace();
  for (let nth = 0; nth < 1_000; nth++) {
    place.wrote(80);
    assert(!place.begin().isInPlace);
    place.took(1.5);
  }
});

Deno.test("a sync of many bytes is done elsewhere", () => {
  const place = new SyncPlace();
  sync(place, 100, 0.3);
  place.wrote(10_000);
  place.wrote(10_000);
  assert(!place.begin().isInPlace);
  place.took(0.3);
  place.wrote(10_000);
  assert(place.begin().isInPlace, "what was synced before does not count");
});
