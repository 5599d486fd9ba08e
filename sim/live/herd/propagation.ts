/**
 * Assertions about where a fix got: on these servers in time, or not on those
 * for a while.
 *
 * @module
 */
import { AssertionError } from "@std/assert";
import {
  type ByteString,
  readable,
  utf8,
} from "../../../herd/core/bytes/bytes.ts";
import { fieldsOf, isNewer } from "../../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import { unansweredText } from "./answers.ts";
import type { Supervisor } from "../servers/supervisor.ts";

/** A fix: an AT line as text, or a reply that carries one. */
export type FixOrLine = string | { readonly line: string };

/** The AT line of a fix, as the servers hold it. */
function atLine(fix: FixOrLine): ByteString {
  const line = typeof fix === "string" ? fix : fix.line;
  if (parseAtLine(utf8(line))) return utf8(line);
  throw new TypeError(`Cannot look for "${line}": it is no AT line`);
}

/** What servers have told in time is heard so much later at most. */
const HEARD_MS = 50;

/**
 * Waits until all of `servers` hold the fix or a newer one of its client.
 *
 * @throws {AssertionError} If not within `withinMs`; it names who lacks it.
 * @throws {TypeError} If the fix is no AT line.
 */
export async function assertPropagated(
  supervisor: Supervisor,
  fix: FixOrLine,
  servers: readonly string[],
  withinMs: number,
): Promise<void> {
  const at = atLine(fix);
  if (servers.length === 0) {
    throw new AssertionError(`No server is up to hold ${nameOf(at)}`);
  }
  const lacking = new Set(servers);
  await watch(supervisor, at, servers, withinMs, (server) => {
    lacking.delete(server);
    return lacking.size > 0;
  });
  if (lacking.size === 0) return;
  const held = servers.filter((server) => !lacking.has(server));
  const details = await Promise.all(
    [...lacking].map((server) => whatHolds(supervisor, server, at)),
  );
  throw new AssertionError([
    `Not propagated within ${withinMs} ms: ${nameOf(at)}`,
    `  expected: held by ${servers.join(", ")}`,
    `  actual:   held by ${held.join(", ") || "none of them"}`,
    ...details.map((detail) => `  ${detail}`),
  ].join("\n"));
}

/**
 * Looks once whether all of `servers` hold the fix or, unless it must be this
 * very one, a newer one of its client. A server that is slow to answer is waited for: being busy is no lack.
 *
 * @throws {AssertionError} If not; it names who lacks it.
 * @throws {TypeError} If the fix is no AT line.
 */
export async function assertHeld(
  supervisor: Supervisor,
  fix: FixOrLine,
  servers: readonly string[],
  isExact: boolean,
): Promise<void> {
  const at = atLine(fix);
  const wanted = parseAtLine(at)!;
  const client = fieldsOf(wanted).client;
  const lacks = await Promise.all(servers.map(async (server) => {
    const record = await recordOf(supervisor, server, client);
    if (!("at" in record)) return `${server} lacks it: ${record.why}`;
    const isLacking = isExact
      ? record.at !== at
      : isNewer(wanted, parseAtLine(record.at)!);
    return isLacking
      ? `${server} lacks it: it holds ${readable(record.at)}`
      : undefined;
  }));
  const details = lacks.filter((lack) => lack !== undefined);
  if (details.length === 0) return;
  throw new AssertionError([
    `Not held: ${nameOf(at)}`,
    `  expected: held by ${servers.join(", ")}`,
    `  actual:   ${details.join("\n            ")}`,
  ].join("\n"));
}

/**
 * Watches `servers` for `forMs`.
 *
 * @throws {AssertionError} As soon as one of them holds the fix or a newer one
 * of its client; it says which and when.
 * @throws {TypeError} If the fix is no AT line.
 */
export async function assertAbsent(
  supervisor: Supervisor,
  fix: FixOrLine,
  servers: readonly string[],
  forMs: number,
): Promise<void> {
  const at = atLine(fix);
  const startMs = supervisor.platform.clock.nowMs();
  const got: string[] = [];
  await watch(supervisor, at, servers, forMs, (server, atMs) => {
    const afterMs = Math.max(0, atMs - startMs).toFixed(1);
    got.push(`${server} (after ${afterMs} ms)`);
    return false;
  });
  if (got.length === 0) return;
  throw new AssertionError([
    `Propagated where it should not: ${nameOf(at)}`,
    `  expected: for ${forMs} ms on none of ${servers.join(", ")}`,
    `  actual:   held by ${got.join(", ")}`,
  ].join("\n"));
}

/**
 * Watches until `onHeld`, called for each server that had the fix in time, by
 * its own clock, returns false, or the time is up.
 */
async function watch(
  supervisor: Supervisor,
  at: ByteString,
  servers: readonly string[],
  durationMs: number,
  onHeld: (server: string, atMs: number) => boolean,
): Promise<void> {
  const over = new AbortController();
  const { clock } = supervisor.platform;
  const endMs = clock.nowMs() + durationMs;
  let timer = clock.after(durationMs, () => {
    // While this thread was busy, answers may have come that it has not heard.
    timer = clock.after(HEARD_MS, () => over.abort());
  });
  const watchOne = async (server: string) => {
    const atMs = await supervisor.whenHeld(server, at, over.signal);
    if (over.signal.aborted || atMs > endMs) return;
    if (!onHeld(server, atMs)) over.abort();
  };
  try {
    await Promise.all(servers.map(watchOne));
  } catch (error) {
    if (!over.signal.aborted) throw error;
  } finally {
    timer.cancel();
    over.abort();
  }
}

/** What a server that lacks the fix holds instead. */
async function whatHolds(
  supervisor: Supervisor,
  server: string,
  at: ByteString,
): Promise<string> {
  const { client } = fieldsOf(parseAtLine(at)!);
  const record = await recordOf(supervisor, server, client);
  const what = "at" in record ? `it holds ${readable(record.at)}` : record.why;
  return `${server} lacks it: ${what}`;
}

/** A server's record of a client, or why there is none. */
async function recordOf(
  supervisor: Supervisor,
  server: string,
  client: ByteString,
): Promise<{ readonly at: ByteString } | { readonly why: string }> {
  const { state } = supervisor.child(server);
  if (state !== "up") return { why: `it is ${state}` };
  try {
    const found = await supervisor.ask(server, { ask: "record", client });
    const { at, unanswered } = found;
    if (at !== undefined) return { at };
    const why = unanswered === 0
      ? `it has never heard of ${readable(client)}`
      : `it can't find ${readable(client)}, ${unansweredText(unanswered)}`;
    return { why };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

function nameOf(at: ByteString): string {
  const { client, position, time, server } = fieldsOf(parseAtLine(at)!);
  return readable(`${client} at ${position}, ${time} (heard by ${server})`);
}
