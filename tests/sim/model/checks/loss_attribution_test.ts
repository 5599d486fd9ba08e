import { assertEquals } from "@std/assert";
import { LossAttribution } from "../../../../sim/model/checks/loss_attribution.ts";
import type { HistoryEvent } from "../../../../sim/model/history.ts";
import { at, delivery, hop, placeAt, read, sent, state } from "./histories.ts";

/** One end of a link comes up or goes down. */
function link(
  atMs: number,
  server: string,
  peer: string,
  isUp: boolean,
): HistoryEvent {
  return { atMs, kind: "link", server, peer, isUp };
}

/** One end of a link's connection is opened or closed. */
function connection(
  atMs: number,
  server: string,
  peer: string,
  isOpen: boolean,
): HistoryEvent {
  const { connection } = placeAt(0, server, peer);
  return { atMs, kind: "connection", server, peer, connection, isOpen };
}

/** A message of a sync. */
function sync(atMs: number, server: string, to: string) {
  const kind = "control";
  return { atMs, kind, server, to, command: "SYNC", lines: 1 } as const;
}

function synced(atMs: number, server: string, peer: string) {
  const counts = { listed: 0, sent: 0, wanted: 0 };
  return { atMs, kind: "synced", server, peer, role: "", ...counts } as const;
}

/** Ash – Elm – Fig, started and linked at 0. */
const UP: HistoryEvent[] = [
  ...["Ash", "Elm", "Fig"].map((name) => state(0, name, "starting")),
  link(0, "Ash", "Elm", true),
  link(0, "Elm", "Ash", true),
  link(0, "Elm", "Fig", true),
  link(0, "Fig", "Elm", true),
];

/** Elm is away from 100 to `untilMs`, and then Ash's neighbour again. */
function elmAway(untilMs: number): HistoryEvent[] {
  return [
    state(100, "Elm", "stopped"),
    link(101, "Ash", "Elm", false),
    state(untilMs - 50, "Elm", "starting"),
    link(untilMs, "Ash", "Elm", true),
    link(untilMs, "Elm", "Ash", true),
  ];
}

const KIWI = { server: "Ash", client: "kiwi", line: at(5) };

/** When kiwi's fix, told to Ash, died with 100 ms granted. */
function endOf(...events: HistoryEvent[]): number | undefined {
  const history = [...UP, ...events].toSorted((a, b) => a.atMs - b.atMs);
  return new LossAttribution(history).endOf(KIWI, 100);
}

/** The same, where servers keep what they hold on disk. */
function durableEndOf(...events: HistoryEvent[]): number | undefined {
  const history = [...UP, ...events].toSorted((a, b) => a.atMs - b.atMs);
  return new LossAttribution(history, { durable: "disk", hasDisks: true })
    .endOf(KIWI, 100);
}

/** The same, where nothing is acknowledged before neighbours hold it. */
function replicatedEndOf(
  durable: "peer" | "all",
  ...events: HistoryEvent[]
): number | undefined {
  const history = [...UP, ...events].toSorted((a, b) => a.atMs - b.atMs);
  const keeping = { durable, hasDisks: false };
  return new LossAttribution(history, keeping).endOf(KIWI, 100);
}

/** Ash – Elm has one connection, opened at 0. */
const OPENED = [
  connection(0, "Ash", "Elm", true),
  connection(0, "Elm", "Ash", true),
];

const heard = (atMs: number) => delivery(atMs, "Ash", null, at(5));

Deno.test({
  name:
    "LossAttribution.endOf() excuses nothing that is on a disk that is back",
  permissions: "none",
  fn() {
    const away = elmAway(9_000);
    const killed = state(5_000, "Ash", "stopped");
    const back = state(6_000, "Ash", "starting");
    const wiped = (atMs: number): HistoryEvent => ({
      atMs,
      kind: "fault-begin",
      id: "wipe-1",
      fault: "wipe",
      targets: ["Ash"],
      settings: {},
    });
    assertEquals(endOf(heard(200), ...away, killed, back), 5_000);
    assertEquals(durableEndOf(heard(200), ...away, killed, back), undefined);
    assertEquals(durableEndOf(heard(200), ...away, killed), 5_000);
    assertEquals(
      durableEndOf(heard(200), ...away, wiped(5_000), killed, back),
      5_000,
    );
    assertEquals(
      durableEndOf(wiped(100), heard(200), ...away, killed, back),
      undefined,
      "It heard of the fix later",
    );
  },
});

Deno.test({
  name: "LossAttribution.endOf() excuses a fix that no link was up for",
  permissions: "none",
  fn() {
    const killed = state(5_000, "Ash", "stopped");
    assertEquals(endOf(heard(200), ...elmAway(9_000), killed), 5_000);
    assertEquals(endOf(heard(200), ...elmAway(4_901), killed), 5_000);
    const late = [heard(200), ...elmAway(4_800), killed];
    assertEquals(endOf(...late), undefined, "200 ms were enough");
    assertEquals(endOf(heard(200), ...elmAway(9_000)), undefined, "Ash lives");
    assertEquals(endOf(killed), undefined, "Nobody ever held it");
    const cut = link(101, "Ash", "Elm", false);
    assertEquals(endOf(heard(200), cut), undefined, "Both live, apart");
    assertEquals(endOf(heard(200), cut, killed), 5_000, "Apart to the end");
  },
});

Deno.test({
  name: "LossAttribution.endOf() wants a fix told that a link was up for",
  permissions: "none",
  fn() {
    assertEquals(endOf(heard(300), state(350, "Ash", "stopped")), 350);
    assertEquals(endOf(heard(300), state(401, "Ash", "stopped")), undefined);
    const newer = delivery(310, "Ash", null, at(6));
    assertEquals(endOf(heard(300), newer, state(390, "Ash", "crashed")), 390);
  },
});

Deno.test({
  name:
    "LossAttribution.endOf() wants it of all that held it, one after the other",
  permissions: "none",
  fn() {
    const told = [heard(300), ...hop(301, "Ash", "Elm", at(5))];
    const killed = state(340, "Ash", "stopped");
    assertEquals(endOf(...told, killed), undefined, "Elm lives, and lacks it");
    const both = [...told, killed, state(390, "Elm", "stopped")];
    assertEquals(endOf(...both), 340, "Elm had no time either");
    const parted = link(302, "Elm", "Fig", false);
    assertEquals(
      endOf(...told, parted, killed),
      undefined,
      "Elm lives, holds it, and can tell nobody",
    );
    const slow = [...told, killed, state(600, "Elm", "stopped")];
    assertEquals(endOf(...slow), undefined, "Elm had time to tell Fig");
    const alone = [
      state(10, "Fig", "stopped"),
      link(11, "Elm", "Fig", false),
      ...told,
      killed,
      state(600, "Elm", "stopped"),
    ];
    assertEquals(endOf(...alone), 340, "Fig was away");
  },
});

Deno.test({
  name: "LossAttribution.endOf() excuses what was written and never read",
  permissions: "none",
  fn() {
    const killed = state(1_500, "Ash", "stopped");
    const written = [heard(300), sent(301, "Ash", "Elm", at(5)), killed];
    assertEquals(endOf(...written), 1_500);
    const more = [
      sent(290, "Ash", "Elm", at(1, "Ash", "emu")),
      read(900, 290, "Elm", "Ash", at(1, "Ash", "emu")),
    ];
    assertEquals(endOf(...written, ...more), 1_500, "Elm is far behind");
    const past = hop(302, "Ash", "Elm", at(1, "Ash", "moa"));
    assertEquals(endOf(...written, ...past), undefined, "Elm has read past it");
    const [, , , ...rest] = [...written, state(6_000, "Ash", "stopped")];
    assertEquals(
      endOf(...written.slice(0, 2), ...rest),
      undefined,
      "Nothing is on its way for so long",
    );
  },
});

Deno.test({
  name:
    "LossAttribution.endOf() excuses a fix told while its only link is cut, both ends live",
  permissions: "none",
  fn() {
    const told = [...OPENED, heard(300), sent(301, "Ash", "Elm", at(5))];
    assertEquals(endOf(...told), undefined, "Ash holds it, and lives");
    const killed = state(9_000, "Ash", "stopped");
    const over = connection(9_001, "Elm", "Ash", false);
    assertEquals(
      endOf(...told, killed, over),
      9_000,
      "Its connection ended before Elm had read it",
    );
    const later = read(9_001, 8_000, "Elm", "Ash", at(1, "Ash", "moa"));
    assertEquals(
      endOf(...told, killed, later, over),
      undefined,
      "Elm read what came after it, so it read it too",
    );
  },
});

Deno.test({
  name:
    "LossAttribution.endOf() knows what a proxy dropped from what a server overlooked",
  permissions: "none",
  fn() {
    const killed = state(1_500, "Ash", "stopped");
    const told = [...OPENED, heard(300), sent(301, "Ash", "Elm", at(5))];
    const next = [
      sent(302, "Ash", "Elm", at(1, "Ash", "moa")),
      read(303, 302, "Elm", "Ash", at(1, "Ash", "moa")),
    ];
    assertEquals(endOf(...told, ...next, killed), undefined);
    const place = placeAt(301, "Ash", "Elm");
    const dropped = {
      kind: "altered",
      atMs: 301.5,
      from: "Ash",
      to: "Elm",
      ...place,
      as: null,
      by: ["loss"],
    } as const;
    const last = placeAt(301.9, "Ash", "Elm").number;
    const moa = { ...read(303, 302, "Elm", "Ash", at(1, "Ash", "moa")) };
    const afterIt = [next[0]!, { ...moa, number: last }];
    assertEquals(endOf(...told, dropped, ...afterIt, killed), 1_500);
  },
});

Deno.test({
  name:
    "LossAttribution.endOf() excuses what a sync was to bring, and only if there is one",
  permissions: "none",
  fn() {
    const killed = state(2_000, "Ash", "stopped");
    const back = [heard(200), ...elmAway(1_000), killed];
    assertEquals(endOf(...back), undefined, "No sync ever began");
    const begun = [sync(1_001, "Ash", "Elm"), sync(1_300, "Elm", "Ash")];
    assertEquals(endOf(...back, ...begun), 2_000);
    const over = [synced(1_400, "Ash", "Elm"), synced(1_500, "Elm", "Ash")];
    assertEquals(endOf(...back, ...begun, over[0]!), 2_000, "Elm goes on");
    assertEquals(endOf(...back, ...begun, ...over), 2_000, "Ash may be asked");
    const read = hop(1_600, "Elm", "Ash", at(1, "Elm", "moa"));
    assertEquals(
      endOf(...back, ...begun, ...over, ...read),
      undefined,
      "Ash has read all that was asked, and told nothing",
    );
    const live = [heard(1_100), ...elmAway(1_000), killed, ...begun];
    assertEquals(endOf(...live), undefined, "What comes later is no sync's");
  },
});

Deno.test({
  name:
    "LossAttribution.endOf() excuses nothing that fewer held than was promised",
  permissions: "none",
  fn() {
    const killed = state(340, "Ash", "stopped");
    assertEquals(endOf(heard(300), killed), 340);
    assertEquals(replicatedEndOf("peer", heard(300), killed), undefined);
    const both = [
      ...[heard(300), ...hop(301, "Ash", "Elm", at(5)), killed],
      state(390, "Elm", "stopped"),
    ];
    assertEquals(replicatedEndOf("peer", ...both), 340, "Elm died as well");
    assertEquals(replicatedEndOf("all", ...both), 340, "Fig is not Ash's");
    // Ash has one more neighbour, which never got it.
    const fig = link(0, "Ash", "Fig", true);
    assertEquals(replicatedEndOf("peer", fig, ...both), 340);
    assertEquals(replicatedEndOf("all", fig, ...both), undefined);
    const down = link(299, "Ash", "Fig", false);
    assertEquals(replicatedEndOf("all", fig, down, ...both), 340);
  },
});
