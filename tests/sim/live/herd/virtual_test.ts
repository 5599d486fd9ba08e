/**
 * A herd in virtual time: the same interface, no socket, no thread, no waiting.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ReplyError } from "../../../../herd/net/client.ts";
import { Herd, type HerdEvent } from "../../../../mod.ts";
import { delay } from "../../../../herd/net/timing.ts";

/** To read topologies, and what its reader of YAML asks for. */
const PERMISSIONS = { read: true, env: ["LOG_TOKENS", "LOG_STREAM"] };
const UCLA = "+34.068930-118.445127";

/** What is under way in a herd's life, as it is told; nothing of it is real. */
async function live(seed: number): Promise<string[]> {
  const told: string[] = [];
  const onEvent = (event: HerdEvent) => void told.push(JSON.stringify(event));
  await using herd = await Herd.start("2014", {
    world: "virtual",
    seed,
    onEvent,
  });
  const { clock } = herd.platform;
  const kiwi = await herd.client("Alford");
  await herd.propagated(await kiwi.iamat("kiwi", UCLA), { on: "all" });
  await herd.kill("Powell");
  await herd.propagated(await kiwi.iamat("kiwi", UCLA), {
    on: ["Alford", "Bolden", "Hamilton", "Parker"],
  });
  await herd.revive("Powell");
  await herd.converged();
  await herd.pause("Parker");
  const moa = await kiwi.iamat("moa", UCLA);
  await herd.absent(moa, { on: ["Hamilton"], forMs: 10_000 });
  await herd.resume("Parker");
  await herd.converged();
  await herd.crash("Bolden");
  await herd.serversAre({ state: "up", restarts: 1 }, { on: ["Bolden"] });
  await herd.clockSkew("Hamilton", { offsetMs: 60_000 });
  const hamilton = await herd.client("Hamilton");
  const skewed = await hamilton.iamat("fig", UCLA, "1700000000");
  assert(Number(skewed.difference) > 60, skewed.line);
  const cut = await herd.cut("Parker-Hamilton");
  const late = await kiwi.iamat("kiwi", UCLA);
  await herd.absent(late, { on: ["Hamilton"], forMs: 1_000 });
  await cut.heal();
  await herd.restart("Alford");
  await herd.converged();
  await assertRejects(() => hamilton.whatsat("nobody", 1, 1), ReplyError);
  const beganMs = clock.nowMs();
  await delay(clock, 600_000);
  assert(clock.nowMs() - beganMs >= 600_000);
  return told;
}

Deno.test({
  name: "Herd.start() in virtual time needs no machine, and a seed is one run",
  permissions: PERMISSIONS,
  async fn() {
    const once = await live(1);
    assertEquals(await live(1), once);
    assert((await live(2)).join() !== once.join());
  },
});

Deno.test({
  name:
    "Herd.start() in virtual time has the embedded places, and their faults",
  permissions: PERMISSIONS,
  async fn() {
    await using herd = await Herd.start("line:2", {
      world: "virtual",
      seed: 1,
    });
    const client = await herd.client("s0");
    await client.iamat("kiwi", UCLA);
    const well = await client.whatsat("kiwi", 10, 5);
    assertEquals([well.places.status, well.places.results.length], ["OK", 5]);
    const found: string[] = [];
    for (const mood of ["http-503", "reset", "stall", "broken-json"] as const) {
      const fault = await herd.places(mood);
      const { places } = await client.whatsat("kiwi", 10, 5);
      found.push(places.error_message ?? "");
      await fault.heal();
    }
    assertEquals(found.map((it) => /service (.*)\.$/.exec(it)?.[1]), [
      "answered HTTP 503",
      "dropped the connection",
      "did not answer within 5000 ms",
      "answered something that is not JSON",
    ]);
  },
});
