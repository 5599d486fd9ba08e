/**
 * How many messages servers send each other.
 *
 * @module
 */
import { demand, Failure, type GradeCheck, Unknown } from "../check.ts";
import type { TriedHerd } from "../tried_herd.ts";
import { spreadFrom } from "./spreading.ts";

/** After the last input there is silence by then. */
const SILENT_MS = 2_000;
const WATCH_MS = 3_000;

/** Messages that an update takes at most, if each goes over each link once. */
function twiceAllLinks({ links }: TriedHerd): number {
  return 2 * links.length;
}

async function demandSilence(
  herd: TriedHerd,
  what: string,
  updates: number,
  send: () => Promise<unknown>,
): Promise<void> {
  const before = await herd.traffic.count();
  await send();
  const { messages, bytes, lastMs } = await herd.traffic
    .untilQuiet(before, WATCH_MS);
  if (bytes === 0 && messages === 0 && herd.links.length > 0) {
    throw new Unknown("servers send each other nothing", "spreads");
  }
  const max = twiceAllLinks(herd) * updates;
  // A slow machine is no loop, where no more was sent than has to be.
  demand(
    lastMs <= SILENT_MS || messages > 0 && messages <= max,
    `silence ${SILENT_MS / 1_000} s after ${what}, which takes at most ` +
      `${max} messages`,
    `${messages} messages, ${bytes} bytes, and more`,
  );
}

async function noLoop(herd: TriedHerd): Promise<void> {
  const idle = await herd.traffic.untilQuiet(
    await herd.traffic.count(),
    WATCH_MS,
  );
  if (idle.lastMs > SILENT_MS) {
    throw new Unknown("servers talk to each other though nothing happens");
  }
  herd.takeSteps();
  const { names } = herd;
  await demandSilence(
    herd,
    "one IAMAT",
    1,
    () => herd.iamat(names[0]!, herd.client()),
  );
  const client = herd.client();
  const lines = names.map((server, i) => ({
    server,
    line: `IAMAT ${client} ${herd.position()} ${herd.time(i / 1_000)}`,
  }));
  await demandSilence(
    herd,
    "IAMATs of one client at all servers",
    names.length,
    () => herd.askAtOnce(lines),
  );
}

async function thrift(herd: TriedHerd): Promise<void> {
  await herd.traffic.untilQuiet(await herd.traffic.count(), WATCH_MS);
  herd.takeSteps();
  const before = await herd.traffic.count();
  await spreadFrom(herd, herd.names, herd.client());
  const { messages } = await herd.traffic.untilQuiet(before, WATCH_MS);
  if (messages < herd.names.length - 1) {
    throw new Unknown(
      "messages are counted by connections, and these stay open",
    );
  }
  const twice = twiceAllLinks(herd);
  const least = twice - (herd.names.length - 1);
  if (messages <= least) return;
  throw new Failure([{
    expected: `at most ${least} messages for an update: over each link once, ` +
      "and twice over those on which two servers tell each other at once",
    came: String(messages),
  }], messages <= twice ? 0.5 : 0);
}

/** What is told of messages between servers. */
export const MESSAGE_CHECKS = {
  "no-loop": {
    title: "servers fall silent after the last update",
    isOnFresh: true,
    row: "servers",
    counts: "worst",
    run: noLoop,
  },
  "thrift": {
    title: "an update takes no more messages than needed",
    lostWith: ["spreads", "no-loop"],
    needs: ["split"],
    asksWhatsat: true,
    row: "servers",
    run: thrift,
  },
} as const satisfies Record<string, GradeCheck>;
