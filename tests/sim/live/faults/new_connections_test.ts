/**
 * Faults of links as a new connection meets them: what can come up behind one
 * does, whatever time limits there are.
 *
 * @module
 */
import { assertMatch, assertRejects } from "@std/assert";
import { Herd } from "../../../../mod.ts";

/** Each fault with the numbers at which links have failed to come up. */
const FAULTS: Readonly<Record<string, (herd: Herd) => Promise<unknown>>> = {
  "latency of 600 ms": (herd) => herd.latency("all", 600),
  "latency of 2 s": (herd) => herd.latency("all", 2_000),
  "latency of 300 ms, more or less": (herd) =>
    herd.latency("all", 300, { jitterMs: 300 }),
  "60 bytes a second": (herd) => herd.bandwidth("all", 60),
  "slices of 1 byte": (herd) => herd.slicer("all", 1),
  "ends that are late": (herd) => herd.slowClose("all", 1_000),
  "doubled lines": (herd) => herd.duplicate("all"),
  "lines out of order": (herd) => herd.reorder("all", { percent: 20 }),
  "lost lines": (herd) => herd.loss("all", { percent: 20 }),
};

Deno.test("Herd.restart() links a server anew behind what slows its link", async () => {
  await Promise.all(
    Object.entries(FAULTS).map(async ([name, begin]) => {
      await using herd = await Herd.start("line:2", { linkFaults: true });
      await begin(herd);
      try {
        await herd.restart("s1");
      } catch (error) {
        throw new Error(`Not behind ${name}`, { cause: error });
      }
    }),
  );
});

/** Faults that let nothing pass, or spoil whatever does. */
const HOLDING: typeof FAULTS = {
  "a timeout": (herd) => herd.timeout("all", 1_000),
  "a cut one way": (herd) => herd.cut("s0>s1"),
  "corrupt lines": (herd) => herd.corrupt("all"),
};

Deno.test("Herd.restart() waits for no link that can't be", async () => {
  await Promise.all(
    Object.values(HOLDING).map(async (begin) => {
      await using herd = await Herd.start("line:2", { linkFaults: true });
      await begin(herd);
      await herd.restart("s1");
      await herd.heal("all");
      await herd.converged({ withinMs: 30_000 });
    }),
  );
});

/** Faults behind which no link comes up. */
const IMPASSABLE: Readonly<
  Record<string, (herd: Herd) => Promise<unknown>>
> = {
  "100 bytes of each connection": (herd) => herd.limitData("s0-s1", 100),
  "10 bytes one way": (herd) => herd.limitData("s0>s1", 10),
};

Deno.test("Herd.restart() says which fault keeps a link down, and how dials fail", async () => {
  await Promise.all(
    Object.entries(IMPASSABLE).map(async ([name, begin]) => {
      await using herd = await Herd.start("line:3", { linkFaults: true });
      await begin(herd);
      const { message } = await assertRejects(
        () => herd.restart("s1"),
        Error,
        "Cannot restart s1: it listens, but is not linked to s0: ",
        name,
      );
      assertMatch(
        message,
        /closed before the (challenge|proof); on that link stands limit_data-1,/,
      );
      // It goes on dialling, and is up as soon as it can be.
      await herd.heal("all");
      const withinMs = 30_000;
      await herd.standing({ state: "up" }, { on: ["s1"], withinMs });
    }),
  );
});
