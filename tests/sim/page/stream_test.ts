import { assertEquals } from "@std/assert";
import type { Batch } from "../../../sim/model/web/batch.ts";
import { BatchStream } from "../../../sim/page/stream.ts";
import { batch } from "./batches.ts";

function answer(...batches: Batch[]): Response {
  const text = batches.map((it) =>
    `id: ${it.id}\ndata: ${JSON.stringify(it)}\n\n`
  );
  return new Response(text.join(""));
}

Deno.test({
  name: "BatchStream goes on where the connection broke, and asks ever later",
  permissions: "none",
  async fn() {
    const asked: string[] = [];
    const heard: number[] = [];
    const states: string[] = [];
    const answers = [
      () => answer(batch(1), batch(2)),
      () => Promise.reject(new TypeError("refused")),
      () => new Response("no", { status: 503 }),
      () => answer(batch(3)),
    ];
    const stream = new BatchStream({
      batch: ({ id }) => heard.push(id),
      connection: (state) => states.push(state),
    }, {
      ask(input, init) {
        const id = new Headers(init?.headers).get("last-event-id");
        asked.push(`${input} ${id}`);
        const next = answers.shift();
        if (next !== undefined) return Promise.resolve(next());
        stream.stop();
        return Promise.reject(new TypeError("over"));
      },
      wait(ms) {
        states.push(`waits ${ms}`);
        return Promise.resolve();
      },
    });
    await stream.run();
    assertEquals(heard, [1, 2, 3]);
    assertEquals(asked.map((it) => it.split(" ")[1]), [
      "null",
      "2",
      "2",
      "2",
      "3",
    ]);
    assertEquals(states, [
      "connecting",
      "open",
      "lost",
      "waits 500",
      "lost",
      "waits 1000",
      "lost",
      "waits 2000",
      "open",
      "lost",
      "waits 500",
    ]);
  },
});

Deno.test({
  name: "BatchStream.follow() asks anew at once, for these clients",
  permissions: "none",
  async fn() {
    const asked: string[] = [];
    const stream = new BatchStream({ batch() {}, connection() {} }, {
      ask(input) {
        asked.push(String(input));
        if (asked.length === 1) stream.follow(["kiwi", "a b"]);
        else stream.stop();
        return Promise.reject(new TypeError("aborted"));
      },
      wait: () => Promise.reject(new Error("It waited")),
    });
    await stream.run();
    assertEquals(asked, ["/api/events?", "/api/events?follow=kiwi&follow=a+b"]);
  },
});

Deno.test({
  name: "BatchStream.restart() forgets what is left of a chunk too",
  permissions: "none",
  async fn() {
    const asked: (string | null)[] = [];
    const heard: number[] = [];
    const stream = new BatchStream({
      batch({ id }) {
        heard.push(id);
        if (id === 7) queueMicrotask(() => stream.restart());
      },
      connection() {},
    }, {
      ask(_, init) {
        asked.push(new Headers(init?.headers).get("last-event-id"));
        if (asked.length === 2) stream.stop();
        return Promise.resolve(answer(batch(7), batch(8)));
      },
    });
    await stream.run();
    assertEquals(asked, [null, null]);
    assertEquals(heard, [7]);
  },
});
