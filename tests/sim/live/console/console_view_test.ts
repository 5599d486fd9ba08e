import { assertEquals } from "@std/assert";
import { zeroStats } from "../../../../herd/core/stats.ts";
import {
  type ConsoleView,
  jsonView,
  textView,
} from "../../../../sim/live/console/console_view.ts";
import type { HerdEvent } from "../../../../sim/model/events.ts";
import type { CommandResult } from "../../../../sim/live/commands/result.ts";
import type { ServerStatus } from "../../../../sim/live/servers/status.ts";

/** What a view prints when `show` uses it. */
function printed(
  make: (print: (text: string) => void) => ConsoleView,
  show: (view: ConsoleView) => void,
): string[] {
  const texts: string[] = [];
  show(make((text) => void texts.push(text)));
  return texts;
}

const text = (print: (text: string) => void) => textView(print, false);

const PARKER: ServerStatus = {
  name: "Parker",
  hostname: "127.0.0.1",
  port: 12043,
  neighbours: ["Alford", "Bolden"],
  state: "up",
  linked: ["Bolden"],
  restarts: 2,
  backoffMs: 0,
  limitReached: false,
  seesLinks: true,
  isGateway: false,
  sinceMs: 1,
};

const STATUS: Extract<CommandResult, { event: "status" }> = {
  event: "status",
  servers: [PARKER],
  mode: "tree",
  atMs: 2_001,
};

Deno.test({
  name: "textView().event() tells the time of day where the user is",
  permissions: "none",
  fn() {
    const at = new Date(2026, 0, 2, 3, 4, 5, 6);
    const [shown] = printed(text, (view) =>
      view.event({
        kind: "link-up",
        atMs: at.getTime() + 0.7,
        server: "a",
        peer: "b",
      } as HerdEvent));
    assertEquals(shown, "03:04:05.006  a: link to b is up");
  },
});

Deno.test({
  name: "textView().ready() is a table of servers, addresses and neighbours",
  permissions: "none",
  fn() {
    const [shown] = printed(text, (view) =>
      view.ready({
        topology: "pair",
        mode: "flood",
        servers: [
          { name: "a", hostname: "127.0.0.1", port: 80, neighbours: ["bb"] },
          { name: "bb", hostname: "127.0.0.1", port: 8080, neighbours: ["a"] },
        ],
        pid: 1,
        tookMs: 249,
      }));
    assertEquals(shown!.split("\n"), [
      "pair is up: 2 servers, 1 link, mode flood, in 0.2 s",
      "",
      "server  address         neighbours",
      "a       127.0.0.1:80    bb",
      "bb      127.0.0.1:8080  a",
      "",
    ]);
  },
});

Deno.test({
  name: "textView() tells events in words, and leaves out a sync of equals",
  permissions: "none",
  fn() {
    const atMs = new Date(2026, 2, 1, 12, 30, 1, 5).getTime();
    const shown = printed(text, (view) => {
      view.event({
        kind: "state",
        server: "a",
        state: "crashed",
        why: "x",
        atMs,
      });
      view.event({
        ...{ kind: "state", server: "a", state: "crashed" } as const,
        ...{ why: "crashed on purpose", isAsked: true, atMs },
      });
      view.event({ kind: "link-up", server: "a", peer: "b", atMs });
      view.event({ kind: "link-down", server: "a", peer: "b", why: "x", atMs });
      view.event({
        kind: "restart-limit",
        server: "a",
        restarts: 3,
        periodMs: 5_000,
        atMs,
      });
      view.event({ kind: "backoff", server: "a", delayMs: 200, atMs });
      const restart = { restarts: 2, backoffMs: 201 };
      view.event({ kind: "restart", server: "a", ...restart, atMs });
      const sync = { kind: "synced", server: "a", peer: "b", atMs } as const;
      view.event({ ...sync, role: "equal", listed: 0, sent: 0, wanted: 0 });
      view.event({ ...sync, role: "listed", listed: 9, sent: 1, wanted: 8 });
    });
    assertEquals(shown, [
      "12:30:01.005  a has crashed: x",
      "12:30:01.005  a has crashed, as it was told to",
      "12:30:01.005  a: link to b is up",
      "12:30:01.005  a: link to b is down: x",
      "12:30:01.005  a stays down: more than 3 restarts in 5 s",
      "12:30:01.005  a is restarted in 200ms",
      "12:30:01.005  a is restarted: 2 restarts by now",
      "12:30:01.005  a: synced with b, 1 record sent, 8 asked for",
    ]);
  },
});

Deno.test({
  name:
    "textView() tells of dials that go on failing more and more seldom, and what answered",
  permissions: "none",
  fn() {
    const about = { server: "a", peer: "b", why: "no challenge", atMs: 0 };
    const shown = printed(text, (view) => {
      for (let failures = 1; failures <= 9; failures++) {
        const answer = "HTTP/1.1 400 Bad Request";
        view.event({ kind: "link-refused", ...about, answer, failures });
        view.event({ kind: "dial-failed", ...about, failures });
      }
    }).map((line) => line.slice("12:30:01.005  ".length));
    const refused = (times: string) =>
      `a: its dial to b got no link${times}: no challenge, ` +
      'the answer was "HTTP/1.1 400 Bad Request"';
    const failed = (times: number) =>
      `a: dial to b failed ${times} times: no challenge`;
    assertEquals(shown, [
      refused(""),
      ...[2, 4, 8].flatMap((n) => [refused(` ${n} times`), failed(n)]),
    ]);
  },
});

Deno.test({
  name: "textView() tells of a client that waits for its line's end",
  permissions: "none",
  fn() {
    const [shown] = printed(text, (view) => {
      const about = { server: "a", client: "127.0.0.1:9", atMs: 0 };
      view.event({ kind: "line-unfinished", ...about, head: "IAMAT kiwi" });
    });
    assertEquals(
      shown!.slice("12:30:01.005  ".length),
      "a: a client waits for a reply, but its line has no end: " +
        '"IAMAT kiwi" (a line ends with a line feed)',
    );
  },
});

Deno.test({
  name: "textView() tells of a time that is far ahead",
  permissions: "none",
  fn() {
    const [shown] = printed(text, (view) => {
      const about = { server: "a", client: "kiw\xc3\xad", atMs: 0 };
      view.event({ kind: "time-ahead", ...about, aheadMs: 86_400_000 * 3.5 });
    });
    assertEquals(
      shown!.slice("12:30:01.005  ".length),
      "a: the time of kiwí is 3 days ahead of the clock, and until then " +
        "nothing true replaces its fix (--future-max refuses such)",
    );
  },
});

Deno.test({
  name: "textView().result() sets apart the links that are not up",
  permissions: "none",
  fn() {
    const [shown] = printed(text, (view) => view.result(STATUS));
    const [head, row, mode] = shown!.split("\n");
    assertEquals(mode, "mode tree");
    assertEquals(head!.split(/ {2,}/), [
      "server",
      "address",
      "state",
      "for",
      "restarts",
      "linked to",
      "not linked to",
    ]);
    const { 3: _seconds, ...cells } = row!.split(/ {2,}/);
    assertEquals(Object.values(cells), [
      "Parker",
      "127.0.0.1:12043",
      "up",
      "2",
      "Bolden",
      "Alford",
    ]);
  },
});

Deno.test({
  name: "textView().result() has no column of what nobody can see",
  permissions: "none",
  fn() {
    const { mode: _, servers, ...status } = STATUS;
    const hidden = servers.map((it) => ({ ...it, seesLinks: false }));
    const [shown] = printed(
      text,
      (view) => view.result({ ...status, servers: hidden }),
    );
    const [head, ...rows] = shown!.split("\n");
    assertEquals(head!.trim().split(/ {2,}/), [
      ...["server", "address", "state", "for", "restarts"],
    ]);
    assertEquals(rows.length, servers.length);
  },
});

Deno.test({
  name: "textView().result() shows the counters of a server and of its links",
  permissions: "none",
  fn() {
    const link = { ups: 1, linesIn: 4, linesOut: 3, bytesIn: 229, syncs: 1 };
    const byLink = [
      {
        ...{ ...link, peer: "Alford", isUp: true, bytesOut: 163 },
        ...{ queued: 7, waitedS: 2, lastSyncMs: 1_000, repairs: 0 },
      },
      {
        ...{ ...link, peer: "Bolden", isUp: false, bytesOut: 16 },
        ...{ queued: 0, waitedS: 0, lastSyncMs: null, repairs: 1 },
      },
    ];
    const stats = { ...zeroStats(), clients: 1, bytesIn: 636, bytesOut: 731 };
    const counts = {
      links: 1,
      records: 3,
      queued: 7,
      longestQueue: 9,
      byLink,
      refused: {},
      lookups: { ok: 0, failed: 0 },
      lagMs: 0,
    };
    const [shown] = printed(text, (view) =>
      view.result({
        ...{ event: "counters", server: "Parker", atMs: 2_400 } as const,
        stats: { ...stats, ...counts },
      }));
    const [sums, head, ...rows] = shown!.split("\n");
    assertEquals(
      sums,
      "1 client connected, 3 records held; since its start 0 updates stored, " +
        "636 bytes read, 731 written; 7 updates waiting for a neighbour",
    );
    assertEquals(
      [head!, ...rows].map((row) => row.split(/ {2,}/)),
      [
        "link|state|lines in|lines out|bytes in|bytes out|waiting|longest|" +
        "last sync|repairs",
        "Parker-Alford|up|4|3|229|163|7|2 s|1.4 s ago|0",
        "Parker-Bolden|down|4|3|229|16|0|0 s|never|1",
      ].map((row) => row.split("|")),
    );
  },
});

Deno.test({
  name: "textView() uses colour only if told to",
  permissions: "none",
  fn() {
    const show = (view: ConsoleView) => view.result(STATUS);
    const [plain] = printed(text, show);
    const [colored] = printed((print) => textView(print, true), show);
    assertEquals(plain!.includes("\x1b"), false);
    assertEquals(colored!.includes("\x1b[32mup"), true);
  },
});

Deno.test({
  name: "jsonView() prints one object a line, whatever is in it",
  permissions: "none",
  fn() {
    const shown = printed(jsonView, (view) => {
      view.result({ event: "reply", server: "a", text: "AT a\n{}\u2028" });
      view.problem("no");
      view.event({ kind: "link-up", server: "a", peer: "b", atMs: 1 });
    });
    assertEquals(shown.map((line) => JSON.parse(line)), [
      { event: "reply", server: "a", text: "AT a\n{}\u2028" },
      { event: "error", message: "no" },
      { event: "link-up", server: "a", peer: "b", atMs: 1 },
    ]);
    assertEquals(shown.some((line) => line.includes("\n")), false);
  },
});

Deno.test({
  name:
    "textView() shows a command that waits without what commands a terminal",
  permissions: "none",
  fn() {
    const [shown] = printed(
      text,
      (view) => view.waiting("send s0 \x1b]0;\x7f"),
    );
    assertEquals(shown!.includes(String.raw`send s0 \x1b]0;\x7f`), true, shown);
  },
});
