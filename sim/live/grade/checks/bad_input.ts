/**
 * What no server may take, and what may end none.
 *
 * @module
 */
import {
  type CheckOptions,
  demand,
  demandAlive,
  Failure,
  type Finding,
  type GradeCheck,
} from "../check.ts";
import type { TriedHerd } from "../tried_herd.ts";
import { UCLA } from "./replies.ts";

/** Lines that are no commands. `kiwi` has been heard of when they come. */
export const BAD_LINES: readonly string[] = [
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

/** Bad input needs no look-up; so no more is waited for it. */
const REFUSED_MS = 3_000;
const EMPTY_MS = 700;

/** `?` and the line, white space and what ends it aside. */
function isRefused(reply: string, line: string): boolean {
  return words(reply) === words(`? ${line}`);
}

function words(text: string): string {
  return text.trim().split(/\s+/).join(" ");
}

/** Each line is a row of its own: others earn their share of the points. */
async function badLines(
  herd: TriedHerd,
  { lines = BAD_LINES }: CheckOptions,
): Promise<void> {
  const server = herd.names[0]!;
  const found: Finding[] = [];
  const greet = () => herd.iamat(server, "kiwi", UCLA);
  await greet();
  const before = herd.takeSteps();
  for (const line of lines) {
    const crashes = herd.crashes.length;
    const reply = await herd.ask(server, line, { withinMs: REFUSED_MS });
    if (!isRefused(reply, line)) {
      found.push({
        expected: `"? ${line}"`,
        came: await whyNot(herd, crashes) ?? (reply || "nothing"),
        steps: [...before, ...herd.takeSteps()],
      });
    } else herd.takeSteps();
    if (herd.crashes.length === crashes) continue;
    // One crash costs one row, and not those after it.
    await herd.restore(server);
    await greet();
    herd.takeSteps();
  }
  if (found.length > 0) {
    throw new Failure(found, 1 - found.length / lines.length);
  }
}

const CRASH_MS = 300;

/** That a server has ended, which may be known only after its connection has. */
async function whyNot(
  herd: TriedHerd,
  crashes: number,
): Promise<string | undefined> {
  await herd.pass(CRASH_MS);
  return herd.crashes[crashes];
}

async function unknownClient(herd: TriedHerd): Promise<void> {
  const server = herd.names[0]!;
  const reply = await herd.ask(server, "WHATSAT nobody 10 5");
  await demandAlive(herd, server);
  demand(reply.startsWith("?"), '"? WHATSAT nobody 10 5"', reply);
}

async function emptyLine(herd: TriedHerd): Promise<void> {
  const server = herd.names[0]!;
  // So that it is known how it wants lines to end.
  await herd.iamat(server, herd.client());
  await herd.ask(server, "", { withinMs: EMPTY_MS });
  await demandAlive(herd, server);
}

/** What is told of bad input. */
export const BAD_INPUT_CHECKS = {
  "bad-lines": {
    title: "bad lines are answered by ? and the line",
    row: "clients",
    run: badLines,
  },
  "unknown-client": {
    title: "an unknown client is refused, and ends nothing",
    row: "clients",
    run: unknownClient,
  },
  "empty-line": {
    title: "an empty line ends nothing",
    row: "clients",
    run: emptyLine,
  },
} as const satisfies Record<string, GradeCheck>;
