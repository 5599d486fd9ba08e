/**
 * The assertion that servers hold equal records.
 *
 * @module
 */
import { type ByteString, readable } from "../../../herd/core/bytes/bytes.ts";
import { fieldsOf } from "../../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import { delay } from "../../../herd/net/timing.ts";
import { count } from "../../model/count.ts";
import { stateText } from "../../model/lifecycle.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import type { TimedDigest } from "../../worlds/questions.ts";
import { wereEqual, type Window } from "./recorded.ts";
import { Undecided } from "./undecided.ts";
import { comparedText, Unmet } from "./unmet.ts";
import { assertSeen } from "./unseen.ts";

const POLL_MS = 10;
/**
 * Timers are late, so an answer counts as in time up to this much after the
 * deadline. A later one shows a state that came too late.
 */
export const LATE_MS = 10;

interface Held {
  readonly server: string;
  /** Or why there is none. */
  readonly digest: TimedDigest | string;
}

/**
 * Waits until all of `servers` hold equal records and have nothing queued for a
 * neighbour, in two looks in a row: at some instant between the two they were
 * all equal. The time is taken from the servers' clocks.
 *
 * @throws {AssertionError} If they do not within `withinMs`; it says which
 * differ, how many records each holds, and for one client what each holds.
 * @throws {Undecided} If servers answered too late to tell, and have no trace.
 */
export async function assertConverged(
  supervisor: Supervisor,
  servers: readonly string[],
  withinMs: number,
): Promise<void> {
  assertSeen(supervisor.world, ["records"], "whether records are equal");
  if (servers.length === 0) throw new Unmet("No server is up");
  const { clock } = supervisor.platform;
  const startMs = clock.nowMs();
  const endMs = startMs + withinMs;
  /** The digest of all at the last look, if that was in time. */
  let inTime: string | undefined;
  while (true) {
    const held = await Promise.all(
      servers.map((server) => digestOf(supervisor, server)),
    );
    const now = agreement(held);
    if (now !== undefined && now === inTime) return;
    const isLate = held.some(({ digest }) =>
      typeof digest !== "string" && digest.atMs > endMs + LATE_MS
    );
    inTime = isLate ? undefined : now;
    if (clock.nowMs() >= endMs && inTime === undefined) {
      return await decide(supervisor, held, { startMs, endMs });
    }
    await delay(clock, POLL_MS);
  }
}

/** Whether it holds can't be known. */
export function undecided(withinMs: number, why: string): Undecided {
  return new Undecided(
    `Cannot tell whether converged within ${withinMs} ms\n  actual: ${why}`,
    why,
  );
}

/** The time is up, and no two looks in it have agreed. */
async function decide(
  supervisor: Supervisor,
  held: readonly Held[],
  window: Window,
): Promise<void> {
  const withinMs = window.endMs - window.startMs;
  const isAgreed = agreement(held) !== undefined;
  const children = held.map(({ server }) => supervisor.child(server));
  const silent = held.filter(({ server, digest }) =>
    typeof digest === "string" && supervisor.child(server).state === "up"
  ).map(({ server }) => server);
  const isUp = children.every(({ state }) => state === "up");
  if (isUp && (isAgreed || silent.length > 0)) {
    // What servers had from their disks is in no trace.
    if (
      !children.every(({ start }) => start.trace && start.dataDir === undefined)
    ) {
      const why = isAgreed
        ? "they were seen to agree only later"
        : `no answer in time from ${silent.join(", ")}`;
      throw undecided(withinMs, why);
    }
    if (wereEqual(children, window)) return;
  }
  if (isAgreed) {
    const actual = "only later";
    const message = `Not converged within ${withinMs} ms`;
    throw new Unmet(`${message}\n  actual: ${actual}`, actual);
  }
  const difference = await differenceOf(supervisor, held);
  const lost = supervisor.lostLinks(window.startMs).map((text) => `  ${text}`);
  throw unequal(digestTexts(held), [...difference, ...lost], withinMs);
}

async function digestOf(supervisor: Supervisor, server: string): Promise<Held> {
  const { state } = supervisor.child(server);
  if (state !== "up") return { server, digest: `it ${stateText(state)}` };
  try {
    return {
      server,
      digest: await supervisor.ask(server, { ask: "digest" }),
    };
  } catch (error) {
    return {
      server,
      digest: error instanceof Error ? error.message : String(error),
    };
  }
}

/** The digest of all; undefined if they differ or have something queued. */
function agreement(held: readonly Held[]): string | undefined {
  const sums = new Set(held.map(({ digest }) => sumOf(digest)));
  const queued = held.some(({ digest }) =>
    typeof digest === "string" || digest.queued > 0
  );
  return queued || sums.size > 1 ? undefined : [...sums][0];
}

function sumOf(digest: TimedDigest | string): string {
  return typeof digest === "string"
    ? digest
    : `${digest.count} ${digest.fingerprint}`;
}

/** Servers grouped by equal records, the largest group first. */
function groupsOf(held: readonly Held[]): Held[][] {
  return [...Map.groupBy(held, ({ digest }) => sumOf(digest)).values()]
    .sort((a, b) => b.length - a.length);
}

/** One line for each group, with what it holds. */
function digestTexts(held: readonly Held[]): string[] {
  return groupsOf(held).map((group) => {
    const names = group.map(({ server, digest }) =>
      typeof digest !== "string" && digest.queued > 0
        ? `${server} (${digest.queued} queued)`
        : server
    );
    const digest = group[0]?.digest;
    return typeof digest === "object"
      ? `${
        count(digest.count, "record")
      }, fingerprint ${digest.fingerprint}: ` +
        names.join(", ")
      : `no records, ${digest}: ${names.join(", ")}`;
  });
}

function unequal(
  digests: readonly string[],
  difference: readonly string[],
  withinMs: number,
): Unmet {
  const asserted = `Not converged within ${withinMs} ms`;
  const expected = "equal records, and nothing queued";
  const message = comparedText(asserted, expected, digests);
  return new Unmet(
    [message, ...difference].join("\n"),
    [...digests, ...difference].join("\n"),
  );
}

/** What a server holds: AT lines by client. */
type Lines = ReadonlyMap<ByteString, ByteString>;

/**
 * The clients whose fixes differ, and for one of them what each server holds.
 * Servers are asked twice, because an update on its way differs for a moment
 * only.
 */
async function differenceOf(
  supervisor: Supervisor,
  held: readonly Held[],
): Promise<string[]> {
  const servers = groupsOf(held).flatMap(([first]) =>
    first === undefined || typeof first.digest === "string"
      ? []
      : [first.server]
  );
  if (servers.length < 2) return [];
  try {
    const differing = differingIn(await linesOf(supervisor, servers));
    await delay(supervisor.platform.clock, POLL_MS);
    const lines = await linesOf(supervisor, servers);
    const still = differingIn(lines);
    const clients = [...differing].filter((client) => still.has(client));
    const client = clients.sort()[0];
    if (client === undefined) {
      return ["  no client differs for long: updates are on their way"];
    }
    const many = clients.length === 1
      ? "1 client differs,"
      : `${clients.length} clients differ, such as`;
    return [
      `  ${many} ${readable(client)}:`,
      ...[...lines].map(([server, its]) =>
        `    ${server} ${holdingText(its.get(client))}`
      ),
    ];
  } catch {
    // A server has ended in the meantime and can't be asked; the digests stand.
    return [];
  }
}

async function linesOf(
  supervisor: Supervisor,
  servers: readonly string[],
): Promise<Map<string, Lines>> {
  const all = servers.map(async (server): Promise<[string, Lines]> => {
    const lines = await supervisor.ask(server, { ask: "records" });
    const byClient = lines.map((line) =>
      [fieldsOf(parseAtLine(line)!).client, line] as const
    );
    return [server, new Map(byClient)];
  });
  return new Map(await Promise.all(all));
}

function differingIn(lines: ReadonlyMap<string, Lines>): Set<ByteString> {
  const stores = [...lines.values()];
  const clients = new Set(stores.flatMap((its) => [...its.keys()]));
  return new Set(
    [...clients].filter((client) =>
      stores.some((its) => its.get(client) !== stores[0]!.get(client))
    ),
  );
}

function holdingText(line: ByteString | undefined): string {
  if (line === undefined) return "holds nothing of it";
  const { position, time, server } = fieldsOf(parseAtLine(line)!);
  return readable(`holds ${position}, ${time} (heard by ${server})`);
}
