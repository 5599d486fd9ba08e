import { ManualClock } from "../../../herd/net/manual_clock.ts";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Entering,
  type Entry,
  FaultBook,
} from "../../../../sim/live/faults/fault_book.ts";

/** A book, what it told, and what it had taken back. */
function open() {
  const clock = new ManualClock();
  const told: string[] = [];
  const takenBack: string[] = [];
  let ends = 0;
  const book = new FaultBook(clock, (incident) => {
    if (incident.kind === "fault-begin") told.push(`begin ${incident.id}`);
    if (incident.kind === "fault-end") {
      told.push(`end ${incident.id} ${incident.touched}`);
    }
    if (incident.kind === "fault-part-end") {
      told.push(`part ${incident.id} ${incident.left}`);
    }
  }, () => ends++);
  /** A cut that touched two of what it is taken back on. */
  const cut = (id?: string, more: Partial<Entering> = {}): Entry => {
    const identity = book.identify("cut", { ...id !== undefined && { id } });
    return book.begin({
      ...identity,
      fault: "cut",
      targets: ["Ash-Elm", "Elm-Fig"],
      takeBack: (spots) => {
        takenBack.push(`${identity.id} ${spots}`);
        return Promise.resolve(spots.length * 2);
      },
      ...more,
    });
  };
  return { clock, book, told, takenBack, cut, ends: () => ends };
}

Deno.test("FaultBook.heal() takes back part of a fault, the rest later, and each once", async () => {
  const { book, told, takenBack, cut, ends } = open();
  const entry = cut();
  const part = await book.heal([entry], new Set(["Elm-Fig", "Fig-Gum"]));
  assertEquals(part.map(({ left }) => left), [["Ash-Elm"]]);
  assertThrows(() => cut("cut-1"), RangeError, "it stands already");
  assertEquals(await book.heal([entry], new Set(["Elm-Fig"])), []);
  assertEquals(book.active, [entry]);
  const [[whole]] = await Promise.all([book.heal([entry]), book.heal([entry])]);
  assertEquals(whole?.touched, 4);
  assertEquals(await book.heal([entry]), []);
  assertEquals(takenBack, ["cut-1 Elm-Fig", "cut-1 Ash-Elm"]);
  assertEquals(told, ["begin cut-1", "part cut-1 Ash-Elm", "end cut-1 4"]);
  assertEquals([book.active, ends()], [[], 2]);
});

Deno.test("FaultBook.heal() heals what it can, names what it can't, and can try again", async () => {
  const { book, told, cut } = open();
  let isStuck = true;
  const stuck = cut("stuck", {
    takeBack: () => {
      if (isStuck) return Promise.reject(new Error("no answer"));
      return Promise.resolve(1);
    },
  });
  const halfStuck = cut("half", {
    takeBack: () => {
      if (isStuck) return Promise.reject(new Error("half an answer"));
      return Promise.resolve(1);
    },
    isStillOn: (spot) => spot === "Elm-Fig",
  });
  const well = cut("well");
  await assertRejects(
    () => book.heal([stuck, halfStuck, well]),
    Error,
    "Cannot heal stuck: no answer; Cannot heal half: half an answer; healed: well",
  );
  assertEquals(book.active, [stuck, halfStuck]);
  assertEquals(halfStuck.record.left, ["Elm-Fig"]);
  isStuck = false;
  const healed = await book.heal([stuck, halfStuck, well]);
  assertEquals(healed.map(({ id }) => id), ["stuck", "half"]);
  assertEquals(told.slice(3), [
    "part half Elm-Fig",
    "end well 4",
    "end stuck 1",
    "end half 1",
  ]);
});

Deno.test("FaultBook keeps the uses of a name apart, each with its own time", async () => {
  /** Time goes by, and what it began comes to its end. */
  const pass = async (ms: number) => {
    clock.tick(ms);
    for (let i = 0; i < 50; i++) await Promise.resolve();
  };
  const { clock, book, told, takenBack, cut } = open();
  const first = cut("snip");
  book.handle(first, { durationMs: 1_000 });
  assertEquals([book.isTimed(first), first.id], [true, "snip"]);
  assertThrows(() => book.identify("cut", { id: "snip" }), RangeError);
  await pass(600);
  await book.heal([first]);
  const second = cut("snip");
  const handle = book.handle(second, { durationMs: 1_000 });
  // The time of the first one is over, and is none of the second's business.
  await pass(600);
  assertEquals(book.active, [second]);
  assertEquals(book.called("snip"), [first, second]);
  await pass(399);
  assertEquals(book.active, [second]);
  await pass(2);
  assertEquals(book.active, []);
  await handle.heal();
  assertEquals(takenBack.length, 2);
  // One without a duration stands until it is healed.
  const third = cut("snip");
  await using _handle = book.handle(third, {});
  await pass(100_000);
  assertEquals([book.isTimed(third), book.active], [false, [third]]);
  assertEquals(new Set([first.id, second.id, third.id]).size, 3);
  assertEquals(told.length, 5);
});

Deno.test("FaultBook.settle() ends a fault when the last of it has ended by itself", async () => {
  const { book, told, takenBack, cut } = open();
  const entry = cut(undefined, {
    touched: 2,
    touchedSince: () => Promise.resolve(5),
  });
  assertEquals((await book.records())[0]?.touched, 7);
  book.settle(entry, "Ash-Elm", 10);
  book.settle(entry, "Ash-Elm", 11);
  book.settle(entry, "Elm-Fig", 12);
  book.settle(entry, "Elm-Fig", 13);
  assertEquals(entry.record.endedMs, 12);
  assertEquals(told, ["begin cut-1", "part cut-1 Elm-Fig", "end cut-1 2"]);
  assertEquals(await book.heal([entry]), []);
  assertEquals(takenBack, []);
  assertEquals((await book.records())[0]?.touched, 2);
});

Deno.test("FaultBook.identify() numbers all of a kind, also those with a name", () => {
  const { book, cut } = open();
  assertEquals(cut().id, "cut-1");
  cut("snip");
  assertEquals(cut().id, "cut-3");
  assertEquals(book.identify("loss").name, "loss-1");
  assertThrows(() => book.identify("cut", { durationMs: -1 }), RangeError);
});

Deno.test("FaultBook.stop() has no fault begin, nor end by its duration", () => {
  const { clock, book, takenBack, cut } = open();
  book.handle(cut(), { durationMs: 5 });
  const onItsWay = cut();
  book.stop();
  book.handle(onItsWay, { durationMs: 5 });
  clock.tick(10);
  assertEquals(takenBack, []);
  assertThrows(
    () => cut(),
    Error,
    "Cannot begin cut: the herd has stopped",
  );
});
