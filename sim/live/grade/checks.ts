/**
 * What a grade checks, each on a herd of its own: all of it is seen from
 * outside, by what clients are told and by who dials whom.
 *
 * @module
 */
import { shapeOf } from "../../model/topology/shape.ts";
import { Failure, isAt, Skipped, type TriedHerd } from "./tried_herd.ts";

/** One thing that is checked. */
export interface GradeCheck {
  /** What it is about, for people. */
  readonly title: string;
  /**
   * Looks at a herd.
   *
   * @throws {Failure} If it does not earn all points.
   * @throws {Skipped} If it can't be told.
   */
  readonly run: (herd: TriedHerd) => Promise<void>;
}

/** Around here there are more than twenty towns. */
const UCLA = "+34.068930-118.445127";
const KM = 20;
const AT =
  /^AT (\S+) ([+-]\d+(?:\.\d+)?(?:[eE][+-]?\d+)?) (\S+) (\S+) (\S+)\s*$/;
/** A frozen neighbour may delay no reply for so long. */
const FROZEN_MS = 2_000;
/** That something does not spread is believed after so long. */
const ABSENT_MS = 1_000;
/** More dials than this after one update are a storm, in multiples of 2E. */
const STORM_FACTOR = 4;

/** Lines that are no commands, and what is wrong with each. */
const BAD_LINES: readonly string[] = [
  "HELLO world",
  "IAMAT kiwi",
  `IAMAT kiwi ${UCLA}`,
  `IAMAT kiwi ${UCLA} soon`,
  `IAMAT kiwi here 1621464827.95`,
  `IAMAT kiwi 34.068930-118.445127 1621464827.95`,
  `IAMAT kiwi +34.068930 1621464827.95`,
  `IAMAT kiwi +94.068930-118.445127 1621464827.95`,
  `IAMAT kiwi ${UCLA} 1621464827.95 more`,
  "WHATSAT kiwi",
  "WHATSAT kiwi ten 5",
  "WHATSAT kiwi 10 five",
  "WHATSAT kiwi -1 5",
  "WHATSAT kiwi 51 5",
  "WHATSAT kiwi 10 21",
  "WHATSAT kiwi 10 -1",
];

function demand(isSo: boolean, expected: string, came: string): void {
  if (!isSo) throw new Failure(expected, came === "" ? "nothing" : came);
}

/** That the herd still serves, and nothing of it has ended. */
async function demandAlive(herd: TriedHerd, server: string): Promise<void> {
  const reply = await herd.iamat(server, "still-there");
  demand(
    herd.crashes.length === 0 && reply.startsWith("AT "),
    `${server} to go on`,
    herd.crashes.join("; ") || reply,
  );
}

async function demandKnown(
  herd: TriedHerd,
  server: string,
  client: string,
  position: string,
): Promise<void> {
  const isKnown = await herd.knows(server, client, position);
  demand(
    isKnown,
    `${server} to tell of ${client} at ${position}`,
    "it never did",
  );
}

/** `?` and the line, white space and what ends it aside. */
function demandRefused(reply: string, line: string): void {
  const words = reply.trim().split(/\s+/).join(" ");
  demand(words === `? ${line}`, `"? ${line}"`, reply);
}

async function iamatReply(herd: TriedHerd): Promise<void> {
  for (const time of [herd.time(), herd.time(100), "1621464827.950"]) {
    const server = herd.names[0]!;
    const reply = await herd.iamat(server, "kiwi.cs.ucla.edu", UCLA, time);
    const [, name, difference, client, position, sent] = AT.exec(reply) ?? [];
    const due = `AT ${server} +0.26 kiwi.cs.ucla.edu ${UCLA} ${time}`;
    demand(name !== undefined, `a line like "${due}"`, reply);
    demand(
      name === server && client === "kiwi.cs.ucla.edu" && position === UCLA &&
        sent === time,
      `"${due}", the fields of the client as they came`,
      reply,
    );
    const seconds = Number(herd.time()) - Number(time);
    demand(
      Math.abs(Number(difference) - seconds) < 60,
      `a difference of about ${seconds.toFixed(1)} s`,
      difference!,
    );
  }
}

/** The JSON of a reply to WHATSAT. */
function placesOf(reply: string): { results: unknown[] } {
  const text = reply.slice(Math.max(0, reply.indexOf("\n")));
  try {
    const body = JSON.parse(text);
    // The newer search has `places`, which some pass on as they come.
    const results = body.results ?? body.places ?? [];
    if (Array.isArray(results)) return { results };
  } catch {
    // What came instead is told below.
  }
  throw new Failure("an AT line, and JSON with results behind it", reply);
}

async function askPlaces(herd: TriedHerd, items: number): Promise<unknown[]> {
  const server = herd.names[0]!;
  await herd.iamat(server, "kiwi", UCLA);
  const reply = await herd.ask(server, `WHATSAT kiwi ${KM} ${items}`);
  demand(isAt(reply, UCLA), "the AT line of kiwi first", reply);
  return placesOf(reply).results;
}

async function whatsatReply(herd: TriedHerd): Promise<void> {
  for (const items of [5, 1]) {
    const { length } = await askPlaces(herd, items);
    demand(length <= items, `at most ${items} results`, `${length} of them`);
  }
}

async function metres(herd: TriedHerd): Promise<void> {
  const { length } = await askPlaces(herd, 5);
  demand(
    length === 5,
    `5 results, for there are that many towns within ${KM} km (Google takes ` +
      "metres)",
    `${length} of them`,
  );
}

async function placesOnce(herd: TriedHerd): Promise<void> {
  await herd.placesAsked();
  await askPlaces(herd, 5);
  const asked = await herd.placesAsked();
  demand(asked === 1, "Google to be asked once", `${asked} times`);
}

async function spreads(herd: TriedHerd): Promise<void> {
  const [first, ...others] = herd.names;
  const position = herd.position();
  await herd.iamat(first!, "kiwi", position);
  for (const name of others) await demandKnown(herd, name, "kiwi", position);
}

async function spreadsAgain(herd: TriedHerd): Promise<void> {
  await spreads(herd);
  await spreads(herd);
}

async function roundDead(herd: TriedHerd): Promise<void> {
  const { names, links } = herd;
  const { cutServers } = shapeOf(names, links);
  const dead = names.find((name) => !cutServers.includes(name));
  if (dead === undefined) {
    throw new Skipped("each server is the only way to another");
  }
  await herd.kill(dead);
  const [first, ...others] = names.filter((name) => name !== dead);
  const position = herd.position();
  await herd.iamat(first!, "kiwi", position);
  for (const name of others) await demandKnown(herd, name, "kiwi", position);
}

async function positiveLongitude(herd: TriedHerd): Promise<void> {
  const server = herd.names[0]!;
  const reply = await herd.iamat(server, "everest", "+27.5916+086.5640");
  demand(
    reply.startsWith("AT "),
    "an AT line, for Mount Everest is there",
    reply,
  );
}

async function badLines(herd: TriedHerd): Promise<void> {
  const server = herd.names[0]!;
  await herd.iamat(server, "kiwi", UCLA);
  for (const line of BAD_LINES) {
    demandRefused(await herd.ask(server, line), line);
  }
  await demandAlive(herd, server);
}

async function unknownClient(herd: TriedHerd): Promise<void> {
  const server = herd.names[0]!;
  const line = "WHATSAT nobody 10 5";
  const reply = await herd.ask(server, line);
  await demandAlive(herd, server);
  demandRefused(reply, line);
}

async function emptyLine(herd: TriedHerd): Promise<void> {
  const server = herd.names[0]!;
  // So that it is known how it wants lines to end.
  await herd.iamat(server, "kiwi");
  await herd.ask(server, "", { withinMs: ABSENT_MS });
  await demandAlive(herd, server);
}

async function newestWins(herd: TriedHerd): Promise<void> {
  const [near, far] = herd.apart();
  const [newer, older] = [herd.position(), herd.position()];
  await herd.iamat(near, "kiwi", newer, herd.time());
  await demandKnown(herd, far, "kiwi", newer);
  for (const server of [far, near]) {
    await herd.iamat(server, "kiwi", older, herd.time(-100));
  }
  for (const server of [near, far]) {
    const isOlder = await herd.knows(server, "kiwi", older, ABSENT_MS);
    demand(!isOlder, `${server} to keep the newer fix`, "the older one");
  }
}

async function frozenNeighbour(herd: TriedHerd): Promise<void> {
  const [a, b] = herd.links[0]!;
  // It is known then how lines end, and nothing is tried any more.
  await herd.iamat(a, "kiwi");
  await herd.pause(b);
  const line = `IAMAT kiwi ${UCLA} ${herd.time()}`;
  const reply = await herd.ask(a, line, { withinMs: FROZEN_MS });
  demand(
    reply.startsWith("AT "),
    `a reply by ${a} within ${FROZEN_MS / 1_000} s, though ${b} is frozen`,
    reply,
  );
}

/** More dials than any herd needs for so many updates. */
function stormAt({ links }: TriedHerd, updates: number): number {
  return STORM_FACTOR * 2 * links.length * updates;
}

async function noLoop(herd: TriedHerd): Promise<void> {
  const demandQuiet = async (what: string, updates: number) => {
    const max = stormAt(herd, updates);
    const dials = await herd.settled(max);
    demand(
      dials <= max,
      `silence soon after ${what}`,
      `${dials} messages, and more`,
    );
  };
  await herd.iamat(herd.names[0]!, "kiwi");
  await demandQuiet("one IAMAT", 1);
  for (const client of ["a", "b", "c", "d", "e"]) {
    const times = herd.names.map((_, i) => herd.time(i / 1_000));
    await Promise.all(
      herd.names.map((name, i) =>
        herd.iamat(name, client, herd.position(), times[i]!)
      ),
    );
    await demandQuiet("IAMATs of one client at all servers", herd.names.length);
  }
}

async function thrift(herd: TriedHerd): Promise<void> {
  await herd.iamat(herd.names[0]!, "kiwi");
  const max = stormAt(herd, 1);
  await herd.settled(max);
  await herd.iamat(herd.names[0]!, "kiwi");
  const dials = await herd.settled(max);
  const twice = 2 * herd.links.length;
  const least = twice - (herd.names.length - 1);
  if (dials <= least) return;
  const share = dials <= twice ? 0.5 : 0;
  const due = `at most ${least} messages for an update`;
  throw new Failure(due, String(dials), share);
}

/** All checks, by the names that a rubric gives points to. */
export const GRADE_CHECKS = {
  "iamat-reply": {
    title: "IAMAT is answered in the right form",
    run: iamatReply,
  },
  "whatsat-reply": {
    title: "WHATSAT is answered by at most as many places as asked for",
    run: whatsatReply,
  },
  "metres": { title: "Google is asked in metres", run: metres },
  "places-once": { title: "Google is asked once a WHATSAT", run: placesOnce },
  "spreads": { title: "an update gets to all servers", run: spreads },
  "spreads-again": {
    title: "a second update of a client gets to all servers",
    run: spreadsAgain,
  },
  "round-dead": { title: "updates go round a dead server", run: roundDead },
  "positive-longitude": {
    title: "east of Greenwich is on Earth too",
    run: positiveLongitude,
  },
  "bad-lines": {
    title: "bad lines are answered by ? and the line",
    run: badLines,
  },
  "unknown-client": {
    title: "an unknown client ends nothing",
    run: unknownClient,
  },
  "empty-line": { title: "an empty line ends nothing", run: emptyLine },
  "newest-wins": {
    title: "an older fix replaces no newer one",
    run: newestWins,
  },
  "frozen-neighbour": {
    title: "a frozen neighbour delays no reply",
    run: frozenNeighbour,
  },
  "no-loop": {
    title: "servers fall silent after the last update",
    run: noLoop,
  },
  "thrift": {
    title: "an update takes no more messages than needed",
    run: thrift,
  },
} as const satisfies Record<string, GradeCheck>;

/** The name of a check. */
export type GradeCheckName = keyof typeof GRADE_CHECKS;
