/**
 * The assertion that servers hold equal records.
 *
 * @module
 */
import { AssertionError } from "@std/assert";
import type { ServerDigest } from "../../../herd/net/server.ts";
import type { Supervisor } from "../servers/supervisor.ts";

const POLL_MS = 10;

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
 * @throws {AssertionError} If not within `withinMs`; it says who differs, and
 * how many records each holds.
 */
export async function assertConverged(
  supervisor: Supervisor,
  servers: readonly string[],
  withinMs: number,
): Promise<void> {
  if (servers.length === 0) throw new AssertionError("No server is up");
  const endMs = performance.now() + withinMs;
  let before: string | undefined;
  while (true) {
    const held = await Promise.all(
      servers.map((server) => digestOf(supervisor, server)),
    );
    const now = agreement(held);
    if (now !== undefined && now === before) return;
    before = now;
    if (performance.now() >= endMs && now === undefined) {
      throw new AssertionError(describe(held, withinMs));
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
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

function describe(held: readonly Held[], withinMs: number): string {
  const bySum = Object.groupBy(held, ({ digest }) => sumOf(digest));
  const groups = Object.values(bySum)
    .map((group) => group ?? [])
    .sort((a, b) => b.length - a.length);
  const lines = groups.map((group) => {
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
