import { assert, assertEquals } from "@std/assert";
import type { Difference } from "../../../../herd/core/link/idle_check.ts";
import { clientText, lineText } from "../../../../herd/core/wire/fix.ts";
import { hashText } from "../../../../herd/core/bytes/hash.ts";
import { Link } from "../../../../herd/core/link/link.ts";
import { Line } from "../../../../herd/core/wire/line.ts";
import { Store } from "../../../../herd/core/store/store.ts";
import type { SyncOutcome } from "../../../../herd/core/link/sync.ts";
import { fix, pure, written } from "../pure.ts";

const EMPTY_SYNC = "SYNC 0 0000000000000000\n";

function atLine(client: string, time: string): string {
  return `AT Alford +0.000000001 ${client} +0-0 ${time}`;
}

/** A link of Alford to Bolden over a store, and what it told. */
function open() {
  const store = new Store(1);
  const heard: string[] = [];
  const synced: SyncOutcome[] = [];
  const differences: Difference[] = [];
  const wrote: string[] = [];
  const numbered: [number: number, what: string][] = [];
  const link = new Link("Alford", "Bolden", store, {
    at: (fix) => heard.push(lineText(fix)),
    announced: (version) => heard.push(`announced ${clientText(version)}`),
    grafted: (client) => heard.push(`grafted ${client}`),
    pruned: (server) => heard.push(`pruned ${server}`),
    query: ({ id, ms, client }) => heard.push(`query ${id} ${ms} ${client}`),
    answer: ({ id, unanswered, fix }) =>
      heard.push(`answer ${id} ${unanswered} ${fix && lineText(fix)}`),
    marked: (answer) => heard.push(`marked ${answer}`),
    held: (ticket) => heard.push(`held ${ticket}`),
    missed: () => heard.push("missed"),
    wrote: (command, lines, number) => {
      wrote.push(`${command} ${lines}`);
      numbered.push([number, command]);
    },
    sent: (fix, number) => numbered.push([number, lineText(fix)]),
    synced: (outcome) => synced.push(outcome),
    differs: (difference) => differences.push(difference),
    pulled() {},
    down() {},
  });
  const pull = (bytesMax = 65_536) => {
    let sent = 0;
    const text = written((out) => sent = link.pull(out, bytesMax));
    return { text, sent };
  };
  const line = (line: string) => link.onLine(Line.of(line));
  const queue = (client: string, time: string) =>
    link.queue(store.merge(fix(client, time)));
  return {
    store,
    link,
    heard,
    wrote,
    numbered,
    synced,
    differences,
    pull,
    line,
    queue,
  };
}

/** A link whose sync is over. */
function opened() {
  const it = open();
  assertEquals(it.pull().text, EMPTY_SYNC);
  assertEquals(it.line(EMPTY_SYNC.trimEnd()), undefined);
  return it;
}

pure("Link begins by telling what is held", () => {
  const { link, synced, pull, line } = open();
  assert(link.hasOutput);
  assertEquals(pull(), { text: EMPTY_SYNC, sent: 0 });
  assert(!link.hasOutput);
  assertEquals(line(EMPTY_SYNC.trimEnd()), undefined);
  assertEquals(synced, [{ role: "equal", listed: 0, sent: 0, wanted: 0 }]);
  assert(!link.hasOutput);
});

pure("Link.queue() keeps one fix of a client, the last", () => {
  const { link, pull, queue } = opened();
  queue("kiwi", "1");
  queue("fig", "1");
  queue("kiwi", "2");
  assertEquals(link.queued, 2);
  assertEquals(pull(), {
    text: `${atLine("kiwi", "2")} Alford\n${atLine("fig", "1")} Alford\n`,
    sent: 2,
  });
  assertEquals([link.queued, link.hasOutput], [0, false]);
  assertEquals(pull(), { text: "", sent: 0 });
});

pure("Link sends each update once after a queue of thousands was sent", () => {
  const { store, link, pull, queue } = opened();
  for (let round = 1; round <= 3; round++) {
    for (let i = 0; i < 20_000; i++) queue(`client${i}`, `${round}`);
    let sent = 0;
    while (link.hasOutput) sent += pull().sent;
    assertEquals(sent, 20_000);
    for (let i = 0; i < 200; i++) {
      queue(`client${i}`, `${round}.5`);
      assertEquals(pull(), {
        text: `${atLine(`client${i}`, `${round}.5`)} Alford\n`,
        sent: 1,
      });
      assertEquals([link.queued, link.hasOutput], [0, false]);
    }
  }
  assertEquals(store.count, 20_000);
});

pure("Link.unqueue() drops what the neighbour holds", () => {
  const { store, link, pull, queue } = opened();
  queue("kiwi", "1");
  link.unqueue(store.findClient("kiwi"));
  link.unqueue(store.findClient("fig"));
  assert(!link.hasOutput);
  assertEquals(pull().text, "");
});

pure("Link.pull() stops at about as many bytes as are asked for", () => {
  const { link, pull, queue } = opened();
  for (let i = 0; i < 10; i++) queue(`client${i}`, "1");
  const lineBytes = `${atLine("client0", "1")} Alford\n`.length;
  assertEquals(pull(lineBytes + 1).sent, 2);
  assertEquals(pull(1).sent, 1);
  assertEquals(pull().sent, 7);
  assert(!link.hasUpdates);
});

pure("Link.pull() counts the bytes that it writes, and none before", () => {
  const { link, queue } = opened();
  queue("kiwi", "1");
  const text = written((out) => {
    out.text("before\n");
    assertEquals(link.pull(out, 5), 1);
  });
  assertEquals(text, `before\n${atLine("kiwi", "1")} Alford\n`);
});

pure("Link.onLine() hands on an AT, and names what is wrong", () => {
  const { heard, line } = opened();
  assertEquals(line(`${atLine("kiwi", "1")} Bolden`), undefined);
  assertEquals(heard, [atLine("kiwi", "1")]);
  assertEquals(line(`${atLine("kiwi", "1")} Alford`), "bad-sender");
  assertEquals(line("IAMAT kiwi +0-0 1"), "unknown-command");
  assertEquals(line("PEER 1 Bolden Alford 00"), "unknown-command");
  assertEquals(line(""), undefined);
  assertEquals(heard.length, 1);
});

pure("Link.onLine() takes the lines of a list for nothing else", () => {
  const { heard, line, pull } = opened();
  assertEquals(line("WANT 2"), undefined);
  assertEquals(line("AT"), undefined);
  assertEquals(line("PING 1"), "field-count");
  assertEquals(line(`${atLine("kiwi", "1")} Bolden`), undefined);
  assertEquals(heard.length, 1, "The list is over");
  assertEquals(pull().text, "");
  line("HAVE 1");
  assertEquals(line("PING 1"), "field-count");
  assertEquals(line("PING 1"), undefined);
  assertEquals(pull().text, "PONG 1\n");
});

pure("Link.heartbeat() gives up after 3 heartbeats without a line", () => {
  const { link, pull, line } = opened();
  for (const number of [1, 2, 3]) {
    assertEquals(link.isSilent, number === 3);
    assert(link.heartbeat());
    assertEquals(pull().text, `PING ${number}\n`);
  }
  line("PONG 3");
  assert(!link.isSilent);
  for (let i = 0; i < 3; i++) assert(link.heartbeat());
  assert(!link.heartbeat());
});

pure(
  "Link.heartbeat() waits for the first line as long as a handshake does",
  () => {
    const { link } = open();
    for (let i = 0; i < 5; i++) assert(link.heartbeat());
    assert(!link.heartbeat());
  },
);

pure("Link.heartbeat() takes any line for a sign of life", () => {
  const { link, line } = opened();
  const signs = [
    `${atLine("kiwi", "1")} Bolden`,
    "PING 1",
    "IHAVE 2",
    "kiwi 1 0123456789abcdef",
    "kiwi 2 0123456789abcdef",
    "PRUNE Bolden",
    "",
  ];
  for (const sign of signs) {
    for (let i = 0; i < 3; i++) assert(link.heartbeat(), sign);
    assertEquals(line(sign), undefined);
  }
});

pure("Link.heartbeat() has one PING sent, however late", () => {
  const { link, pull } = opened();
  link.heartbeat();
  link.heartbeat();
  assertEquals(pull().text, "PING 2\n");
  assert(!link.hasOutput);
});

pure("Link.pull() sends heartbeats and lists before updates", () => {
  const { store, link, pull, line, queue } = open();
  queue("kiwi", "1");
  link.heartbeat();
  line("PING 9");
  const { fingerprint } = store.digest();
  assertEquals(
    pull().text,
    `PONG 9\nPING 1\nSYNC 1 ${fingerprint}\n${atLine("kiwi", "1")} Alford\n`,
  );
});

pure("Link.onLine() hands on what modes say to each other", () => {
  const { heard, line } = opened();
  const tie = "0123456789abcdef";
  for (
    const text of [
      "IHAVE 1",
      `kiwi 1 ${tie}`,
      "GRAFT 2",
      "kiwi",
      "fig",
      "PRUNE Hamilton",
      "QUERY a.1 950 kiwi",
      "ANSWER a.1 1",
      `ANSWER a.2 0 ${atLine("kiwi", "1")}`,
    ]
  ) assertEquals(line(text), undefined);
  assertEquals(heard, [
    "announced kiwi",
    "grafted kiwi",
    "grafted fig",
    "pruned Hamilton",
    "query a.1 950 kiwi",
    "answer a.1 1 undefined",
    `answer a.2 0 ${atLine("kiwi", "1")}`,
  ]);
});

pure(
  "Link.pull() sends each control message once, in lists where it can",
  () => {
    const { link, pull, wrote } = opened();
    link.control.say("QUERY a.1 950 kiwi");
    for (const client of ["kiwi", "fig", "kiwi"]) link.control.graft(client);
    for (const server of ["Hamilton", "Hamilton"]) link.control.prune(server);
    assert(link.hasOutput);
    assertEquals(pull(), {
      text: "QUERY a.1 950 kiwi\nPRUNE Hamilton\nGRAFT 2\nkiwi\nfig\n",
      sent: 0,
    });
    assert(!link.hasOutput);
    assertEquals(wrote.slice(1), ["QUERY 1", "PRUNE 1", "GRAFT 3"]);
  },
);

pure("Link.pull() numbers its lines, of whatever kind they are", () => {
  const { link, pull, line, queue, numbered } = opened();
  const pulled = [EMPTY_SYNC];
  const say = () => pulled.push(pull().text);
  queue("kiwi", "1");
  say();
  line("PING 7");
  link.heartbeat();
  for (const client of ["kiwi", "fig"]) link.control.graft(client);
  queue("fig", "1");
  say();
  line("HAVE 0");
  link.control.say("QUERY a.1 950 kiwi");
  queue("moa", "1");
  say();
  const lines = pulled.join("").split("\n");
  for (const [number, what] of numbered) {
    const isIt = what === "SYNC" || lines[number - 1]!.startsWith(what);
    assert(isIt, `${what} is not line ${number} of\n${lines.join("\n")}`);
  }
  assertEquals(numbered.filter(([, what]) => what.startsWith("AT")).length, 3);
  assertEquals(numbered.filter(([, what]) => what === "GRAFT").length, 1);
});

pure("Link.linesIn counts all lines, those of lists too", () => {
  const { link, line } = open();
  for (const [i, text] of LINES_IN.entries()) {
    line(text);
    assertEquals(link.linesIn, i + 1);
  }
});
const LINES_IN = [
  EMPTY_SYNC.trimEnd(),
  "PING 1",
  "WANT 2",
  "kiwi",
  "fig",
  "",
  `${atLine("kiwi", "1")} Bolden`,
];

pure("Link.pull() sends lists in chunks, bounded by lines and by bytes", () => {
  const { link, pull } = opened();
  for (let i = 0; i < 300; i++) link.control.graft(`client${i}`);
  const heads = (text: string) => text.match(/^[A-Z]+ \d+$/gm);
  assertEquals(heads(pull(100).text), ["GRAFT 13"]);
  assertEquals(heads(pull().text), ["GRAFT 256", "GRAFT 31"]);
});

pure("Link.announce() waits until it is released, and for the newest", () => {
  const { store, link, pull, queue } = opened();
  queue("kiwi", "1");
  queue("fig", "1");
  pull();
  const [kiwi, fig] = ["kiwi", "fig"].map((it) => store.findClient(it));
  link.control.announce(kiwi!);
  link.control.announce(fig!);
  assert(!link.hasOutput && link.owes);
  store.merge(fix("kiwi", "2"));
  link.unqueue(fig!);
  link.control.releaseAnnouncements(Infinity);
  const tie = hashText(store.hashOf(kiwi!));
  assertEquals(pull().text, `IHAVE 1\nkiwi 2 ${tie}\n`);
  assert(!link.hasOutput && !link.owes);
  link.control.announce(fig!);
  assert(!link.hasOutput, "Each batch is released by itself");
  queue("fig", "3");
  assertEquals(pull().sent, 1);
  assert(!link.owes, "An update announces itself");
});

pure(
  "Link has nothing to send while a check waits for what is announced",
  () => {
    const { store, link, pull, line, queue } = opened();
    queue("kiwi", "1");
    pull();
    link.control.announce(store.findClient("kiwi"));
    for (let second = 1; second < 100; second++) {
      assert(link.heartbeat());
      line(`PONG ${second}`);
      assertEquals(pull().text, `PING ${second}\n`);
      // Whoever writes goes on until there is nothing.
      assert(!link.hasOutput, `after ${second} heartbeats`);
    }
    link.control.releaseAnnouncements(Infinity);
    assertEquals(pull().text.match(/^[A-Z]+/gm), ["IHAVE", "CHECK"]);
    assert(!link.hasOutput);
  },
);

pure("Link.releaseAnnouncements() lets so many go, the first ones", () => {
  const { link, pull, store } = opened();
  const clients = ["a", "b", "c", "d", "e"].map((client) =>
    store.merge(fix(client, "1"))
  );
  for (const client of clients) link.control.announce(client);
  const announced = () => pull().text.match(/^[a-e](?= )/gm)?.join("");
  link.control.releaseAnnouncements(2);
  link.unqueue(clients[1]!);
  assertEquals(announced(), "ac");
  assert(!link.hasOutput && link.control.hasAnnouncements);
  link.control.releaseAnnouncements(2);
  assertEquals(announced(), "de");
  assert(!link.control.hasAnnouncements);
  link.control.announce(clients[0]!);
  assert(!link.hasOutput, "What was left over is no credit");
});

pure("Link.pull() counts the fixes that a sync sends", () => {
  const { store, pull, line } = open();
  store.merge(fix("kiwi", "1"));
  store.merge(fix("ash", "1"));
  pull();
  line(EMPTY_SYNC.trimEnd());
  line("HAVE 0");
  assertEquals(pull().sent, 2);
});
