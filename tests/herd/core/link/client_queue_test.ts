import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ClientQueue } from "../../../../herd/core/link/client_queue.ts";
import { pure } from "../pure.ts";

/** All that wait, taken out. */
function drained(queue: ClientQueue): number[] {
  const clients: number[] = [];
  for (let client; (client = queue.shift()) >= 0;) clients.push(client);
  return clients;
}

pure("ClientQueue gives clients out in order, each once", () => {
  const queue = new ClientQueue();
  for (const client of [3, 1, 3, 1_000_000, 1]) queue.add(client);
  assertEquals(queue.size, 3);
  assertEquals(drained(queue), [3, 1, 1_000_000]);
  assertEquals([queue.size, queue.shift()], [0, -1]);
});

pure("ClientQueue.delete() takes out who waits, and nobody else", () => {
  const queue = new ClientQueue();
  for (const client of [1, 2, 3]) queue.add(client);
  queue.delete(2);
  queue.delete(2);
  queue.delete(1_000_000);
  assertEquals([queue.size, queue.has(2), queue.has(3)], [2, false, true]);
  queue.add(2);
  assertEquals(drained(queue).toSorted(), [1, 2, 3]);
});

pure("ClientQueue does not grow with clients that come and go", () => {
  const queue = new ClientQueue();
  queue.add(0);
  for (let i = 0; i < 1_000_000; i++) {
    queue.add(1 + i % 40);
    if (i >= 20) queue.delete(1 + (i - 20) % 40);
  }
  assertEquals([queue.size, queue.slots], [21, 64]);
  assertEquals(drained(queue).length, 21);
});

pure("ClientQueue gives memory back once it is empty", () => {
  const queue = new ClientQueue();
  for (let client = 0; client < 100_000; client++) queue.add(client);
  assertEquals(queue.slots, 131_072);
  assertEquals(drained(queue).length, 100_000);
  assertEquals(queue.slots, 64);
});

pure("ClientQueue that has given memory back is used again as if new", () => {
  const count = 20_000;
  for (const last of ["shift", "delete"] as const) {
    const queue = new ClientQueue();
    // How far the order has come round its memory differs each time.
    for (let round = 0; round < 3; round++) {
      for (let client = 0; client < count; client++) queue.add(client);
      for (let client = 0; client < count - 1; client++) {
        assertEquals(queue.shift(), client);
      }
      if (last === "shift") assertEquals(queue.shift(), count - 1);
      else queue.delete(count - 1);
      assertEquals([queue.size, queue.slots], [0, 64], `Round ${round}`);
      for (let client = 0; client < 200; client++) {
        queue.add(client);
        queue.add(client);
        assertEquals(drained(queue), [client], `Round ${round}, after ${last}`);
      }
      for (const client of [7, 5, count, 5]) queue.add(client);
      assertEquals(drained(queue), [7, 5, count]);
    }
  }
});

pure("ClientQueue that a deletion emptied is used again as if new", () => {
  const queue = new ClientQueue();
  for (let round = 0; round < 300; round++) {
    queue.add(1);
    queue.add(2);
    queue.delete(1 + round % 2);
    queue.delete(2 - round % 2);
    assertEquals(queue.size, 0);
    queue.add(3);
    queue.add(1);
    assertEquals(drained(queue), [3, 1]);
  }
});

pure("ClientQueue holds who a set would hold", () => {
  const step = fc.record({
    act: fc.constantFrom("add", "add", "delete", "shift"),
    client: fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 500 })),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 1_500, size: "max" }), (steps) => {
      const [queue, set] = [new ClientQueue(), new Set<number>()];
      for (const { act, client } of steps) {
        if (act === "shift") {
          const next = queue.shift();
          assertEquals(next >= 0, set.size > 0);
          assertEquals(next < 0 || set.delete(next), true);
        } else {
          queue[act](client);
          set[act](client);
        }
        assertEquals(queue.size, set.size);
      }
      const left = drained(queue).toSorted((a, b) => a - b);
      assertEquals(left, [...set].toSorted((a, b) => a - b));
    }),
    { numRuns: 200 },
  );
});

pure(
  "ClientQueue.waitedHeartbeats is how long the first has waited, however much its memory moves",
  () => {
    const step = fc.record({
      act: fc.constantFrom("add", "shift", "heartbeat"),
      count: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 200 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const queue = new ClientQueue();
        /** The heartbeat before which each began to wait, in their order. */
        const waiting: number[] = [];
        let [heartbeat, client] = [0, 0];
        for (const { act, count } of steps) {
          if (act === "heartbeat") {
            heartbeat++;
            queue.heartbeat();
          }
          for (let i = 0; i < count && act === "add"; i++) {
            queue.add(client++);
            waiting.push(heartbeat + 1);
          }
          for (let i = 0; i < count && act === "shift"; i++) {
            queue.shift();
            waiting.shift();
          }
          const [first = heartbeat] = waiting;
          assertEquals(queue.waitedHeartbeats, Math.max(0, heartbeat - first));
        }
      }),
      { numRuns: 300 },
    );
  },
);

pure(
  "ClientQueue.waitedHeartbeats goes by who still waits, and never forgets the oldest",
  () => {
    const queue = new ClientQueue();
    queue.add(1);
    queue.heartbeat();
    queue.add(2);
    queue.heartbeat();
    queue.heartbeat();
    assertEquals(queue.waitedHeartbeats, 2);
    queue.delete(1);
    assertEquals(queue.waitedHeartbeats, 1);
    // Those that come and go make room again and again.
    for (let i = 0; i < 1_000; i++) {
      queue.add(10 + i);
      if (i % 5 === 0) queue.heartbeat();
      queue.delete(10 + i);
    }
    assertEquals(queue.waitedHeartbeats, 201);
    queue.delete(2);
    assertEquals(queue.waitedHeartbeats, 0);
    queue.add(3);
    queue.heartbeat();
    queue.heartbeat();
    assertEquals(queue.waitedHeartbeats, 1);
  },
);
