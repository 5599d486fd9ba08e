import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { byteString } from "../../../../herd/core/bytes/bytes.ts";
import {
  type PendingReply,
  Replies,
} from "../../../../herd/core/bytes/replies.ts";
import type { ByteWriter } from "../../../../herd/core/bytes/writer.ts";
import { WriterPool } from "../../../../herd/core/bytes/writer_pool.ts";
import { pure } from "../pure.ts";

/** Takes all that may be sent, and gives its memory back. */
function take(replies: Replies): string {
  let text = "";
  for (;;) {
    const ready = replies.take();
    if (ready === undefined) return text;
    assert(ready.length > 0);
    text += byteString(ready.bytes);
    replies.recycle(ready);
  }
}

pure("Replies.take() gives what stands before the first pending reply", () => {
  const replies = new Replies();
  replies.out.text("a\n");
  const first = replies.reserve();
  replies.out.text("b\n");
  const second = replies.reserve();
  replies.out.text("c\n");
  assertEquals([replies.pending, replies.bytes], [2, 6]);
  assertEquals([take(replies), take(replies)], ["a\n", ""]);
  replies.settle(second, "2\n");
  assertEquals([take(replies), replies.pending], ["", 1]);
  replies.settle(first, "1\n");
  assertEquals(take(replies), "1\nb\n2\nc\n");
  assertEquals([replies.pending, replies.bytes], [0, 0]);
});

pure("Replies.settle() refuses a second text", () => {
  const replies = new Replies();
  const [one, two] = [replies.reserve(), replies.reserve()];
  replies.settle(two, "");
  assertThrows(() => replies.settle(two, "x"), RangeError, "settled");
  replies.settle(one, "x");
  assertThrows(() => replies.settle(one, "y"), RangeError, "settled");
  assertEquals(take(replies), "x");
});

pure("Replies.take() leaves alone what was taken and is not given back", () => {
  const replies = new Replies();
  replies.out.text("one");
  const one = replies.take()!;
  replies.out.text("two");
  const two = replies.take()!;
  replies.out.text("three");
  assertEquals([one, two].map((it) => byteString(it.bytes)), ["one", "two"]);
  replies.recycle(one);
  const three = replies.take()!;
  replies.out.text("four");
  const four = replies.take()!;
  replies.out.text("five");
  const taken = [two, three, four].map((it) => byteString(it.bytes));
  assertEquals(taken, ["two", "three", "four"]);
  assertEquals(take(replies), "five");
});

pure("Replies go into a further buffer where one is full", () => {
  const replies = new Replies();
  const line = `${"x".repeat(999)}\n`;
  const fill = (bytes: number) => {
    for (let at = 0; at < bytes; at += line.length) replies.out.text(line);
  };
  fill(300_000);
  const pending = replies.reserve();
  fill(300_000);
  assertEquals(replies.bytes, 600_000);
  assert(replies.capacity < 1_000_000, `${replies.capacity} bytes`);
  replies.settle(pending, "");
  const taken: number[] = [];
  for (let it = replies.take(); it !== undefined; it = replies.take()) {
    taken.push(it.length);
  }
  assertEquals(taken.reduce((sum, bytes) => sum + bytes), 600_000);
  assert(Math.max(...taken) < 140_000, `${taken}`);
});

pure("Replies.drop() gives back buffers that are full too", () => {
  const pool = new WriterPool();
  const replies = new Replies(pool);
  const used = new Set<ByteWriter>();
  while (replies.bytes < 200_000) {
    used.add(replies.out);
    replies.out.text("x".repeat(1_000));
  }
  assert(used.size >= 3);
  replies.drop();
  assertEquals([replies.bytes, replies.capacity], [0, 0]);
  for (const _ of [...used]) assert(used.delete(pool.take()));
});

/** What is done to a queue of replies: `settle` names one of those pending. */
const steps = fc.array(
  fc.oneof(
    fc.constant({ do: "add" as const, which: 0 }),
    fc.constant({ do: "long" as const, which: 0 }),
    fc.constant({ do: "reserve" as const, which: 0 }),
    fc.constant({ do: "take" as const, which: 0 }),
    fc.record({ do: fc.constant("settle" as const), which: fc.nat() }),
  ),
  { maxLength: 60 },
);

pure("Replies go out in the order of their commands, whole, once", () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const replies = new Replies();
      const expected: string[] = [];
      const pending: [PendingReply, string][] = [];
      let taken = "";
      for (const step of steps) {
        const isLong = step.do === "long";
        const text = `<${expected.length}${" ".repeat(isLong ? 40_000 : 0)}>`;
        if (step.do === "take") taken += take(replies);
        else if (step.do === "settle") {
          const at = step.which % Math.max(pending.length, 1);
          for (const [reply, text] of pending.splice(at, 1)) {
            replies.settle(reply, text);
          }
        } else {
          expected.push(text);
          if (step.do !== "reserve") replies.out.text(text);
          else pending.push([replies.reserve(), text]);
        }
        assertEquals(replies.pending, pending.length);
        const unsettled = pending.reduce(
          (sum, [, text]) => sum + text.length,
          0,
        );
        const all = expected.join("").length;
        assertEquals(taken.length + replies.bytes + unsettled, all);
        if (pending.length > 0) {
          const sendable = taken + take(replies);
          taken = sendable;
          const first = pending.map(([, text]) => Number(text.slice(1, -1)));
          assertEquals(
            sendable,
            expected.slice(0, Math.min(...first)).join(""),
          );
        }
      }
      for (const [reply, text] of pending) replies.settle(reply, text);
      assertEquals(taken + take(replies), expected.join(""));
    }),
  );
});

pure(
  "Replies hold no memory while nothing is here, and share what they held",
  () => {
    const pool = new WriterPool();
    const [one, other] = [new Replies(pool), new Replies(pool)];
    one.out.text("x".repeat(1_000));
    assert(one.capacity >= 1_000);
    const sent = one.take()!;
    assertEquals([one.bytes, one.capacity], [0, 0]);
    one.recycle(sent);
    assert(other.out === sent, "The same buffer is written again");
    other.drop();
    assertEquals(other.capacity, 0);
  },
);

pure("WriterPool keeps small buffers, and not more than a thousand", () => {
  const pool = new WriterPool();
  const writers = Array.from({ length: 2_000 }, () => pool.take());
  for (const writer of writers) writer.text("x".repeat(10_000));
  for (const writer of writers) pool.give(writer);
  const capacities = writers.map(() => pool.take().capacity);
  assert(Math.max(...capacities) <= 4_096);
  assertEquals(new Set(writers).size, 2_000);
  assertEquals(writers.filter((it) => it.length > 0), []);
});

pure("Replies count what is held for those that are pending", () => {
  const replies = new Replies();
  const reply = replies.reserve(30_000);
  assertEquals([replies.bytes, replies.capacity], [30_000, 30_000]);
  replies.settle(reply, "x");
  assertEquals(replies.bytes, 1);
});

pure("Replies.settle() after drop() keeps nothing", () => {
  const replies = new Replies();
  const reply = replies.reserve();
  replies.out.text("y");
  replies.drop();
  replies.settle(reply, "x");
  assertEquals([replies.bytes, replies.capacity], [0, 0]);
});

pure(
  "Replies.take() gives a long text in pieces, and all that is around it",
  () => {
    const replies = new Replies();
    replies.out.text("before\n");
    const long = replies.reserve();
    replies.out.text("after\n");
    const text = `${"0123456789\xff".repeat(300_000)}\n`;
    replies.settle(long, text);
    const before = replies.bytes;
    let taken = "";
    for (let ready = replies.take(); ready; ready = replies.take()) {
      assert(ready.length <= 131_072, `${ready.length} bytes at once`);
      taken += byteString(ready.bytes);
      replies.recycle(ready);
      assertEquals(replies.bytes, before - taken.length);
    }
    assert(taken === `before\n${text}after\n`);
  },
);
