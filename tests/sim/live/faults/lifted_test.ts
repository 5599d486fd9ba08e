/**
 * Faults of links that are lifted: the first line after it is as quick as if
 * there had never been one.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Herd } from "../../../../mod.ts";
import { EventLog } from "../event_log.ts";

const UCLA = "+34.068930-118.445127";
/**
 * Milliseconds in which a line must be there. What a fault still holds back for
 * minutes may be there too by then, on the link's next connection: so none of
 * them may go down.
 */
const SOON_MS = 10_000;
const LONG_MS = 120_000;

/** Each fault of links, so strong that what it keeps would be told from delay. */
const FAULTS: Readonly<
  Record<string, (herd: Herd, targets: string) => Promise<unknown>>
> = {
  cut: (herd, on) => herd.cut(on),
  timeout: (herd, on) => herd.timeout(on, 0),
  latency: (herd, on) => herd.latency(on, LONG_MS),
  "latency by chance": (herd, on) =>
    herd.latency(on, LONG_MS, { jitterMs: 1_000, correlation: 0.5 }),
  bandwidth: (herd, on) => herd.bandwidth(on, 1),
  slicer: (herd, on) => herd.slicer(on, 1, { delayMs: LONG_MS }),
  "slicer before bandwidth": async (herd, on) => {
    await herd.slicer(on, 1, { delayMs: LONG_MS });
    await herd.bandwidth(on, 1e6, { id: "stays" });
  },
  "slow_close": (herd, on) => herd.slowClose(on, LONG_MS),
  loss: (herd, on) => herd.loss(on),
  duplicate: (herd, on) => herd.duplicate(on),
  reorder: (herd, on) => herd.reorder(on),
  corrupt: (herd, on) => herd.corrupt(on, { lines: "PING" }),
};

/** Those after which the link must be made anew. */
const CLOSING = new Set(["limit_data", "timeout that closes"]);

/** Lifts what was begun, and nothing that is to stay. */
async function lift(herd: Herd): Promise<void> {
  for (const { id } of herd.faults.standing) {
    if (id !== "stays") await herd.heal(id);
  }
}

for (const targets of ["s0>s1", "s0-s1"]) {
  Deno.test(`Herd.heal() of each fault on ${targets} makes the first line quick`, async () => {
    const { events, onEvent } = new EventLog();
    await using herd = await Herd.start("line:2", {
      linkFaults: true,
      onEvent,
    });
    const client = await herd.client("s0");
    const downs = () => events.filter(({ kind }) => kind === "link-down");
    const assertQuick = async () => {
      const at = await client.iamat("kiwi", UCLA);
      await herd.propagated(at, { on: ["s1"], withinMs: SOON_MS });
    };
    for (const [name, begin] of Object.entries(FAULTS)) {
      try {
        await begin(herd, targets);
        // Something is under way as it is lifted, in a chunk of its own.
        await client.iamat("emu", UCLA);
        await lift(herd);
        const before = downs().length;
        await assertQuick();
        await assertQuick();
        if (!CLOSING.has(name)) assertEquals(downs().slice(before), []);
      } catch (error) {
        throw new Error(`Not behind ${name}`, { cause: error });
      }
    }
  });
}

Deno.test("Herd.kill() and revive() behind a link that is cut one way lose nothing", async () => {
  for (const way of ["s0>s1", "s1>s0"]) {
    await using herd = await Herd.start("line:3", { linkFaults: true });
    const s0 = await herd.client("s0");
    const cut = await herd.cut(way);
    const before = await s0.iamat("emu", UCLA);
    await herd.kill("s1");
    await herd.revive("s1");
    const linked = () =>
      herd.status().find(({ name }) => name === "s1")!.linked;
    assertEquals(linked(), ["s2"], `A new link takes both ways, ${way} is cut`);
    const during = await (await herd.client("s2")).iamat("kiwi", UCLA);
    await herd.propagated(during, { on: ["s1", "s2"], withinMs: SOON_MS });
    await assertRejects(() => herd.held(during, { on: ["s0"] }));
    await cut.heal();
    for (const at of [before, during, await s0.iamat("tui", UCLA)]) {
      await herd.propagated(at, { on: "all", withinMs: SOON_MS });
    }
    assert(linked().includes("s0"));
  }
});
