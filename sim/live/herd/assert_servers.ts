/**
 * Assertions about the status of servers.
 *
 * @module
 */
import {
  expectationText,
  isAsExpected,
  isPast,
  type ServerExpectation,
} from "../../model/server_expectation.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import { LATE_MS } from "./convergence.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import { comparedText, Unmet } from "./unmet.ts";

/**
 * Waits until each of `servers` has met all parts of the expectation at the
 * same moment.
 *
 * @throws {AssertionError} If they do not within `withinMs`; it names those
 * that did not, with their status.
 */
export async function assertServers(
  supervisor: Supervisor,
  servers: readonly string[],
  wanted: ServerExpectation,
  withinMs: number,
): Promise<void> {
  const { clock } = supervisor.platform;
  const endMs = clock.nowMs() + withinMs;
  using late = new Deadline(clock, withinMs);
  const found = await Promise.all(servers.map(async (server) => {
    let isThere = false;
    const waiting = supervisor.whenStatus(server, (status) => {
      // The timer may be late: what happens after the deadline is too late.
      isThere = isAsExpected(status, wanted) &&
        clock.nowMs() <= endMs + LATE_MS;
      return isThere || isPast(status, wanted);
    }, late.signal);
    await waiting.catch(() => {});
    return { server, isThere };
  }));
  const others = found.filter(({ isThere }) => !isThere);
  if (others.length === 0) return;
  const actual = supervisor.status()
    .filter(({ name }) => others.some(({ server }) => server === name))
    .map((status) => `${status.name}: ${expectationText(status)}`);
  const message = comparedText(
    `Not ${expectationText(wanted)} within ${withinMs} ms`,
    `${servers.join(", ")} ${expectationText(wanted)}`,
    actual,
  );
  throw new Unmet(message, actual.join("\n"));
}
