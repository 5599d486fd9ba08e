/**
 * How a herd fares when something around it is slow, fails or is gone.
 *
 * @module
 */
import { demand, demandAlive, demandKnown, type GradeCheck } from "../check.ts";
import { isAt } from "../position.ts";
import type { TriedHerd } from "../tried_herd.ts";
import { UCLA } from "./replies.ts";
import { spreadFrom } from "./spreading.ts";

/** What is frozen or slow may delay the replies of others for so long. */
const OTHERS_MS = 2_000;
/** Until a server has given up a Google that does not answer. */
const STALLED_MS = 12_000;
const FAILURES = ["http-500", "broken-json", "over-query-limit"] as const;

async function demandPrompt(
  herd: TriedHerd,
  server: string,
  why: string,
): Promise<void> {
  const line = `IAMAT ${herd.client()} ${UCLA} ${herd.time()}`;
  const reply = await herd.ask(server, line, { withinMs: OTHERS_MS });
  demand(
    reply.startsWith("AT "),
    `a reply by ${server} within ${OTHERS_MS / 1_000} s, though ${why}`,
    reply,
  );
}

async function frozenNeighbour(herd: TriedHerd): Promise<void> {
  const [a, b] = herd.links[0]!;
  // It is known then how lines end, and nothing is tried any more.
  await herd.iamat(a, herd.client());
  await herd.pause(b);
  try {
    await demandPrompt(herd, a, `its neighbour ${b} is frozen`);
  } finally {
    await herd.resume(b);
  }
}

async function revival(herd: TriedHerd): Promise<void> {
  const server = herd.names.at(-1)!;
  await herd.kill(server);
  const why = await herd.revive(server);
  demand(why === undefined, `${server} to start again`, why ?? "");
  const reply = await herd.iamat(server, herd.client());
  demand(reply.startsWith("AT "), `${server} to serve again`, reply);
  await spreadFrom(herd, [herd.names[0]!, server], herd.client());
}

async function revivalKnows(herd: TriedHerd): Promise<void> {
  const server = herd.names.at(-1)!;
  await herd.kill(server);
  const [client, position] = [herd.client(), herd.position()];
  await herd.iamat(herd.names[0]!, client, position);
  await herd.revive(server);
  const due = `${server} to know what it has missed while it was down`;
  await demandKnown(herd, server, client, position, due, OTHERS_MS);
}

async function placesSlow(herd: TriedHerd): Promise<void> {
  const server = herd.names[0]!;
  const client = herd.client();
  await herd.iamat(server, client, UCLA);
  await herd.places("stall");
  try {
    const asking = herd.ask(server, `WHATSAT ${client} 10 5`, {
      withinMs: STALLED_MS,
    });
    await demandPrompt(herd, server, "Google does not answer another client");
    await asking;
  } finally {
    await herd.places("none");
  }
  await demandAlive(herd, server);
}

/** Whatever a server says then, it must say something, and go on. */
async function demandSomething(
  herd: TriedHerd,
  client: string,
): Promise<void> {
  const server = herd.names[0]!;
  const reply = await herd.ask(server, `WHATSAT ${client} 10 5`);
  await demandAlive(herd, server);
  demand(
    isAt(reply, UCLA) || reply.startsWith("?"),
    "the AT line of the client, or at least ? and the line",
    reply,
  );
}

async function placesFailing(herd: TriedHerd): Promise<void> {
  const client = herd.client();
  await herd.iamat(herd.names[0]!, client, UCLA);
  try {
    for (const failure of FAILURES) {
      await herd.places(failure);
      await demandSomething(herd, client);
    }
  } finally {
    await herd.places("none");
  }
}

async function placesAbsent(herd: TriedHerd): Promise<void> {
  const client = herd.client();
  await herd.iamat(herd.names[0]!, client, UCLA);
  await herd.withoutGoogle(true);
  try {
    await demandSomething(herd, client);
  } finally {
    await herd.withoutGoogle(false);
  }
}

/** What is told of a herd in trouble. */
export const TROUBLE_CHECKS = {
  "places-slow": {
    title: "a Google that does not answer delays no other client",
    asksWhatsat: true,
    row: "clients",
    counts: "best",
    run: placesSlow,
  },
  "places-failing": {
    title: "a Google that fails ends nothing",
    asksWhatsat: true,
    row: "clients",
    run: placesFailing,
  },
  "places-absent": {
    title: "a Google that can't be reached ends nothing",
    asksWhatsat: true,
    row: "clients",
    run: placesAbsent,
  },
  "frozen-neighbour": {
    title: "a frozen neighbour delays no reply",
    row: "clients",
    counts: "best",
    run: frozenNeighbour,
  },
  "revival": {
    title: "a server that was killed and started again serves again",
    lostWith: ["spreads"],
    asksWhatsat: true,
    row: "clients",
    counts: "best",
    run: revival,
  },
  "revival-knows": {
    title: "it knows what it has missed",
    lostWith: ["revival"],
    asksWhatsat: true,
    row: "clients",
    counts: "worst",
    run: revivalKnows,
  },
} as const satisfies Record<string, GradeCheck>;
