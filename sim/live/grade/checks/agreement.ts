/**
 * Which of several fixes of a client wins, and whether servers agree on it.
 *
 * @module
 */
import { demandKnown, type GradeCheck } from "../check.ts";
import type { TriedHerd } from "../tried_herd.ts";

/** Time for an update to get anywhere in a herd that is not slowed. */
const SETTLED_MS_MAX = 5_000;
const SLOW_MS = 60;

interface Fix {
  readonly client: string;
  readonly position: string;
}

/** All servers must tell of these. */
async function demandAll(
  herd: TriedHerd,
  fixes: readonly Fix[],
  expected: string,
): Promise<void> {
  for (const { client, position } of fixes) {
    for (const server of herd.names) {
      const due = `${server} to tell of ${client} at ${position}: ${expected}`;
      await demandKnown(herd, server, client, position, due);
    }
  }
}

async function quiet(herd: TriedHerd): Promise<void> {
  await herd.traffic.untilQuiet(await herd.traffic.count(), SETTLED_MS_MAX);
}

/** The orders in which three fixes can come. */
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

async function newestWins(herd: TriedHerd): Promise<void> {
  const [near, far] = herd.apart();
  const newest: Fix[] = [];
  for (const order of ORDERS) {
    const client = herd.client();
    const fixes = [0, -50, -100].map((ageS) => ({
      position: herd.position(),
      time: herd.time(ageS),
    }));
    let best = Infinity;
    for (const [turn, at] of order.entries()) {
      const { position, time } = fixes[at]!;
      await herd.iamat(turn % 2 === 0 ? near : far, client, position, time);
      best = Math.min(best, at);
      // It has got everywhere when the next one is sent.
      const wanted = fixes[best]!.position;
      for (const server of [near, far]) {
        const due = `${server} to tell of the newest fix of ${client}, at ` +
          wanted;
        await demandKnown(herd, server, client, wanted, due);
      }
    }
    newest.push({ client, position: fixes[0]!.position });
  }
  await quiet(herd);
  await demandAll(herd, newest, "the newest fix wins");
}

/** Two fixes of one client, sent at the same moment over slow links. */
async function twoAtOnce(herd: TriedHerd): Promise<void> {
  const [near, far] = herd.apart();
  await herd.slow(SLOW_MS);
  await using _ = { [Symbol.asyncDispose]: () => herd.heal() };
  for (const newer of [near, far]) {
    const client = herd.client();
    const [first, second] = [herd.time(), herd.time(0.001)];
    const lines = [near, far].map((server) => {
      const position = herd.position();
      const time = server === newer ? second : first;
      return { server, position, line: `IAMAT ${client} ${position} ${time}` };
    });
    await herd.askAtOnce(lines);
    await quiet(herd);
    const { position } = lines.find(({ server }) => server === newer)!;
    await demandAll(herd, [{ client, position }], "the newer of two at once");
  }
}

/**
 * Clients move at all servers at once, and each server has the newest fix of one
 * of them; then all servers tell the same.
 */
async function agreement(herd: TriedHerd): Promise<void> {
  const clients = herd.names.map(() => herd.client());
  const newest: Fix[] = [];
  const lines = clients.flatMap((client, at) =>
    herd.names.map((server, turn) => {
      const position = herd.position();
      const isNewest = turn === at;
      if (isNewest) newest.push({ client, position });
      const time = herd.time(isNewest ? 1 : turn / 1_000);
      return { server, line: `IAMAT ${client} ${position} ${time}` };
    })
  );
  await herd.askAtOnce(lines);
  await quiet(herd);
  await demandAll(herd, newest, "servers agree when all is quiet");
}

/** Whom no second update of a client gets to has never the newest one. */
const SPREAD = ["spreads", "spreads-again"] as const;

/** What is told of which fix wins. */
export const AGREEMENT_CHECKS = {
  "newest-wins": {
    title: "the newest fix wins, in whatever order they come",
    lostWith: SPREAD,
    needs: ["no-loop"],
    asksWhatsat: true,
    row: "servers",
    run: newestWins,
  },
  "two-at-once": {
    title: "two fixes of a client at once, over slow links: the newer one wins",
    lostWith: [...SPREAD, "newest-wins"],
    needs: ["no-loop"],
    asksWhatsat: true,
    row: "servers",
    counts: "worst",
    run: twoAtOnce,
  },
  "agreement": {
    title: "servers agree on all clients when they are quiet",
    lostWith: [...SPREAD, "newest-wins"],
    needs: ["no-loop"],
    asksWhatsat: true,
    row: "servers",
    counts: "worst",
    run: agreement,
  },
} as const satisfies Record<string, GradeCheck>;
