import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { Pace } from "../../../../sim/worlds/virtual/pace.ts";
import { VirtualTime } from "../../../../sim/worlds/virtual/virtual_time.ts";

/** When things that are due at these times happened, in real milliseconds. */
async function happened(
  pace: Pace | undefined,
  dueMs: readonly number[],
): Promise<number[]> {
  const time = new VirtualTime(pace);
  const start = performance.now();
  return await Promise.all(
    dueMs.map((ms) =>
      new Promise<number>((resolve) =>
        time.after(ms, () => resolve(performance.now() - start))
      )
    ),
  );
}

Deno.test("Pace lets nothing happen before its time, in its order", async () => {
  const [first, middle, last] = await happened(new Pace(), [0, 120, 60]);
  // Time begins a little before the first one happens.
  assert(middle! >= 119, `${middle}`);
  assert(last! >= 59 && last! <= middle!, `${last}`);
  assert(first! <= last!);
});

Deno.test("Pace can be changed while time passes, and stop it", async () => {
  const pace = new Pace(0);
  const time = new VirtualTime(pace);
  const order: string[] = [];
  time.after(0, () => order.push("first"));
  const done = new Promise<void>((resolve) =>
    time.after(3_600_000, () => {
      order.push("an hour later");
      resolve();
    })
  );
  await delay(50);
  assertEquals(order, ["first"]);
  pace.speed = 1e9;
  await done;
  assertEquals(order, ["first", "an hour later"]);
});

Deno.test("VirtualTime without a pace waits for nothing", async () => {
  const [, hour] = await happened(undefined, [0, 3_600_000]);
  assert(hour! < 60_000);
});
