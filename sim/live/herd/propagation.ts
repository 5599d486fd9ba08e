/**
 * Assertions about where a fix is: on these servers in time, or not on those
 * for a while.
 *
 * @module
 */
import {
  type ByteString,
  readable,
  utf8,
} from "../../../herd/core/bytes/bytes.ts";
import { fieldsOf, isNewer } from "../../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import {
  afterText,
  type Evidence,
  FixWatch,
  holdingText,
  lookOnce,
} from "./fix_watch.ts";
import type { Window } from "./recorded.ts";
import { Undecided } from "./undecided.ts";
import { comparedText, Unmet } from "./unmet.ts";
import { assertSeen } from "./unseen.ts";

/** A fix: an AT line as text, or a reply that contains one. */
export type FixOrLine = string | { readonly line: string };

/** The AT line of a fix, in the form that servers hold. */
function atLine(fix: FixOrLine): ByteString {
  const line = typeof fix === "string" ? fix : fix.line;
  if (parseAtLine(utf8(line))) return utf8(line);
  throw new TypeError(`Cannot look for "${line}": it is no AT line`);
}

/**
 * Waits until all of `servers` hold the fix or a newer one of its client.
 *
 * @throws {AssertionError} If they do not within `withinMs`; it names those
 * that lack it.
 * @throws {Undecided} If it can't be known.
 * @throws {TypeError} If the fix is not an AT line.
 */
export async function assertPropagated(
  supervisor: Supervisor,
  fix: FixOrLine,
  servers: readonly string[],
  withinMs: number,
): Promise<void> {
  assertSeen(supervisor.world, ["answers"], "whether a fix is held");
  const at = atLine(fix);
  if (servers.length === 0) {
    throw new Unmet(`No server is up to hold ${nameOf(at)}`);
  }
  const { found, window } = await watch(supervisor, at, servers, withinMs);
  const others = found.filter((it) => it.kind !== "held");
  if (others.length === 0) return;
  const held = found.filter(({ kind }) => kind === "held")
    .map(({ server }) => server);
  const isUnknown = others.every(({ kind }) => kind === "unknown");
  const details = others.map((it) =>
    it.kind === "unknown" ? unknownText(it) : lackingText(it)
  ).concat(supervisor.lostLinks(window.startMs));
  const actual = `held by ${held.join(", ") || "none of them"}`;
  const asserted = `${isUnknown ? "Cannot tell whether" : "Not"} propagated ` +
    `within ${withinMs} ms: ${nameOf(at)}`;
  const expected = `held by ${servers.join(", ")}`;
  const message = [comparedText(asserted, expected, [actual]), ...details]
    .join("\n  ");
  if (isUnknown) throw new Undecided(message, details.join("; "));
  throw new Unmet(message, [actual, ...details].join("\n"));
}

/**
 * Checks once whether all of `servers` hold the fix or, unless `isExact`, a
 * newer one of its client. A server that is slow to answer is waited for: it is
 * busy, and may hold the fix.
 *
 * @throws {AssertionError} If not; it names those that lack it.
 * @throws {TypeError} If the fix is not an AT line.
 */
export async function assertHeld(
  supervisor: Supervisor,
  fix: FixOrLine,
  servers: readonly string[],
  isExact: boolean,
): Promise<void> {
  assertSeen(supervisor.world, ["answers"], "whether a fix is held");
  const at = atLine(fix);
  const wanted = parseAtLine(at)!;
  const client = fieldsOf(wanted).client;
  const lacks = await Promise.all(servers.map(async (server) => {
    const child = supervisor.child(server);
    const isUp = child.state === "up";
    const look = await lookOnce(supervisor, child, isUp, client);
    if ("why" in look) return lackingText({ server, why: look.why });
    const { at: held } = look.record;
    if (held === undefined) {
      return lackingText({ server, why: holdingText(look.record, client) });
    }
    const isLacking = isExact
      ? held !== at
      : isNewer(wanted, parseAtLine(held)!);
    const why = `it holds ${readable(held)}`;
    return isLacking ? lackingText({ server, why }) : undefined;
  }));
  const details = lacks.filter((lack) => lack !== undefined);
  if (details.length === 0) return;
  const expected = `held by ${servers.join(", ")}`;
  const message = comparedText(`Not held: ${nameOf(at)}`, expected, details);
  throw new Unmet(message, details.join("\n"));
}

/**
 * Watches `servers` for `forMs`.
 *
 * @throws {AssertionError} As soon as one of them holds the fix or a newer one
 * of its client; it says which and when.
 * @throws {Undecided} If it can't be known.
 * @throws {TypeError} If the fix is not an AT line.
 */
export async function assertAbsent(
  supervisor: Supervisor,
  fix: FixOrLine,
  servers: readonly string[],
  forMs: number,
): Promise<void> {
  assertSeen(supervisor.world, ["answers"], "whether a fix is held");
  const at = atLine(fix);
  const isEnough = ({ kind }: Evidence) => kind === "held";
  const { found, window } = await watch(
    supervisor,
    at,
    servers,
    forMs,
    isEnough,
  );
  const held = found.filter((it) => it.kind === "held").map((it) =>
    `${it.server} (after ${afterText(it.atMs, window)})`
  );
  const wanted = `for ${forMs} ms on none of ${servers.join(", ")}`;
  if (held.length > 0) {
    const actual = `held by ${held.join(", ")}`;
    const asserted = `Propagated where it should not: ${nameOf(at)}`;
    throw new Unmet(comparedText(asserted, wanted, [actual]), actual);
  }
  const unknown = found.filter((it) =>
    it.kind === "unknown" || it.kind === "slow"
  ).map(unknownText);
  if (unknown.length === 0) return;
  const asserted = `Cannot tell whether propagated where it should not: ${
    nameOf(at)
  }`;
  const message = comparedText(asserted, wanted, unknown);
  throw new Undecided(message, unknown.join("; "));
}

type Found = Evidence & { readonly server: string };

/**
 * Watches servers until the time is up, all hold the fix, or `isEnough` is true
 * for one.
 */
async function watch(
  supervisor: Supervisor,
  at: ByteString,
  servers: readonly string[],
  durationMs: number,
  isEnough: (evidence: Evidence) => boolean = () => false,
): Promise<{ readonly found: Found[]; readonly window: Window }> {
  const over = new AbortController();
  const { clock } = supervisor.platform;
  const startMs = clock.nowMs();
  const window = { startMs, endMs: startMs + durationMs };
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(durationMs, resolve);
  const enough = Promise.withResolvers<Found[]>();
  const fixWatch = new FixWatch(supervisor, at, window, isOver);
  const watchOne = async (server: string) => {
    const found = { server, ...await fixWatch.of(server, over.signal) };
    if (isEnough(found)) enough.resolve([found]);
    return found;
  };
  try {
    const all = Promise.all(servers.map(watchOne));
    return { found: await Promise.race([all, enough.promise]), window };
  } finally {
    timer.cancel();
    over.abort();
  }
}

/** A server, and why it lacks a fix, or why that is not known. */
interface Told {
  readonly server: string;
  readonly why: string;
}

function unknownText({ server, why }: Told): string {
  return `not known of ${server}: ${why}`;
}

function lackingText({ server, why }: Told): string {
  return `${server} lacks it: ${why}`;
}

function nameOf(at: ByteString): string {
  const { client, position, time, server } = fieldsOf(parseAtLine(at)!);
  return readable(`${client} at ${position}, ${time} (heard by ${server})`);
}
