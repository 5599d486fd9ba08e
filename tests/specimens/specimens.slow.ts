/**
 * Each specimen runs, and shows the fault that it is said to have; the right
 * ones show none. All is seen from outside, by plain sockets.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { eventually, Running } from "./running.ts";
import { unless } from "../skipped.ts";
import { FAULTS, STYLES, whyNot } from "./specimens.ts";

const AT = /^AT \w+ [+-]?\d+\.\d+ \S+ [+-][\d.]+[+-][\d.]+ [\d.]+/;
/** A whole answer to WHATSAT: the AT line and JSON. */
const PLACES = /^AT [^{]*\{[^]*\}\s*$/;
const QUERY = /^\? [^]*$|^AT [^{]*\{[^]*\}\s*$/;
/** What a flood costs at most, with a full round to spare. */
const STORM_AT = 100;

let fixes = 0;

/** A position in the west that no other fix has. */
function west(): string {
  return `+34.${String(++fixes).padStart(6, "0")}-118.445127`;
}

function now(offsetS = 0): string {
  return (Date.now() / 1000 + offsetS).toFixed(6);
}

async function iamat(
  herd: Running,
  server: string,
  client: string,
  position: string,
  time = now(),
): Promise<string> {
  return await herd.ask(server, `IAMAT ${client} ${position} ${time}`, AT);
}

/** Whether a server comes to answer for a client with a position. */
function knows(
  herd: Running,
  server: string,
  client: string,
  position: string,
  patienceMs?: number,
): Promise<boolean> {
  return eventually(async () => {
    const line = `WHATSAT ${client} 1 1`;
    return (await herd.ask(server, line, QUERY)).includes(` ${position} `);
  }, patienceMs);
}

async function isAlive(herd: Running, server: string): Promise<boolean> {
  const reply = await iamat(herd, server, "alive", west()).catch(() => "");
  return AT.test(reply) && !herd.hasEnded(server);
}

/** Waits until no server has sent a message for half a second. */
async function isQuiet(herd: Running): Promise<void> {
  for (let sent = -1; sent !== herd.sent();) {
    sent = herd.sent();
    await eventually(() => sent !== herd.sent(), 500);
  }
}

/** A server, and one that it has no link to. */
function apart(herd: Running): [string, string] {
  const [first] = herd.names;
  const far = herd.names.find((name) =>
    name !== first &&
    !herd.links.some((l) => l.includes(first!) && l.includes(name))
  );
  return [first!, far!];
}

/** For each fault, whether a herd has it. */
const PROBES: Readonly<Record<string, (herd: Running) => Promise<boolean>>> = {
  async "storm"(herd) {
    const before = herd.sent();
    const [near, far] = apart(herd);
    const position = west();
    await iamat(herd, near, "storm", position);
    await knows(herd, far, "storm", position);
    return await eventually(() => herd.sent() - before > STORM_AT, 1_500);
  },
  async "ping-pong"(herd) {
    // Whether two updates chase each other is up to chance.
    for (let round = 0; round < 10; round++) {
      const client = `pong${round}`;
      const before = herd.sent();
      await Promise.all(
        herd.names.map((name, i) =>
          iamat(herd, name, client, west(), now(i / 1000))
        ),
      );
      const isEndless = () => herd.sent() - before > 3 * STORM_AT;
      if (await eventually(isEndless, 500)) return true;
    }
    return false;
  },
  async "older overwrites newer"(herd) {
    const [near, far] = apart(herd);
    const [newer, older] = [west(), west()];
    await iamat(herd, near, "order", newer);
    await knows(herd, far, "order", newer);
    await iamat(herd, far, "order", older, now(-100));
    return await knows(herd, near, "order", older, 500);
  },
  async "one hop"(herd) {
    const [near, far] = apart(herd);
    const position = west();
    await iamat(herd, near, "hop", position);
    return !await knows(herd, far, "hop", position, 2_000);
  },
  async "waits for a frozen neighbour"(herd) {
    const [a, b] = herd.links[0]!;
    herd.signal(b, "SIGSTOP");
    const line = `IAMAT frozen ${west()} ${now()}`;
    const reply = await herd.ask(a, line, AT, 2_000);
    herd.signal(b, "SIGCONT");
    return !AT.test(reply);
  },
  async "known client not spread"(herd) {
    const [near, far] = apart(herd);
    const first = west();
    await iamat(herd, near, "known", first);
    await knows(herd, far, "known", first);
    const second = west();
    await iamat(herd, near, "known", second);
    return !await knows(herd, far, "known", second, 2_000);
  },
  async "ends on an empty command"(herd) {
    await herd.ask(herd.names[0]!, "", /$^/, 500);
    return !await isAlive(herd, herd.names[0]!);
  },
  async "positive longitude refused"(herd) {
    const position = "+27.5916+086.5640";
    const line = `IAMAT east ${position} ${now()}`;
    return (await herd.ask(herd.names[0]!, line, QUERY, 500)).startsWith("?");
  },
  async "ends on an unknown client"(herd) {
    await herd.ask(herd.names[0]!, "WHATSAT nobody 1 1", /^\? WHATSAT/, 2_000);
    return !await isAlive(herd, herd.names[0]!);
  },
  async "ends on bad input"(herd) {
    const bad = [
      `IAMAT bad ${west()} soon`,
      `IAMAT bad here ${now()}`,
      "WHATSAT bad ten 5",
      "IAMAT bad",
      "HELLO",
    ];
    for (const line of bad) {
      await herd.ask(herd.names[0]!, line, /^\? /, 2_000).catch(() => {});
    }
    return !await isAlive(herd, herd.names[0]!);
  },
  async "echoes to the sender"(herd) {
    await isQuiet(herd);
    const before = herd.sent();
    await iamat(herd, herd.names[0]!, "cost", west());
    const { length } = herd.links;
    const least = 2 * length - (herd.names.length - 1);
    await eventually(() => herd.sent() - before >= least);
    await isQuiet(herd);
    return herd.sent() - before > least;
  },
  async "difference without sign"(herd) {
    const reply = await iamat(herd, herd.names[0]!, "sign", west(), "1.5");
    return !/^AT \w+ \+/.test(reply);
  },
  async "radius without bound"(herd) {
    const server = herd.names[0]!;
    await iamat(herd, server, "far", west());
    return PLACES.test(await herd.ask(server, "WHATSAT far 51 1", QUERY));
  },
  async "bad line not repeated"(herd) {
    const isRepeated = /^\? MAYBE so/;
    return !isRepeated.test(
      await herd.ask(herd.names[0]!, "MAYBE so", isRepeated, 500),
    );
  },
};

/** Those that need servers' own count of messages. */
const COUNTING = ["storm", "ping-pong", "echoes to the sender"];

for (const [style, { sends }] of Object.entries(STYLES)) {
  Deno.test({
    ...unless(whyNot(style), `${style}: a right herd shows none of the faults`),
    async fn() {
      await using herd = await Running.start(style);
      const found: string[] = [];
      for (const [name, hasIt] of Object.entries(PROBES)) {
        if (!sends && COUNTING.includes(name)) continue;
        if (await hasIt(herd)) found.push(name);
      }
      assertEquals(found, []);
    },
  });
}

for (const fault of Object.keys(FAULTS)) {
  const hasIt = PROBES[fault];
  if (!hasIt) continue;
  Deno.test({
    ...unless(whyNot(fault), `${fault}: the specimen with this fault shows it`),
    async fn() {
      await using herd = await Running.start(fault);
      assert(await hasIt(herd));
    },
  });
}
