/**
 * Replies to clients, and their form.
 *
 * @module
 */
import { demand, Failure, type GradeCheck, Unknown } from "../check.ts";
import { isAt } from "../position.ts";
import type { TriedHerd } from "../tried_herd.ts";

/** Around here there are more than twenty towns. */
export const UCLA = "+34.068930-118.445127";
const KM = 20;
const AT =
  /^AT (\S+) ([+-]\d+(?:\.\d+)?(?:[eE][+-]?\d+)?) (\S+) (\S+) (\S+)\s*$/;
/** A machine's clock and a herd's start are never so far apart. */
const DIFFERENCE_S = 60;

async function iamat(herd: TriedHerd): Promise<void> {
  const server = herd.names[0]!;
  for (const time of [herd.time(), herd.time(100), "1621464827.950"]) {
    const id = `${herd.client()}.cs.ucla.edu`;
    const reply = await herd.iamat(server, id, UCLA, time);
    const [, name, difference, client, position, sent] = AT.exec(reply) ?? [];
    const due = `AT ${server} +0.26 ${id} ${UCLA} ${time}`;
    demand(name !== undefined, `a line like "${due}"`, reply);
    demand(
      name === server && client === id && position === UCLA && sent === time,
      `"${due}", the fields of the client as they came`,
      reply,
    );
    const seconds = Number(herd.time()) - Number(time);
    demand(
      Math.abs(Number(difference) - seconds) < DIFFERENCE_S,
      `a difference of about ${seconds.toFixed(1)} s`,
      difference!,
    );
  }
}

/** What a reply to WHATSAT tells of places. */
interface PlacesReply {
  readonly results: unknown[];
  /** Why Google gave none, if it says so. */
  readonly refusal?: string;
}

/** The JSON of a reply to WHATSAT. */
function placesOf(reply: string): PlacesReply {
  const text = reply.slice(Math.max(0, reply.indexOf("\n")));
  try {
    const body = JSON.parse(text);
    // The newer search has `places`, which some pass on as they come.
    const results = body.results ?? body.places ?? [];
    const { error_message: refusal } = body;
    const why = typeof refusal === "string" && { refusal };
    if (Array.isArray(results)) return { results, ...why };
  } catch {
    // What came instead is told below.
  }
  throw new Failure([{
    expected: "an AT line, and JSON with results behind it",
    came: reply || "nothing",
  }]);
}

/** What a server tells of the places around a client, which it hears of first. */
async function askPlaces(herd: TriedHerd, items: number): Promise<PlacesReply> {
  const server = herd.names[0]!;
  const client = herd.client();
  await herd.iamat(server, client, UCLA);
  const reply = await herd.ask(server, `WHATSAT ${client} ${KM} ${items}`);
  demand(isAt(reply, UCLA), `the AT line of ${client} first`, reply);
  return placesOf(reply);
}

async function whatsat(herd: TriedHerd): Promise<void> {
  for (const items of [5, 1]) {
    const { results: { length } } = await askPlaces(herd, items);
    demand(length <= items, `at most ${items} results`, `${length} of them`);
  }
}

/** The form of the reply is another check's. */
async function placesIfAny(herd: TriedHerd): Promise<PlacesReply> {
  try {
    return await askPlaces(herd, 5);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const why = "WHATSAT is not answered by an AT line and JSON";
    throw new Unknown(why, "whatsat-reply");
  }
}

async function metres(herd: TriedHerd): Promise<void> {
  const { results: { length }, refusal } = await placesIfAny(herd);
  demand(
    length >= 5,
    `5 results, for there are that many towns within ${KM} km (Google takes ` +
      "metres)",
    `${length} of them` +
      (refusal === undefined ? "" : `, for Google said: ${refusal}`),
  );
}

async function placesOnce(herd: TriedHerd): Promise<void> {
  await herd.places("none");
  await placesIfAny(herd);
  const asked = await herd.places("none");
  demand(asked === 1, "Google to be asked once", `${asked} times`);
}

async function positiveLongitude(herd: TriedHerd): Promise<void> {
  const server = herd.names[0]!;
  const reply = await herd.iamat(server, herd.client(), "+27.5916+086.5640");
  demand(
    reply.startsWith("AT "),
    "an AT line, for Mount Everest is there",
    reply,
  );
}

/** What is told of replies. */
export const REPLY_CHECKS = {
  "iamat-reply": {
    title: "IAMAT is answered in the right form",
    row: "clients",
    run: iamat,
  },
  "whatsat-reply": {
    title: "WHATSAT is answered by JSON of at most as many places as asked for",
    row: "clients",
    run: whatsat,
  },
  "metres": {
    title: "Google is asked in metres",
    asksWhatsat: true,
    row: "clients",
    run: metres,
  },
  "places-once": {
    title: "Google is asked once a WHATSAT",
    asksWhatsat: true,
    row: "clients",
    run: placesOnce,
  },
  "positive-longitude": {
    title: "east of Greenwich is on Earth too",
    row: "clients",
    run: positiveLongitude,
  },
} as const satisfies Record<string, GradeCheck>;
