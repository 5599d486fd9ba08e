import { assertEquals } from "@std/assert";
import { checkSafety } from "../../../../sim/model/checks/safety.ts";
import { SAFETY_CHECKS } from "../../../../sim/model/checks/violation.ts";
import type { HistoryEvent } from "../../../../sim/model/history.ts";
import {
  at,
  delivery,
  evidence,
  flood,
  hop,
  iamat,
  sent,
  state,
} from "./histories.ts";

const GOOD = [
  ...["Ash", "Elm", "Fig"].flatMap((name) => [
    state(0, name, "starting"),
    state(1, name, "up"),
  ]),
  ...flood(1, 10, 100),
  ...flood(2, 20, 200),
];

/** A client reads from Elm at `atMs`, and has its reply `tookMs` later. */
function read(
  op: number,
  atMs: number,
  reply: string,
  tookMs = 1,
): HistoryEvent[] {
  const [server, line] = ["Elm", "WHATSAT kiwi 10 5"];
  const end = reply.startsWith("?") ? "fail" : "ok";
  return [
    { atMs, kind: "invoke", op, process: "Elm#2", f: "whatsat", server, line },
    { atMs: atMs + tookMs, kind: end, op, reply },
  ];
}

/** What is found in a good history with `planted` in it. */
function found(
  planted: readonly HistoryEvent[],
  records: Record<string, string[]> = {},
): string[] {
  return checkSafety(evidence([...GOOD, ...planted], records))
    .map(({ check, atMs, text }) => `${check} at ${atMs}: ${text}`);
}

function check(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

check("checkSafety() finds nothing where all is well", () => {
  const all = { Ash: [at(200)], Elm: [at(200)], Fig: [at(200)] };
  assertEquals(
    found([...read(3, 30, at(100)), ...read(4, 40, at(200))], all),
    [],
  );
});

check("checkSafety() finds an invented value, wherever it is", () => {
  const invented = at(666);
  assertEquals(found(hop(30, "Ash", "Elm", invented)), [
    `no invented value at 30.5: Elm took ${invented}, which nobody told it`,
  ]);
  assertEquals(found(read(3, 30, invented)), [
    `no invented value at 31: a reply was ${invented}, which nobody told it`,
  ]);
  assertEquals(found([], { Fig: [invented] }), [
    `no invented value at 22.5: Fig held at the end ${invented}, ` +
    "which nobody told it",
  ]);
  // Told, but to another server.
  assertEquals(found(hop(30, "Ash", "Elm", at(100, "Elm"))).length, 1 + 1);
});

check("checkSafety() finds an older fix over a newer", () => {
  assertEquals(found(hop(30, "Ash", "Elm", at(100))), [
    `no older fix over a newer at 30.5: Elm stored ${at(100)} over ${at(200)}`,
  ]);
  assertEquals(
    found([...iamat(3, 30, 300), ...hop(32, "Ash", "Elm", at(300), false)]),
    [
      `no older fix over a newer at 32.5: Elm passed over ${at(300)}, ` +
      `and held ${at(200)}`,
    ],
  );
  assertEquals(found(hop(30, "Ash", "Elm", at(100), false)), []);
});

check("checkSafety() finds a first fix that was dropped", () => {
  const moa = at(300, "Ash", "moa");
  assertEquals(
    found([
      ...iamat(3, 30, 300, "Ash", "moa"),
      delivery(30.5, "Ash", null, moa),
      ...hop(32, "Ash", "Elm", moa, false),
    ]),
    [
      `no older fix over a newer at 32.5: Elm passed over ${moa}, ` +
      "and held nothing",
    ],
  );
});

check("checkSafety() lets a server that was restarted begin anew", () => {
  const again = [
    state(25, "Elm", "stopped"),
    state(26, "Elm", "starting"),
    state(27, "Elm", "up"),
  ];
  assertEquals(found([...again, ...hop(30, "Ash", "Elm", at(100))]), []);
  assertEquals(
    found([
      ...read(3, 23, at(200)),
      ...again,
      ...read(4, 28, "? WHATSAT kiwi 10 5"),
      ...read(5, 30, at(100)),
    ]),
    [],
  );
});

check("checkSafety() lets a server hold again what it kept on disk", () => {
  const moa = at(300, "Ash", "moa");
  const history = [
    ...GOOD,
    state(25, "Elm", "stopped"),
    state(26, "Elm", "starting"),
    state(27, "Elm", "up"),
    ...hop(30, "Ash", "Elm", at(200), false),
    ...hop(32, "Ash", "Elm", moa, false),
    ...iamat(3, 28, 300, "Ash", "moa"),
    delivery(28.5, "Ash", null, moa),
  ].toSorted((a, b) => a.atMs - b.atMs);
  const passedOver = (hasDisks: boolean) =>
    checkSafety({
      ...evidence(history, {}),
      keeping: { durable: "disk", hasDisks },
    }).map(({ atMs }) => atMs);
  assertEquals(passedOver(false), [30.5, 32.5]);
  assertEquals(passedOver(true), [32.5], "It never held that");
});

check(
  "checkSafety() takes no kept fix for lost whose record is behind its disk",
  () => {
    const moa = at(300, "Elm", "moa");
    // Elm was told, and killed before anybody saw it take that.
    const history = [
      ...GOOD,
      state(4, "Elm", "starting"),
      ...iamat(3, 24, 300, "Elm", "moa").slice(0, 1),
      state(25, "Elm", "stopped"),
      state(26, "Elm", "starting"),
      state(27, "Elm", "up"),
      ...hop(30, "Ash", "Elm", moa, false),
    ].toSorted((a, b) => a.atMs - b.atMs);
    const passedOver = (hasDisks: boolean) =>
      checkSafety({
        ...evidence(history, {}),
        keeping: { durable: "disk", hasDisks },
      }).filter(({ check }) => check === "no older fix over a newer")
        .map(({ atMs }) => atMs);
    assertEquals(passedOver(true), []);
    assertEquals(passedOver(false), [30.5]);
  },
);

check("checkSafety() finds reads that go back at a server", () => {
  assertEquals(found([...read(3, 30, at(200)), ...read(4, 40, at(100))]), [
    `monotonic reads at 41: Elm answered ${at(100)} after ${at(200)}`,
  ]);
  const unknown = "? WHATSAT kiwi 10 5";
  assertEquals(found([...read(3, 30, at(200)), ...read(4, 40, unknown)]), [
    `monotonic reads at 41: Elm answered ${unknown} after ${at(200)}`,
  ]);
  // Reads that overlap may be answered in any order.
  assertEquals(
    found([...read(3, 30, at(200), 5), ...read(4, 32, at(100), 4)]),
    [],
  );
});

check("checkSafety() finds an AT that a stranger sent", () => {
  const line = at(100);
  assertEquals(found([delivery(30, "Fig", "Ash", line, false)]), [
    `no AT from a stranger at 30: Fig took ${line} from Ash, ` +
    "which is no neighbour",
  ]);
  assertEquals(found([delivery(30, "Fig", null, line, false)]), [
    `no AT from a stranger at 30: Fig took ${line} from a client that ` +
    "did not tell it so",
  ]);
  const another = sent(29, "Elm", "Ash", at(200));
  for (const before of [[], [another]]) {
    assertEquals(found([...before, delivery(30, "Ash", "Elm", line, false)]), [
      `no AT from a stranger at 30: Ash took ${line} from Elm, ` +
      "which did not send it",
    ]);
  }
});

check("checkSafety() finds replies that are out of order", () => {
  const [first, , second] = [...iamat(3, 30, 300), ...iamat(4, 31, 400)];
  assertEquals(
    found([
      first!,
      second!,
      { atMs: 40, kind: "ok", op: 4, reply: at(400) },
      { atMs: 41, kind: "ok", op: 3, reply: at(300) },
    ]),
    [
      "replies in order at 41: Ash#1: the reply to IAMAT kiwi +1-1 300 came " +
      "after that to IAMAT kiwi +1-1 400, which was sent later",
    ],
  );
  assertEquals(
    found([
      first!,
      second!,
      { atMs: 40, kind: "ok", op: 3, reply: at(400) },
      { atMs: 41, kind: "ok", op: 4, reply: at(300) },
    ]),
    [
      `replies in order at 40: Ash answered ${at(400)} to IAMAT kiwi +1-1 300`,
      `replies in order at 41: Ash answered ${at(300)} to IAMAT kiwi +1-1 400`,
    ],
  );
  assertEquals(
    found([first!, { atMs: 40, kind: "fail", op: 3, reply: "? x" }]),
    [
      "replies in order at 40: Ash answered ? x to IAMAT kiwi +1-1 300",
    ],
  );
});

check("checkSafety() takes replies of one time for in order", () => {
  const [first] = iamat(3, 30, 300);
  const [second] = iamat(4, 31, 400);
  for (const [one, other] of [[3, 4], [4, 3]] as const) {
    assertEquals(
      found([
        first!,
        second!,
        { atMs: 40, kind: "ok", op: one, reply: at(one * 100) },
        { atMs: 40, kind: "ok", op: other, reply: at(other * 100) },
      ]),
      [],
    );
  }
});

check("checkSafety() finds a repair that no fault is the cause of", () => {
  const repair: HistoryEvent = {
    atMs: 60,
    kind: "sync-repair",
    server: "Ash",
    peer: "Elm",
    ours: 3,
    theirs: 2,
  };
  assertEquals(found([repair]), [
    "no repair without a fault at 60: Ash held something else than Elm " +
    "(records: 3 and 2)",
  ]);
  const fault = { kind: "fault-begin", id: "loss-1", fault: "loss" } as const;
  assertEquals(found([{ atMs: 50, ...fault, targets: [] }, repair]), []);
  assertEquals(found([repair, { atMs: 70, ...fault, targets: [] }]).length, 1);
});

check(
  "checkSafety() finds a link that was closed for what a neighbour sent",
  () => {
    const lost = {
      atMs: 60,
      kind: "link",
      server: "Ash",
      peer: "Elm",
      isUp: false,
      why: "connection lost",
    } as const;
    const down: HistoryEvent = {
      ...lost,
      why: "unknown-command: AT Elm +0.2 kiSYNC 3 00",
      wrong: "unknown-command",
    };
    assertEquals(found([down]), [
      "no bad line on a link at 60: Ash closed on Elm: unknown-command: " +
      "AT Elm +0.2 kiSYNC 3 00",
    ]);
    assertEquals(found([lost]), []);
    assertEquals(
      found([{ ...lost, why: "nothing heard", wrong: "silence" }]),
      [],
    );
    const fault = { kind: "fault-begin", id: "it", targets: [] } as const;
    const loss: HistoryEvent = { atMs: 50, ...fault, fault: "loss" };
    assertEquals(found([loss, down]), []);
    assertEquals(found([{ ...loss, fault: "cut" }, down]).length, 1);
  },
);

check("checkSafety() finds two connections of one link", () => {
  const open = (atMs: number, number: number, isOpen = true): HistoryEvent => ({
    atMs,
    kind: "connection",
    server: "Ash",
    peer: "Elm",
    connection: `c${number}`,
    isOpen,
  });
  const end: HistoryEvent = { atMs: 5_000, kind: "sockets", leaked: [] };
  const both = [open(1, 1), open(2, 2)];
  const told = (forMs: number) => `Ash's link with Elm had two for ${forMs} ms`;
  assertEquals(found([...both, end]), [
    `one connection a link at 5000: ${told(4_998)}`,
  ]);
  assertEquals(found([...both, open(3_000, 1, false), end]), [
    `one connection a link at 3000: ${told(2_998)}`,
  ]);
  assertEquals(found([...both, open(3, 1, false), end]), []);
  const again = { kind: "state", server: "Ash", state: "starting" } as const;
  assertEquals(found([open(1, 1), { atMs: 2, ...again }, open(3, 2), end]), []);
});

check("SAFETY_CHECKS names each check", () => {
  assertEquals(new Set(SAFETY_CHECKS).size, 9);
});
