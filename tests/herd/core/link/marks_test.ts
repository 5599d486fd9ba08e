/**
 * How a server knows what its neighbour holds, whatever a link does to lines.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { ByteBlock } from "../../../../herd/core/bytes/block.ts";
import { bytesOf } from "../../../../herd/core/bytes/bytes.ts";
import { ByteWriter } from "../../../../herd/core/bytes/writer.ts";
import { Link } from "../../../../herd/core/link/link.ts";
import { Store } from "../../../../herd/core/store/store.ts";
import { LineBuffer } from "../../../../herd/core/wire/lines.ts";
import { parseAtLine } from "../../../../herd/core/wire/message.ts";
import { Random } from "../../../../sim/model/random.ts";

interface End {
  readonly store: Store;
  readonly link: Link;
  readonly held: number[];
  missed: number;
  /** All that is to be sent, or about so many bytes of it. */
  pull(bytesMax?: number): string[];
  take(line: string): void;
}

/** One end of a link of Ash and Elm, without a sync. */
function end(self: string, peer: string, asks: boolean): End {
  const store = new Store(1);
  const held: number[] = [];
  const link: Link = new Link(
    self,
    peer,
    store,
    {
      at: (fix) => void store.merge(fix),
      announced() {},
      grafted() {},
      pruned() {},
      query() {},
      answer() {},
      marked: (answer) => link.control.say(answer),
      held: (ticket) => held.push(ticket),
      missed: () => it.missed++,
      wrote() {},
      synced() {},
      differs() {},
      pulled() {},
      down() {},
    },
    false,
    asks,
  );
  const it: End = {
    store,
    link,
    held,
    missed: 0,
    pull(bytesMax) {
      const out = new ByteWriter();
      if (bytesMax !== undefined) link.pull(out, bytesMax);
      else while (link.hasOutput) link.pull(out, 65_536);
      return new TextDecoder().decode(out.bytes).split("\n").slice(0, -1);
    },
    take(line) {
      const bytes = bytesOf(`${line}\n`);
      const lines = new LineBuffer(65_536);
      lines.feed(new ByteBlock(bytes), bytes.length);
      while (lines.next()) link.onLine(lines.line);
    },
  };
  return it;
}

function tell({ store, link }: End, client: number, time: number): void {
  const line = `AT Ash +0.500000000 c${client} +34.07-118.44 ${time}`;
  const number = store.merge(parseAtLine(line)!);
  link.queue(number);
}

Deno.test({
  name: "Marks say what is held, and what was missed is sent again",
  permissions: "none",
  fn() {
    const [ash, elm] = [end("Ash", "Elm", true), end("Elm", "Ash", false)];
    tell(ash, 1, 1);
    ash.link.want(1);
    const first = ash.pull();
    assertEquals(first.map((line) => line.split(" ")[0]), [
      "MARK",
      "AT",
      "MARK",
    ]);
    for (const line of first) elm.take(line);
    const [answer = ""] = elm.pull();
    assert(answer.startsWith("HELD 1 "), answer);
    ash.take(answer);
    assertEquals(ash.held, [1]);
    tell(ash, 2, 2);
    ash.link.want(2);
    // The update is lost, and its mark is not.
    const [, mark = ""] = ash.pull();
    elm.take(mark);
    assertEquals(elm.pull(), ["MISSED 2"]);
    ash.take("MISSED 2");
    assertEquals([ash.held, ash.missed], [[1], 1]);
  },
});

Deno.test({
  name: "Marks are set on a link whose queue is never empty",
  permissions: "none",
  fn() {
    const [ash, elm] = [end("Ash", "Elm", true), end("Elm", "Ash", false)];
    for (let step = 1; step < 100; step++) {
      // Two come, and one leaves at a time.
      tell(ash, step % 40, step);
      tell(ash, (step + 20) % 40, step);
      ash.link.want(step);
      for (const line of ash.pull(1)) elm.take(line);
      for (const line of elm.pull()) ash.take(line);
      assert(ash.link.hasUpdates);
    }
    assert(ash.held.length > 2, `${ash.held}`);
  },
});

Deno.test({
  name:
    "Marks wait for all that were queued, though another one goes before them",
  permissions: "none",
  fn() {
    const [ash, elm] = [end("Ash", "Elm", true), end("Elm", "Ash", false)];
    for (const line of ash.pull()) elm.take(line);
    tell(ash, 1, 1);
    tell(ash, 2, 1);
    // Elm has told the first by itself; it is told anew, and keeps its place.
    ash.link.unqueue(0);
    ash.link.want(1);
    tell(ash, 1, 2);
    for (const line of ash.pull(1)) elm.take(line);
    for (const line of elm.pull()) ash.take(line);
    assertEquals([elm.store.count, ash.held], [1, []]);
    for (const line of ash.pull()) elm.take(line);
    for (const line of elm.pull()) ash.take(line);
    assertEquals([elm.store.count, ash.held], [2, [1]]);
  },
});

Deno.test({
  name: "Marks cost nothing where nobody asks",
  permissions: "none",
  fn() {
    const ash = end("Ash", "Elm", false);
    tell(ash, 1, 1);
    ash.link.want(1);
    assertEquals(ash.pull().map((line) => line.split(" ")[0]), ["AT"]);
  },
});

Deno.test({
  name: "Marks say of nothing that it is held before it is, whatever lines do",
  permissions: "none",
  fn() {
    for (let seed = 0; seed < 60; seed++) {
      const random = new Random(seed);
      const [ash, elm] = [end("Ash", "Elm", true), end("Elm", "Ash", false)];
      const to: string[] = [];
      const back: string[] = [];
      const wanted = new Map<number, readonly string[]>();
      const isQuiet = (step: number) => step > 150;
      const send = (lines: readonly string[], way: string[], step: number) => {
        for (const line of lines) {
          const chance = isQuiet(step) ? 1 : random.fraction();
          if (chance < 0.1) continue;
          way.push(line);
          if (chance < 0.2) way.push(line);
          if (chance < 0.3) way.reverse();
        }
      };
      let [ticket, missed, said] = [0, 0, 0];
      for (let step = 0; step < 400; step++) {
        if (!isQuiet(step) && random.fraction() < 0.3) {
          tell(ash, random.below(5), step);
          const lines = Array.from(
            { length: ash.store.count },
            (_, client) => client,
          ).map((client) => {
            const out = new ByteWriter();
            ash.store.writeLine(client, out);
            return new TextDecoder().decode(out.bytes);
          });
          wanted.set(++ticket, lines);
          ash.link.want(ticket);
        }
        // A link that is slow may never have sent all that waits.
        const isSlow = seed % 2 === 1 && !isQuiet(step);
        send(ash.pull(isSlow ? random.below(60) : undefined), to, step);
        const line = to.shift();
        if (line !== undefined) elm.take(line);
        send(elm.pull(), back, step);
        const answer = back.shift();
        if (answer !== undefined) ash.take(answer);
        if (step % (5 + seed % 8) === 0) ash.link.heartbeat();
        // As `Replicas` does: all that waits goes out again.
        if (ash.missed > missed) {
          missed = ash.missed;
          for (let at = 0; at < ash.store.count; at++) ash.link.queue(at);
          if ((ash.held.at(-1) ?? 0) < ticket) ash.link.want(ticket);
        }
        for (; said < ash.held.length; said++) {
          for (const fix of wanted.get(ash.held[said]!)!) {
            assert(elm.store.holds(parseAtLine(fix)!), `seed ${seed}: ${fix}`);
          }
        }
      }
      assertEquals(ash.held.at(-1) ?? 0, ticket, `seed ${seed}`);
    }
  },
});
