import { assertEquals } from "@std/assert";
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
    );
    assertEquals(fine, { clients: 2, acknowledged: 3, died: [], lost: [] });
    // The question was asked before the third acknowledgement.
    const before = held({ Ash: [at("Ash", "kiwi", 2)] });
    assertEquals(
      [2, 3].map((asked) => ledger.judge(before, undefined, asked).lost.length),
      [0, 1],
    );
    const { lost, died } = ledger.judge(
      held({ Ash: [at("Ash", "kiwi", 2)], Elm: [at("Elm", "kiwi", 1)] }),
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
  name: "Ledger.judge() excuses what was acknowledged as its server ended",
  permissions: "none",
  fn() {
    const table: [string, number, boolean][] = [
      ["a moment before the end", 999, false],
      ["at the end", 1_000, true],
      ["as the kill went on", 1_005, true],
      ["after the revival", 2_001, false],
    ];
    for (const [what, atMs, excused] of table) {
      const ledger = new Ledger();
      ledger.acknowledge(at("Ash", "kiwi", 1), 10);
      ledger.acknowledge(at("Ash", "kiwi", 2), atMs);
      ledger.state("Ash", "stopped", 1_000);
      ledger.state("Ash", "up", 2_000);
      const old = held({
        Ash: [at("Ash", "kiwi", 1)],
        Elm: [at("Ash", "kiwi", 1)],
      });
      const { died, lost } = ledger.judge(old);
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
    );
    assertEquals(died.map(({ client }) => client), ["kiwi"]);
    assertEquals(lost, []);
    ledger.state("Ash", "up", 1_000_001);
    ledger.acknowledge(at("Ash", "emu", 1), 1_000_002);
    assertEquals(
      ledger.judge(held({ Elm: [at("Elm", "moa", 199)] })).lost.map((it) =>
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
    const endOf = ({ server, atMs }: { server: string; atMs: number }) =>
      server === "Ash" && atMs >= 900 ? 1_000 : undefined;
    const { died, lost } = ledger.judge(
      held({ Elm: [at("Elm", "kiwi", 2)], Fig: [at("Ash", "kiwi", 1)] }),
      endOf,
    );
    assertEquals(died.map(({ line }) => line.at(-1)), ["3", "4"]);
    assertEquals(lost.map(({ line, missingOn }) => [line.at(-1), missingOn]), [
      ["2", ["Fig"]],
    ]);
    const half = ledger.judge(
      held({ Elm: [at("Ash", "kiwi", 4)], Fig: [at("Elm", "kiwi", 2)] }),
      endOf,
    );
    assertEquals(half.died, [], "what some server holds did not die");
    assertEquals(half.lost.map(({ heldBy }) => heldBy), [["Elm"]]);
  },
});

Deno.test({
  name: "Ledger.newest() is the newest fix, in whatever order they came",
  permissions: "none",
  fn() {
    const ledger = new Ledger();
    for (const time of [2, 5, 1, 4, 3]) {
      ledger.acknowledge(at("Ash", "kiwi", time), 100 - time);
    }
    assertEquals(ledger.newest("kiwi")?.line.at(-1), "5");
    const all = ledger.judge(
      held({ Elm: [] }),
      ({ line }) => Number(line.at(-1)),
    );
    assertEquals(
      all.died.map(({ line, beforeEndMs }) => [line.at(-1), beforeEndMs]),
      [["5", -90], ["4", -92], ["3", -94], ["2", -96], ["1", -98]],
    );
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
      const { died } = ledger.judge(held({ Ash: [], Elm: [] }));
      return died.map(({ server, beforeEndMs }) => [server, beforeEndMs]);
    };
    assertEquals(diedAt(999), []);
    assertEquals(diedAt(1_000), [["Ash", 0]]);
    assertEquals(diedAt(1_900), [["Ash", -900]]);
    assertEquals(diedAt(2_001), []);
    assertEquals(diedAt(3_500), []);
  },
});
