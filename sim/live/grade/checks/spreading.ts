/**
 * Where updates get, and where they must not.
 *
 * @module
 */
import { shapeOf } from "../../../model/topology/shape.ts";
import { demand, demandKnown, type GradeCheck, Unknown } from "../check.ts";
import { isAt } from "../position.ts";
import type { TriedHerd } from "../tried_herd.ts";

/** That something does not spread is believed after so long. */
const ABSENT_MS = 1_000;

/** An update at the first of some servers must get to the others. */
export async function spreadFrom(
  herd: TriedHerd,
  names: readonly string[],
  client: string,
): Promise<void> {
  const [first, ...others] = names;
  const position = herd.position();
  await herd.iamat(first!, client, position);
  for (const name of others) await demandKnown(herd, name, client, position);
}

async function spreads(herd: TriedHerd): Promise<void> {
  await spreadFrom(herd, herd.names, herd.client());
}

async function spreadsAgain(herd: TriedHerd): Promise<void> {
  const client = herd.client();
  await spreadFrom(herd, herd.names, client);
  await spreadFrom(herd, herd.names, client);
}

async function roundDead(herd: TriedHerd): Promise<void> {
  const { names, links } = herd;
  const { cutServers } = shapeOf(names, links);
  const dead = names.find((name) => !cutServers.includes(name));
  if (dead === undefined || names.length < 3) {
    throw new Unknown("each server is the only way to another");
  }
  await herd.kill(dead);
  await spreadFrom(herd, names.filter((name) => name !== dead), herd.client());
  await herd.restore(dead);
}

/** Each link alone carries updates, both ways. */
async function neighbours(herd: TriedHerd): Promise<void> {
  for (const link of herd.links) {
    await herd.cut(herd.links.filter((other) => other !== link));
    for (const [from, to] of [link, link.toReversed()] as [string, string][]) {
      await spreadFrom(herd, [from, to], herd.client());
    }
    await herd.heal();
    herd.takeSteps();
  }
}

/** With all links cut, nobody hears of anything. */
async function split(herd: TriedHerd): Promise<void> {
  const { names, links } = herd;
  if (links.length === 0) throw new Unknown("there are no links");
  await herd.cut(links);
  await using _ = { [Symbol.asyncDispose]: () => herd.heal() };
  const fixes = names.map((server) => ({
    server,
    client: herd.client(),
    position: herd.position(),
  }));
  for (const { server, client, position } of fixes) {
    const reply = await herd.iamat(server, client, position);
    demand(reply.startsWith("AT "), "a reply, though no link works", reply);
  }
  await herd.pass(ABSENT_MS);
  for (const { server, client, position } of fixes) {
    for (const name of names) {
      const isOwn = name === server;
      const told = await herd.ask(name, `WHATSAT ${client} 1 1`);
      demand(
        isAt(told, position) === isOwn,
        isOwn
          ? `${name} to tell of ${client} at ${position}`
          : `${name} not to know of ${client}, for it has no link that works`,
        told,
      );
    }
  }
}

/** What is told of where updates get. */
export const SPREADING_CHECKS = {
  "spreads": {
    title: "an update gets to all servers",
    asksWhatsat: true,
    row: "servers",
    counts: "best",
    run: spreads,
  },
  "spreads-again": {
    title: "a second update of a client gets to all servers",
    lostWith: ["spreads"],
    asksWhatsat: true,
    row: "servers",
    counts: "best",
    run: spreadsAgain,
  },
  "round-dead": {
    title: "updates go round a dead server",
    lostWith: ["spreads"],
    asksWhatsat: true,
    row: "servers",
    counts: "best",
    run: roundDead,
  },
  "neighbours": {
    title: "neighbours are as told: each link carries updates, both ways",
    needs: ["frozen-neighbour"],
    asksWhatsat: true,
    row: "servers",
    counts: "best",
    run: neighbours,
  },
  "split": {
    title: "nothing gets across a split",
    needs: ["unknown-client", "frozen-neighbour"],
    asksWhatsat: true,
    row: "servers",
    run: split,
  },
} as const satisfies Record<string, GradeCheck>;
