import { assertEquals } from "@std/assert";
import type { HistoryEvent } from "../../../../sim/model/history.ts";
import { trafficOf } from "../../../../sim/model/report/messages.ts";

const SERVERS = ["Ash", "Elm"];
const LINE = "AT Ash +0.1 kiwi +1+1 5";

function sent(atMs: number, line = LINE): HistoryEvent {
  return { atMs, kind: "sent", server: "Ash", to: "Elm", line };
}

function came(atMs: number, isNew: boolean, line = LINE): HistoryEvent {
  const kind = "delivery";
  return { atMs, kind, server: "Elm", from: "Ash", isNew, line };
}

/** Each message: update, from, to, sent, received, new. */
function messages(...events: HistoryEvent[]): unknown[] {
  return trafficOf(events, SERVERS).messages.map((message) =>
    Object.values({ ...message })
  );
}

Deno.test({
  name: "trafficOf() puts the two ends of a message together",
  permissions: "none",
  fn() {
    assertEquals(messages(sent(1), came(3, true)), [[0, 0, 1, 1, 3, true]]);
    // A lost one, and one sent again.
    assertEquals(messages(sent(1)), [[0, 0, 1, 1, undefined, false]]);
    assertEquals(
      messages(sent(1), sent(2), came(3, true), came(4, false)),
      [[0, 0, 1, 1, 3, true], [0, 0, 1, 2, 4, false]],
    );
    // Another update is another message.
    assertEquals(messages(sent(1), came(2, true, "AT Ash +0.1 moa +1+1 5")), [
      [0, 0, 1, 1, undefined, false],
      [1, 0, 1, 2, 2, true],
    ]);
    // Two clocks that differ a little.
    assertEquals(messages(came(1, true), sent(1.1)), [[0, 0, 1, 1, 1, true]]);
    // A duplicate that a fault made: nobody has sent it.
    assertEquals(messages(sent(1), came(2, true), came(3, false)), [
      [0, 0, 1, 1, 2, true],
      [0, 0, 1, 3, 3, false],
    ]);
  },
});

Deno.test({
  name: "trafficOf() starts at the client what came from one",
  permissions: "none",
  fn() {
    const asked = { op: 1, process: "p", f: "iamat", server: "Ash" } as const;
    const { messages, requests, updates } = trafficOf([
      { atMs: 1, kind: "invoke", ...asked, line: "IAMAT kiwi +1+1 5" },
      {
        atMs: 2,
        kind: "delivery",
        server: "Ash",
        from: null,
        isNew: true,
        line: LINE,
      },
      { atMs: 3, kind: "ok", op: 1, reply: LINE },
      { atMs: 4, kind: "invoke", ...asked, op: 2, line: "x", dueMs: 3.5 },
      { atMs: 6, kind: "info", op: 2, why: "lost" },
      { atMs: 7, kind: "invoke", ...asked, op: 3, line: "y" },
    ], SERVERS);
    assertEquals(updates, [LINE]);
    assertEquals(messages, [{
      update: 0,
      from: SERVERS.length,
      to: 0,
      sentMs: 1,
      receivedMs: 2,
      isNew: true,
    }]);
    assertEquals(
      requests.map(({ update, outcome, endedMs, dueMs, told }) => [
        update,
        outcome,
        endedMs,
        dueMs,
        told,
      ]),
      [
        [0, "ok", 3, 1, LINE],
        [undefined, "info", 6, 3.5, "lost"],
        [undefined, "info", undefined, 7, undefined],
      ],
    );
  },
});
