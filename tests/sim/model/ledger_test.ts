import { assertEquals, assertThrows } from "@std/assert";
import { Ledger } from "../../../sim/model/ledger.ts";

function at(server: string, client: string, time: number) {
  const line = `AT ${server} +0.000000000 ${client} +34.07-118.44 ${time}`;
  return { client, server, line };
}

/** What servers hold: of each, AT lines by server, client and time. */
function held(
  stores: Record<string, ReturnType<typeof at>[]>,
): Map<string, ReturnType<typeof at>[]> {
  return new Map(Object.entries(stores));
}

Deno.test({
  name:
    "Ledger.judge() wants the newest acknowledged fix, or a newer, everywhere",
  permissions: "none",
  fn() {
    const ledger = new Ledger();
    ledger.acknowledge(at("Ash", "kiwi", 2), 100);
    ledger.acknowledge(at("Elm", "kiwi", 1), 200);
    ledger.acknowledge(at("Elm", "moa", 5), 300);
    assertEquals(ledger.newest("kiwi")?.line, at("Ash", "kiwi", 2).line);
    assertEquals(ledger.newest("emu"), undefined);
    const fine = ledger.judge(
      held({
        Ash: [at("Ash", "kiwi", 2), at("Elm", "moa", 5)],
        Elm: [at("Fig", "kiwi", 3), at("Elm", "moa", 5)],
      }),
      0,
    );
    assertEquals(fine, { clients: 2, acknowledged: 3, died: [], lost: [] });
    const { lost, died } = ledger.judge(
      held({ Ash: [at("Ash", "kiwi", 2)], Elm: [at("Elm", "kiwi", 1)] }),
      1_000,
    );
    assertEquals(died, []);
    assertEquals(lost, [
      {
        ...at("Ash", "kiwi", 2),
        atMs: 100,
        heldBy: ["Ash"],
        missingOn: ["Elm"],
      },
      {
        ...at("Elm", "moa", 5),
        atMs: 300,
        heldBy: [],
        missingOn: ["Ash", "Elm"],
      },
    ]);
  },
});

Deno.test({
  name: "Ledger.judge() excuses what died with its server, and only that",
  permissions: "none",
  fn() {
    const table: [string, number, number, boolean][] = [
      ["within the time", 950, 100, true],
      ["at its very end", 900, 100, true],
      ["a moment too early", 899, 100, false],
      ["as the kill went on", 1_005, 0, true],
      ["after the revival", 2_001, 100, false],
      ["no time granted", 999, 0, false],
    ];
    for (const [what, atMs, withinMs, excused] of table) {
      const ledger = new Ledger();
      ledger.acknowledge(at("Ash", "kiwi", 1), 10);
      ledger.acknowledge(at("Ash", "kiwi", 2), atMs);
      ledger.state("Ash", "stopped", 1_000);
      ledger.state("Ash", "up", 2_000);
      const old = held({
        Ash: [at("Ash", "kiwi", 1)],
        Elm: [at("Ash", "kiwi", 1)],
      });
      const { died, lost } = ledger.judge(old, withinMs);
      assertEquals(died.length, excused ? 1 : 0, what);
      assertEquals(lost.length, excused ? 0 : 1, what);
      if (excused) assertEquals(died[0]?.beforeEndMs, 1_000 - atMs);
    }
  },
});

Deno.test({
  name: "Ledger.judge() has all die with their server, whenever, that stay put",
  permissions: "none",
  fn() {
    const ledger = new Ledger({ staysPut: true });
    for (let i = 0; i < 200; i++) ledger.acknowledge(at("Elm", "moa", i), i);
    ledger.acknowledge(at("Ash", "kiwi", 1), 10);
    const newest = ledger.newest("kiwi")!;
    assertEquals(ledger.hasEndedSince(newest), false);
    ledger.state("Ash", "stopped", 1_000_000);
    assertEquals(ledger.hasEndedSince(newest), true);
    const { died, lost } = ledger.judge(
      held({ Elm: [at("Elm", "moa", 199)] }),
      0,
    );
    assertEquals(died.map(({ client }) => client), ["kiwi"]);
    assertEquals(lost, []);
    ledger.state("Ash", "up", 1_000_001);
    ledger.acknowledge(at("Ash", "emu", 1), 1_000_002);
    assertEquals(
      ledger.judge(held({ Elm: [at("Elm", "moa", 199)] }), 0).lost.map((it) =>
        it.client
      ),
      ["emu"],
      "What came after was not on it then",
    );
  },
});

Deno.test({
  name: "Ledger.judge() wants the fix before the one that died",
  permissions: "none",
  fn() {
    const ledger = new Ledger();
    ledger.acknowledge(at("Ash", "kiwi", 1), 10);
    ledger.acknowledge(at("Elm", "kiwi", 2), 500);
    ledger.acknowledge(at("Ash", "kiwi", 3), 990);
    ledger.acknowledge(at("Ash", "kiwi", 4), 995);
    ledger.state("Ash", "stopped", 1_000);
    const { died, lost } = ledger.judge(
      held({ Elm: [at("Elm", "kiwi", 2)], Fig: [at("Ash", "kiwi", 1)] }),
      100,
    );
    assertEquals(died.map(({ line }) => line.at(-1)), ["3", "4"]);
    assertEquals(lost.map(({ line, missingOn }) => [line.at(-1), missingOn]), [
      ["2", ["Fig"]],
    ]);
    const half = ledger.judge(
      held({ Elm: [at("Ash", "kiwi", 4)], Fig: [at("Elm", "kiwi", 2)] }),
      100,
    );
    assertEquals(half.died, [], "what some server holds did not die");
    assertEquals(half.lost.map(({ heldBy }) => heldBy), [["Elm"]]);
  },
});

Deno.test({
  name: "Ledger judges the same after it has forgotten what is settled",
  permissions: "none",
  fn() {
    const ledger = new Ledger();
    for (let i = 1; i <= 1_000; i++) {
      ledger.acknowledge(at("Ash", "kiwi", i), i * 1_000);
    }
    ledger.state("Ash", "stopped", 1_000_000);
    const store = held({ Elm: [at("Ash", "kiwi", 995)] });
    const verdict = ledger.judge(store, 4_000);
    assertEquals(verdict.acknowledged, 1_000);
    assertEquals(verdict.died.map(({ atMs }) => atMs / 1_000), [
      996,
      997,
      998,
      999,
      1_000,
    ]);
    assertEquals(ledger.judge(store, 3_999).lost.length, 1);
    assertThrows(() => ledger.judge(store, 10_001), RangeError);
  },
});

Deno.test({
  name: "Ledger.state() takes a crash for a kill, until the server is up again",
  permissions: "none",
  fn() {
    const diedAt = (atMs: number) => {
      const ledger = new Ledger();
      ledger.acknowledge(at("Ash", "kiwi", 1), atMs);
      ledger.state("Ash", "up", 10);
      ledger.state("Ash", "crashed", 1_000);
      ledger.state("Ash", "wedged", 1_100);
      ledger.state("Ash", "crashed", 1_200);
      ledger.state("Ash", "starting", 1_500);
      ledger.state("Ash", "up", 2_000);
      ledger.state("Ash", "paused", 3_000);
      ledger.state("Ash", "up", 4_000);
      const { died } = ledger.judge(held({ Ash: [], Elm: [] }), 100);
      return died.map(({ server, beforeEndMs }) => [server, beforeEndMs]);
    };
    assertEquals(diedAt(899), []);
    assertEquals(diedAt(950), [["Ash", 50]]);
    assertEquals(diedAt(1_900), [["Ash", -900]]);
    assertEquals(diedAt(2_001), []);
    assertEquals(diedAt(3_500), []);
  },
});
