import { assertEquals, assertRejects } from "@std/assert";
import { readable, utf8 } from "../../../../herd/core/bytes/bytes.ts";
import { DenoClock, denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { NoAnswer } from "../../../../sim/worlds/ask.ts";
import { probe } from "../../../../sim/worlds/processes/probe.ts";
import { ToldFixes } from "../../../../sim/model/told_fixes.ts";

const AT = "AT Riley +0.500000000 kiwi +34.1-118.4 5.25";

/** What a server is taken to hold that replies so. */
async function heldBy(reply: string, question?: string) {
  const asked: string[] = [];
  const ask = probe({
    server: "Riley",
    clock: denoPlatform.clock,
    told: new ToldFixes(),
    question,
    exchange: (line) => {
      asked.push(line);
      return Promise.resolve(reply);
    },
    hasEnded: () => false,
  });
  const { at } = await ask({ ask: "record", client: utf8("kiwi") });
  return { at: at && readable(at), asked };
}

Deno.test("probe() takes an AT line as servers print it, and no other for one", async () => {
  assertEquals((await heldBy("? WHATSAT kiwi 1 1\n")).at, undefined);
  for (const difference of ["+0.500000000", "0.5", "+0.5", "5e-1"]) {
    const reply = `AT Riley ${difference} kiwi +34.1-118.4 5.25\r\n{}\n\n`;
    assertEquals((await heldBy(reply)).at, AT);
  }
  for (const reply of ["", "OK", "AT Riley soon kiwi +34.1-118.4 5.25"]) {
    await assertRejects(() => heldBy(reply), NoAnswer, "replied to");
  }
});

Deno.test("probe() asks as the manifest says", async () => {
  const { asked } = await heldBy("? no", "WHATSAT {client} 10 5");
  assertEquals(asked, ["WHATSAT kiwi 10 5"]);
});

Deno.test("probe() tells of a fix until when it surely was not there", async () => {
  let nowMs = 1_000;
  const replies = ["? WHATSAT kiwi 1 1\n", "", `${AT}\n{}\n\n`];
  const ask = probe({
    server: "Riley",
    clock: Object.assign(new DenoClock(), { nowMs: () => nowMs }),
    told: new ToldFixes(),
    exchange: () => {
      nowMs += 100;
      return Promise.resolve(replies.shift()!);
    },
    hasEnded: () => false,
  });
  const held = { ask: "held", at: utf8(AT) } as const;
  // It lacked it when it was asked first, and gave no answer then.
  const found = { askedMs: 1_000, lackedMs: 1_000, atMs: 1_300 };
  assertEquals(await ask(held), found);
  replies.push(`${AT}\n{}\n\n`);
  assertEquals(await ask(held), { askedMs: 1_300, atMs: 1_400 });
});
