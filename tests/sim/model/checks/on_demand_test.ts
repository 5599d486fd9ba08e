import { assertEquals } from "@std/assert";
import { Fixes, operationsOf } from "../../../../sim/model/checks/evidence.ts";
import { nothingMissed } from "../../../../sim/model/checks/on_demand.ts";
import type { HistoryEvent } from "../../../../sim/model/history.ts";
import { at, evidence, iamat, state } from "./histories.ts";

const UNKNOWN = "? WHATSAT kiwi 10 5";

function link(
  atMs: number,
  server: string,
  peer: string,
  isUp = true,
): HistoryEvent {
  return { atMs, kind: "link", server, peer, isUp };
}

/** Both ends of a link come up, or go down. */
function both(atMs: number, one: string, other: string, isUp = true) {
  return [link(atMs, one, other, isUp), link(atMs, other, one, isUp)];
}

/** All links of the line are up. */
const LINKED = [...both(0, "Ash", "Elm"), ...both(0, "Elm", "Fig")];

/** Somebody asks Fig, or another one, for kiwi, and is answered 50 ms later. */
function asks(
  op: number,
  atMs: number,
  reply: string,
  server = "Fig",
): HistoryEvent[] {
  const line = "WHATSAT kiwi 10 5";
  const asked = { process: `${server}#2`, f: "whatsat", server, line } as const;
  const kind = reply.startsWith("?") ? "fail" : "ok";
  return [
    { atMs, kind: "invoke", op, ...asked },
    { atMs: atMs + 50, kind, op, reply },
  ];
}

function partial(atMs: number, server = "Fig", client = "kiwi"): HistoryEvent {
  return { atMs, kind: "unanswered", server, client, links: 1 };
}

function found(...events: (HistoryEvent | HistoryEvent[])[]): string[] {
  const its = { ...evidence(events.flat()), mode: "ondemand" } as const;
  const operations = operationsOf(its.history);
  return nothingMissed(its, operations, new Fixes()).map(({ text }) => text);
}

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const MISSED = [
  `Fig answered ${at(100)}, and Ash had acknowledged ${at(200)}`,
];
const TOLD = [...iamat(1, 100, 100), ...iamat(2, 110, 200)];

test("nothingMissed() finds an answer older than what was acknowledged, or none", () => {
  assertEquals(found(LINKED, TOLD, asks(3, 200, at(100))), MISSED);
  assertEquals(found(LINKED, TOLD, asks(3, 200, UNKNOWN)), [
    `Fig answered ${UNKNOWN}, and Ash had acknowledged ${at(200)}`,
  ]);
  for (const answer of [at(200), at(300, "Elm")]) {
    assertEquals(found(LINKED, TOLD, asks(3, 200, answer)), []);
  }
});

test("nothingMissed() asks for what was acknowledged before the question only", () => {
  const late = [...iamat(1, 100, 100), ...iamat(2, 199.5, 200)];
  assertEquals(found(LINKED, late, asks(3, 200, at(100))), []);
});

test("nothingMissed() leaves out what some did not answer, even if that is told late", () => {
  for (const atMs of [197, 220, 250, 253]) {
    assertEquals(
      found(LINKED, TOLD, asks(3, 200, at(100)), partial(atMs)),
      [],
      `${atMs}`,
    );
  }
  // That others did not, or for another client, or another time, is no excuse.
  for (
    const other of [
      partial(190),
      partial(260),
      partial(220, "Elm"),
      partial(220, "Fig", "emu"),
    ]
  ) {
    assertEquals(found(LINKED, TOLD, asks(3, 200, at(100)), other), MISSED);
  }
});

test("nothingMissed() asks for nothing beyond a link that was not up all the time", () => {
  const down = (atMs: number) => both(atMs, "Ash", "Elm", false);
  const up = (atMs: number) => both(atMs, "Ash", "Elm");
  const cases = [
    [down(150)],
    [down(220)],
    [down(150), up(220)],
    [down(150), up(198)],
    [[link(150, "Ash", "Elm", false)]],
    [[link(150, "Elm", "Ash", false)]],
  ];
  for (const events of cases) {
    const all = events.flat();
    assertEquals(found(LINKED, TOLD, all, asks(3, 200, UNKNOWN)), []);
  }
  const healed = [...down(150), ...up(160)];
  assertEquals(found(LINKED, TOLD, healed, asks(3, 200, at(100))), MISSED);
});

test("nothingMissed() finds another way, where there is one", () => {
  const ring = both(0, "Ash", "Fig");
  const cut = both(150, "Ash", "Elm", false);
  assertEquals(
    found(LINKED, ring, TOLD, cut, asks(3, 200, at(100))),
    MISSED,
  );
});

test("nothingMissed() asks for nothing of who died with it, or lives again", () => {
  const dead = state(150, "Ash", "stopped");
  const again = [
    dead,
    state(152, "Ash", "starting"),
    state(154, "Ash", "up"),
    ...LINKED.map((event) => ({ ...event, atMs: 155 })),
  ];
  const asked = asks(3, 200, UNKNOWN);
  assertEquals(found(LINKED, TOLD, dead, asked), []);
  assertEquals(found(LINKED, TOLD, again, asked), []);
  assertEquals(found(LINKED, TOLD, state(220, "Ash", "crashed"), asked), []);
  // One that was frozen for a while holds it all the same.
  const frozen = [state(150, "Ash", "paused"), state(160, "Ash", "up")];
  assertEquals(found(LINKED, TOLD, frozen, asked).length, 1);
});

test("nothingMissed() counts no link of a server's life before", () => {
  const again = [state(150, "Fig", "stopped"), state(152, "Fig", "starting")];
  const asked = asks(3, 200, UNKNOWN);
  assertEquals(found(LINKED, TOLD, again, asked), []);
  const linked = both(160, "Elm", "Fig");
  assertEquals(found(LINKED, TOLD, again, linked, asked).length, 1);
});

test("nothingMissed() asks a server for what it was told itself", () => {
  const asked = asks(3, 200, at(100), "Ash");
  assertEquals(found(TOLD, asked).length, 1);
});

test("nothingMissed() trusts no line any more once a fault has turned some", () => {
  const fault: HistoryEvent = {
    atMs: 150,
    kind: "fault-begin",
    id: "corrupt-1",
    fault: "corrupt",
    targets: ["Ash-Elm"],
  };
  assertEquals(found(LINKED, TOLD, fault, asks(3, 200, UNKNOWN)), []);
});

test("nothingMissed() says nothing of herds that spread what they hear", () => {
  const its = evidence([LINKED, TOLD, asks(3, 200, UNKNOWN)].flat());
  const operations = operationsOf(its.history);
  for (const mode of [undefined, "flood", "tree"] as const) {
    const what = { ...its, ...mode && { mode } };
    assertEquals(nothingMissed(what, operations, new Fixes()), []);
  }
});
