/**
 * Finds out what servers would answer in mode `ondemand`, where updates stay on
 * the server that got them: each client has to be asked for.
 *
 * @module
 */
import { type ByteString, readable } from "../../../herd/core/bytes/bytes.ts";
import {
  clientText,
  type FixSpan,
  isNewer,
} from "../../../herd/core/wire/fix.ts";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import { type AtReply, readAtReply } from "../../../herd/net/client.ts";
import type { RecordAnswer } from "../../../herd/net/account.ts";
import { delay } from "../../../herd/net/timing.ts";
import { count } from "../../model/count.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import { LATE_MS, undecided } from "./convergence.ts";
import { Unmet } from "./unmet.ts";
import { assertSeen } from "./unseen.ts";

/**
 * How many clients each server is asked for, and how many questions that may be
 * in all: each question asks the whole herd. The sample stands for all clients.
 */
const SAMPLE_MAX = 32;
const SAMPLE_MIN = 4;
const ASKED_MAX = 256;
const POLL_MS = 100;
/** How many clients a failure names. */
const NAMED_MAX = 3;

/** The AT line of the newest fix, by client. */
type Lines = ReadonlyMap<ByteString, ByteString>;

/** The fixes that a server holds, in no particular order. */
export async function recordsOf(
  supervisor: Supervisor,
  server: string,
): Promise<AtReply[]> {
  assertSeen(supervisor.world, ["records"], "what a server holds");
  const lines = await supervisor.ask(server, { ask: "records" });
  return lines.map(recordOf);
}

/**
 * The fixes with which servers answer: those that they hold, or in mode
 * `ondemand` those that they find. Servers that do not answer are left out.
 */
export async function answersOf(
  supervisor: Supervisor,
  servers: readonly string[],
  mode: DisseminationMode,
): Promise<Map<string, AtReply[]>> {
  assertSeen(supervisor.world, ["records"], "what servers hold");
  if (mode === "ondemand") {
    const lines = await linesFound(supervisor, servers);
    return new Map([...lines].map(([it, its]) => [it, its.map(recordOf)]));
  }
  return await ofThoseThatAnswer(
    servers,
    (server) => recordsOf(supervisor, server),
  );
}

function recordOf(line: ByteString): AtReply {
  return readAtReply("records", readable(line));
}

async function ofThoseThatAnswer<T>(
  servers: readonly string[],
  ask: (server: string) => Promise<T>,
): Promise<Map<string, T>> {
  const asked = servers.map(async (it) => [it, await ask(it)] as const);
  const found = await Promise.allSettled(asked);
  return new Map(
    found.flatMap((it) => it.status === "fulfilled" ? [it.value] : []),
  );
}

/**
 * What each of `servers` would answer for all clients of which one of them
 * holds a fix. Each is asked for a sample; if an answer is not the newest fix
 * that any holds, it is asked for all. Servers that do not answer are left out.
 */
async function linesFound(
  supervisor: Supervisor,
  servers: readonly string[],
): Promise<Map<string, readonly ByteString[]>> {
  const newest = await newestOf(supervisor, servers);
  const sample = sampleOf([...newest.keys()], servers.length);
  return await ofThoseThatAnswer(servers, async (server) => {
    const asked = await ask(supervisor, server, sample);
    const isRight = sample.every((it) => !isBehind(asked.get(it)!, newest, it));
    if (isRight) return [...newest.values()];
    const all = await ask(supervisor, server, [...newest.keys()]);
    return [...all.values()].flatMap(({ at }) => at ?? []);
  });
}

/**
 * Waits until all of `servers` answer alike, with the newest fix that any of
 * them holds, for a sample of the clients.
 *
 * @throws {AssertionError} If they do not within `withinMs`; it names those
 * that differ.
 * @throws {Undecided} If all answers were right, but some came too late.
 */
export async function assertAnswersAlike(
  supervisor: Supervisor,
  servers: readonly string[],
  withinMs: number,
): Promise<void> {
  assertSeen(supervisor.world, ["records"], "whether servers answer alike");
  if (servers.length === 0) throw new Unmet("No server is up");
  const { clock } = supervisor.platform;
  const endMs = clock.nowMs() + withinMs;
  while (true) {
    const wrong = await differences(supervisor, servers);
    const isLate = clock.nowMs() > endMs + LATE_MS;
    if (wrong.length === 0) {
      if (!isLate) return;
      throw undecided(withinMs, "right answers came only later");
    }
    if (clock.nowMs() >= endMs) {
      const message = [
        `Not converged within ${withinMs} ms`,
        `  expected: the newest fix of every client from ${servers.join(", ")}`,
        ...wrong.map((text, i) => `  ${i === 0 ? "actual:  " : ""} ${text}`),
      ].join("\n");
      throw new Unmet(message, wrong.join("\n"));
    }
    const leftMs = Math.max(0, endMs - clock.nowMs());
    const waitMs = Math.min(POLL_MS, leftMs);
    await delay(clock, waitMs);
  }
}

/** Which servers do not answer with the newest fix, in words. */
async function differences(
  supervisor: Supervisor,
  servers: readonly string[],
): Promise<string[]> {
  try {
    const newest = await newestOf(supervisor, servers);
    const sample = sampleOf([...newest.keys()], servers.length);
    const wrong = await Promise.all(servers.map(async (server) => {
      const answers = await ask(supervisor, server, sample);
      const others = sample.filter((it) =>
        isBehind(answers.get(it)!, newest, it)
      );
      return others.slice(0, NAMED_MAX).map((client) => {
        const { at = "unknown", unanswered } = answers.get(client)!;
        const why = unanswered > 0 ? `: ${unansweredText(unanswered)}` : "";
        return `${server} answers ${readable(at)}, ` +
          `not ${readable(newest.get(client)!)}${why}`;
      });
    }));
    return wrong.flat();
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/**
 * Whether an answer is older than what was held before the question. It may be
 * newer: clients go on while servers are asked.
 */
function isBehind(
  { at }: RecordAnswer,
  newest: Lines,
  client: ByteString,
): boolean {
  const held = newest.get(client)!;
  if (at === undefined) return true;
  return isNewer(parseAtLine(held)!, parseAtLine(at)!);
}

/** The newest fix of each client that any of these servers holds. */
async function newestOf(
  supervisor: Supervisor,
  servers: readonly string[],
): Promise<Lines> {
  const held = await Promise.allSettled(
    servers.map((server) => supervisor.ask(server, { ask: "records" })),
  );
  const lines = held.flatMap((it) => it.status === "fulfilled" ? it.value : []);
  const newest = new Map<ByteString, FixSpan & { line: ByteString }>();
  for (const line of lines) {
    const fix = parseAtLine(line);
    if (fix === undefined) continue;
    const client = clientText(fix);
    const known = newest.get(client);
    if (known === undefined || isNewer(fix, known)) {
      newest.set(client, { ...fix, line });
    }
  }
  return new Map([...newest].map(([client, { line }]) => [client, line]));
}

async function ask(
  supervisor: Supervisor,
  server: string,
  clients: readonly ByteString[],
): Promise<ReadonlyMap<ByteString, RecordAnswer>> {
  return new Map(
    await Promise.all(clients.map(async (client) => {
      const answer = await supervisor.ask(server, { ask: "record", client });
      return [client, answer] as const;
    })),
  );
}

/** The remark that an answer may be incomplete. */
export function unansweredText(links: number): string {
  return `${count(links, "link")} gave no answer in time`;
}

/** An evenly spread sample. */
function sampleOf(
  clients: readonly ByteString[],
  servers: number,
): ByteString[] {
  const share = Math.floor(ASKED_MAX / servers);
  const size = Math.max(SAMPLE_MIN, Math.min(SAMPLE_MAX, share));
  const step = Math.max(1, clients.length / size);
  const length = Math.min(clients.length, size);
  return Array.from(
    { length },
    (_, i) => clients[Math.floor(i * step)]!,
  );
}
