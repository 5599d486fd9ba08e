import { assertEquals } from "@std/assert";
import type { HistoryEvent } from "../../../../sim/model/history.ts";
import { placeAt, read, sent as sentAt } from "../checks/histories.ts";
import { trafficOf } from "../../../../sim/model/report/messages.ts";

const SERVERS = ["Ash", "Elm"];
const LINE = "AT Ash +0.1 kiwi +1+1 5";

const way = ["Ash", "Elm"] as const;
const sent = (atMs: number, line = LINE) => sentAt(atMs, ...way, line);
/** What was written at `sentMs` is read. */
const came = (atMs: number, sentMs: number, isNew: boolean, line = LINE) =>
  read(atMs, sentMs, "Elm", "Ash", line, isNew);

/** What the proxy did to the line that was written at a time. */
function altered(
  atMs: number,
  as: number | null,
  ...by: string[]
): HistoryEvent {
  const place = placeAt(atMs, ...way);
  return { atMs, kind: "altered", from: "Ash", to: "Elm", ...place, as, by };
}

/** The end of the connection at its reader. */
function over(atMs: number): HistoryEvent[] {
  const [peer, server] = way;
  const { connection } = placeAt(0, peer, server);
  const end = { kind: "connection", server, peer, connection } as const;
  return [{ atMs: 0, ...end, isOpen: true }, { atMs, ...end, isOpen: false }];
}

/** Each message: update, from, to, sent, received, new, lost. */
function messages(...events: HistoryEvent[]): unknown[] {
  return trafficOf(events, SERVERS).messages.map((message) =>
    Object.values({ ...message })
  );
}

Deno.test({
  name: "trafficOf() puts the two ends of a message together",
  permissions: "none",
  fn() {
    const told = messages(sent(1), came(3, 1, true));
    assertEquals(told, [[0, 0, 1, 1, 3, true, false]]);
    // One that is on its way, or that nobody knows more of.
    assertEquals(messages(sent(1)), [[0, 0, 1, 1, undefined, false, false]]);
    // It has no part in what the very same line did that was sent again.
    assertEquals(messages(sent(1), sent(2), came(4, 2, true), ...over(5)), [
      [0, 0, 1, 1, undefined, false, true],
      [0, 0, 1, 2, 4, true, false],
    ]);
    // Two clocks that differ a little.
    const early = messages(came(1, 1.1, true), sent(1.1));
    assertEquals(early, [[0, 0, 1, 1.1, 1.1, true, false]]);
    // One that nobody has recorded the sending of.
    assertEquals(messages(sent(1), came(3, 2, false)).slice(1), [
      [0, 0, 1, 3, 3, false, false],
    ]);
  },
});

Deno.test({
  name: "trafficOf() tells what the proxy of a link did to a line",
  permissions: "none",
  fn() {
    const { number } = placeAt(1, ...way);
    assertEquals(messages(sent(1), altered(1, null, "loss")), [
      [0, 0, 1, 1, undefined, false, true],
    ]);
    const doubled = [number, number + 1].map((as) =>
      altered(1, as, "duplicate")
    );
    assertEquals(
      messages(sent(1), ...doubled, came(2, 1, true), came(3, 1.1, false)),
      [[0, 0, 1, 1, 2, true, false], [0, 0, 1, 1, 3, false, false]],
    );
    const corrupted = "AT Ash +0.1 kiwi +1+3 5";
    assertEquals(
      messages(
        sent(1),
        altered(1, number, "corrupt"),
        came(2, 1, true, corrupted),
      ),
      [
        [1, 0, 1, 1, 2, true, false],
        [0, 0, 1, 1, undefined, false, true],
      ],
    );
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
      isLost: false,
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

Deno.test({
  name: "trafficOf() starts at the client what a raw line told, and no answer",
  permissions: "none",
  fn() {
    const asked = { kind: "invoke", process: "p", f: "send", server: "Ash" };
    const line = " IAMAT  kiwi +1+1 5";
    const come = { server: "Ash", from: null, isNew: true, line: LINE };
    const { messages, requests } = trafficOf([
      { atMs: 1, ...asked, op: 1, line },
      { atMs: 2, kind: "delivery", ...come },
      { atMs: 3, kind: "ok", op: 1, reply: LINE },
      { atMs: 0.5, ...asked, op: 2, line: "WHATSAT kiwi 1 1" },
      { atMs: 4, kind: "ok", op: 2, reply: LINE },
    ] as HistoryEvent[], SERVERS);
    assertEquals(messages.map(({ sentMs }) => sentMs), [1]);
    assertEquals(requests.map(({ update }) => update), [0, undefined]);
  },
});

Deno.test({
  name:
    "trafficOf() has what came by a hub from the gateway that told it first",
  permissions: "none",
  fn() {
    const byHub = (atMs: number, server: string, isNew = true) =>
      ({
        atMs,
        kind: "delivery",
        server,
        from: "hub",
        line: LINE,
        isNew,
      }) as const;
    const published = {
      ...{
        atMs: 2,
        kind: "sent",
        server: "Ash",
        to: "hub",
        line: LINE,
      } as const,
    };
    assertEquals(
      messages(published, byHub(5, "Elm"), byHub(5, "Ash", false)),
      [[0, 0, 1, 2, 5, true, false]],
    );
    // Nobody saw who told the hub: it was somebody outside.
    assertEquals(messages(byHub(5, "Elm")), [[0, 2, 1, 5, 5, true, false]]);
  },
});
