/** What watchers are told of lines between servers. */
import { assertEquals } from "@std/assert";
import { FixBook } from "../../../../sim/model/web/fix_book.ts";
import { HopWatch } from "../../../../sim/model/web/hop_watch.ts";
import { percentilesOf } from "../../../../sim/model/web/percentiles.ts";
import type {
  DeliveryEvent,
  SentEvent,
} from "../../../../sim/model/line_events.ts";

const at = (client: string, time: number) =>
  `AT a +0.100000000 ${client} +34.0-118.4 ${time}`;

function sent(to: string, line: string, number: number): SentEvent {
  return { kind: "sent", server: "a", to, line, connection: "c", number };
}

function read(
  server: string,
  from: string | null,
  line: string,
  isNew = true,
): DeliveryEvent {
  const place = from === null ? {} : { connection: "c", number: 1 };
  return { kind: "delivery", server, from, line, isNew, ...place };
}

Deno.test({
  name: "HopWatch joins both ends of a line, in whatever order they are told",
  permissions: "none",
  fn() {
    const hops = new HopWatch();
    const line = at("kiwi", 1);
    hops.delivered(read("b", "a", line), 15);
    assertEquals(hops.take(20), []);
    hops.sent(sent("b", line, 1), 10);
    assertEquals(hops.take(20), [{
      from: "a",
      to: "b",
      client: "kiwi",
      line,
      sentMs: 10,
      readMs: 15,
      isNew: true,
      isLost: false,
    }]);
    assertEquals(hops.take(20), []);
    hops.delivered(read("b", null, line), 15);
    assertEquals(hops.take(20_000), [], "A client's is no hop");
  },
});

Deno.test({
  name: "HopWatch tells a line apart that is written again on its connection",
  permissions: "none",
  fn() {
    const line = at("kiwi", 1);
    const told = (hops: HopWatch, nowMs: number) =>
      hops.take(nowMs).map((it) => [it.sentMs, it.readMs, it.isLost]);
    // A fault dropped the first, and a check of the idle link found it missing.
    const repaired = new HopWatch();
    repaired.sent(sent("b", line, 5), 67);
    assertEquals(told(repaired, 400), [[67, null, false]]);
    repaired.sent(sent("b", line, 9), 2_200);
    repaired.delivered({ ...read("b", "a", line), number: 8 }, 2_203);
    assertEquals(told(repaired, 2_210), [[2_200, 2_203, false]]);
    assertEquals(told(repaired, 2_220), [[67, null, true]]);
    // Both come, late.
    const slow = new HopWatch();
    slow.sent(sent("b", line, 5), 0);
    slow.sent(sent("b", line, 9), 100);
    slow.delivered({ ...read("b", "a", line), number: 5 }, 180);
    assertEquals(told(slow, 200), [[0, 180, false]]);
    slow.delivered({ ...read("b", "a", line, false), number: 9 }, 280);
    assertEquals(told(slow, 300), [[100, 280, false]]);
  },
});

Deno.test({
  name: "HopWatch tells a line as under way, then as read or as lost",
  permissions: "none",
  fn() {
    const hops = new HopWatch();
    const told = (nowMs: number) =>
      hops.take(nowMs).map((it) => [it.line.slice(-1), it.readMs, it.isLost]);
    for (const number of [1, 2, 3]) {
      hops.sent(sent("b", at("kiwi", number), number), 0);
    }
    assertEquals(told(100), []);
    assertEquals(told(300), [
      ["1", null, false],
      ["2", null, false],
      ["3", null, false],
    ]);
    assertEquals(told(400), [], "Once");
    // A later one was read: TCP keeps the order, so a fault has dropped this.
    hops.delivered(read("b", "a", at("kiwi", 3)), 450);
    assertEquals(told(500), [["3", 450, false]]);
    assertEquals(told(501), [["1", null, true]]);
    // Its neighbour may have changed places with it, until the connection ends.
    hops.ended("c", 600);
    assertEquals(told(601), [["2", null, true]]);
    assertEquals(told(20_000), []);
  },
});

Deno.test({
  name: "FixBook tells who is behind, and how long an update took",
  permissions: "none",
  fn() {
    const book = new FixBook(false);
    const up = ["a", "b", "c"];
    const behind = () =>
      book.takeChanged(up, 10).fixes.map((it) => [it.client, it.behind]);
    book.delivered(read("a", null, at("kiwi", 2)), 10);
    book.delivered(read("b", "a", at("kiwi", 2)), 12);
    assertEquals(behind(), [["kiwi", ["c"]]]);
    book.delivered(read("b", "a", at("kiwi", 1)), 13);
    book.delivered(read("c", "b", at("kiwi", 1)), 13);
    assertEquals(behind(), [], "An older one changes nothing");
    book.delivered(read("c", "b", at("kiwi", 2), false), 14);
    assertEquals(behind(), [], "Nor does one that is not new");
    book.delivered(read("c", "b", at("kiwi", 2)), 15);
    assertEquals(behind(), [["kiwi", []]]);
    assertEquals(book.takePropagatedMs(), [5]);
    assertEquals(book.takePropagatedMs(), []);
    book.lost("b");
    assertEquals(behind(), [["kiwi", ["b"]]]);
    assertEquals(book.newest(["a"], 10)[0], {
      client: "kiwi",
      latitude: 34,
      longitude: -118.4,
      server: "a",
      line: at("kiwi", 2),
      behind: [],
    });
  },
});

Deno.test({
  name: "FixBook tells who is behind, in whatever order servers are heard",
  permissions: "none",
  fn() {
    const book = new FixBook(false);
    const line = at("kiwi", 1);
    const behind = () =>
      book.takeChanged(["a", "b", "c"], 9).fixes.map((fix) => fix.behind);
    book.delivered(read("b", "a", line), 12);
    assertEquals(behind(), [[]]);
    book.delivered(read("a", null, line), 10);
    assertEquals(behind(), [["c"]]);
    book.delivered(read("c", "b", line), 15);
    assertEquals(behind(), [[]]);
    assertEquals(book.takePropagatedMs(), [5]);
  },
});

Deno.test({
  name:
    "FixBook measures a fix that a newer one follows before it is everywhere",
  permissions: "none",
  fn() {
    const book = new FixBook(false);
    const up = ["a", "b"];
    // The servers are heard one after the other, of a while each.
    for (let time = 1; time <= 4; time++) {
      book.delivered(read("a", null, at("kiwi", time)), 10 * time);
      if (time > 1) {
        book.delivered(read("b", "a", at("kiwi", time - 1)), 10 * time - 3);
      }
      book.takeChanged(up, 10);
    }
    assertEquals(book.takePropagatedMs(), [7, 7]);
    // Not what a server has missed while it was down.
    book.delivered(read("a", null, at("emu", 1)), 50);
    book.lost("b");
    book.delivered(read("b", "a", at("emu", 1)), 90);
    book.takeChanged(up, 10);
    assertEquals(book.takePropagatedMs(), []);
  },
});

Deno.test({
  name: "FixBook blames nobody where it does not know who holds what",
  permissions: "none",
  fn() {
    const up = ["a", "b", "c"];
    const behind = (book: FixBook) =>
      book.newest(up, 10).map((it) => it.behind);
    // The first that is heard of it is a sync: others may have it for long.
    const late = new FixBook(false);
    late.delivered(read("b", "a", at("kiwi", 2)), 12);
    assertEquals(behind(late), [[]]);
    late.delivered(read("a", null, at("kiwi", 3)), 13);
    assertEquals(behind(late), [["b", "c"]]);
    const asked = new FixBook(false);
    asked.holds("a", [at("kiwi", 2)]);
    asked.holds("b", [at("kiwi", 1)]);
    assertEquals(behind(asked), [["b", "c"]]);
    const still = new FixBook(true);
    still.delivered(read("a", null, at("kiwi", 3)), 13);
    assertEquals(behind(still), [[]]);
    const many = new FixBook(false);
    for (const client of ["k1", "k2", "k3"]) {
      many.delivered(read("a", null, at(client, 3)), 13);
    }
    const { fixes, leftOut } = many.takeChanged(up, 2);
    assertEquals([fixes.map((it) => it.client), leftOut], [["k2", "k3"], 1]);
  },
});

Deno.test({
  name: "percentilesOf() gives the middle and the slowest, or nothing",
  permissions: "none",
  fn() {
    assertEquals(percentilesOf([]), null);
    assertEquals(percentilesOf([7]), { p50: 7, p99: 7, samples: 1 });
    const samples = Array.from({ length: 100 }, (_, at) => 99 - at);
    assertEquals(percentilesOf(samples), { p50: 49, p99: 98, samples: 100 });
  },
});
