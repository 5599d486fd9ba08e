/**
 * The assertion that servers hold equal records.
 *
 * @module
 */
import { AssertionError } from "@std/assert";
import { type ByteString, readable } from "../../../herd/core/bytes/bytes.ts";
import { fieldsOf } from "../../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import type { ServerDigest } from "../../../herd/net/account.ts";
import { delay } from "../../../herd/net/timing.ts";
import type { Supervisor } from "../servers/supervisor.ts";

const POLL_MS = 10;
/**
 * Timers, and this thread, may be late: a look that began so much after the time
 * was up is as good as one at its end, and one that began later sees too late.
 */
export const LATE_MS = 10;

interface Held {
  readonly server: string;
  /** Why there is no digest, where there is none. */
  readonly digest: ServerDigest | string;
}

/**
 * Waits until all of `servers` hold equal records and have nothing queued for
 * a neighbour, seen twice in a row: at some instant between the two they were
 * equal all at once.
 *
 * @throws {AssertionError} If not within `withinMs`; it says who differs, how
 * many records each holds, and of one client what each holds of it.
 */
export async function assertConverged(
  supervisor: Supervisor,
  servers: readonly string[],
  withinMs: number,
): Promise<void> {
  if (servers.length === 0) throw new AssertionError("No server is up");
  const { clock } = supervisor.platform;
  const endMs = clock.nowMs() + withinMs;
  let before: string | undefined;
  while (true) {
    const isLate = clock.nowMs() > endMs + LATE_MS;
    const held = await Promise.all(
      servers.map((server) => digestOf(supervisor, server)),
    );
    const now = agreement(held);
    if (now !== undefined && now === before) return;
    if (isLate && before === undefined && now !== undefined) {
      throw new AssertionError(
        `Not converged within ${withinMs} ms\n  actual: only later`,
      );
    }
    before = now;
    if (clock.nowMs() >= endMs && now === undefined) {
      const difference = await differenceOf(supervisor, held);
      throw new AssertionError(
        [describe(held, withinMs), ...difference].join("\n"),
      );
    }
    await delay(clock, POLL_MS);
  }
}

async function digestOf(supervisor: Supervisor, server: string): Promise<Held> {
  const { state } = supervisor.child(server);
  if (state !== "up") return { server, digest: `it is ${state}` };
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

/** What all hold, or undefined if they differ or have something queued. */
function agreement(held: readonly Held[]): string | undefined {
  const sums = new Set(held.map(({ digest }) => sumOf(digest)));
  const queued = held.some(({ digest }) =>
    typeof digest === "string" || digest.queued > 0
  );
  return queued || sums.size > 1 ? undefined : [...sums][0];
}

function sumOf(digest: ServerDigest | string): string {
  return typeof digest === "string"
    ? digest
    : `${digest.count} ${digest.fingerprint}`;
}

/** Those that hold the same, most first. */
function groupsOf(held: readonly Held[]): Held[][] {
  return [...Map.groupBy(held, ({ digest }) => sumOf(digest)).values()]
    .sort((a, b) => b.length - a.length);
}

function describe(held: readonly Held[], withinMs: number): string {
  const lines = groupsOf(held).map((group) => {
    const names = group.map(({ server, digest }) =>
      typeof digest !== "string" && digest.queued > 0
        ? `${server} (${digest.queued} queued)`
        : server
    );
    const digest = group[0]?.digest;
    return typeof digest === "object"
      ? `${digest.count} records, fingerprint ${digest.fingerprint}: ` +
        names.join(", ")
      : `no records, ${digest}: ${names.join(", ")}`;
  });
  return [
    `Not converged within ${withinMs} ms`,
    `  expected: equal records, and nothing queued`,
    ...lines.map((line, i) =>
      `  ${i === 0 ? "actual:  " : "         "} ${line}`
    ),
  ].join("\n");
}

/** What servers hold, by client: the AT line. */
type Lines = ReadonlyMap<ByteString, ByteString>;

/**
 * Of which clients servers hold something else, and of one of them what each
 * holds. Servers are asked twice: what is on its way differs but for a moment.
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
    // Who has ended meanwhile can't be asked; the digests stand.
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
