/**
 * The status of a server with its supervisor, and whether it is as expected.
 *
 * @module
 */
import { formatDuration } from "./duration.ts";
import type { ServerState } from "./lifecycle.ts";

/** The expected status of a server; absent fields are not compared. */
export interface ServerExpectation {
  /** The expected state. */
  readonly state?: ServerState;
  /** How often it was restarted after it ended by itself. */
  readonly restarts?: number;
  /** Minimum milliseconds by which its last restart was delayed. */
  readonly backoffMs?: number;
  /** Whether it has crashed too often, and stays down. */
  readonly limitReached?: boolean;
}

/** The states that one can wait for. */
export const EXPECTED_STATES = [
  "starting",
  "up",
  "paused",
  "stopped",
  "crashed",
  "wedged",
] as const satisfies readonly ServerState[];

/**
 * Whether a server's status is as expected.
 *
 * @example
 * ```ts
 * import { isAsExpected } from "./server_expectation.ts";
 * import { assert } from "@std/assert";
 *
 * const now = { state: "up", restarts: 2, backoffMs: 101, limitReached: false };
 * assert(isAsExpected({ ...now, state: "up" }, { restarts: 2, backoffMs: 100 }));
 * ```
 */
export function isAsExpected(
  now: Required<ServerExpectation>,
  wanted: ServerExpectation,
): boolean {
  const { state, restarts, backoffMs, limitReached } = wanted;
  return (state === undefined || now.state === state) &&
    (restarts === undefined || now.restarts === restarts) &&
    (backoffMs === undefined ||
      now.restarts > 0 && now.backoffMs >= backoffMs) &&
    (limitReached === undefined || now.limitReached === limitReached);
}

/** Whether a server's status can't become as expected any more. */
export function isPast(
  now: Required<ServerExpectation>,
  { restarts }: ServerExpectation,
): boolean {
  return restarts !== undefined && now.restarts > restarts;
}

/** A status in words: `up, restarted 2 times`. */
export function expectationText(
  { state, restarts, backoffMs, limitReached }: ServerExpectation,
): string {
  const times = restarts === 1 ? "once" : `${restarts} times`;
  return [
    state,
    restarts !== undefined && `restarted ${times}`,
    backoffMs && `backed off for ${formatDuration(backoffMs)}`,
    limitReached !== undefined &&
    `limit ${limitReached ? "" : "not "}reached`,
  ].filter(Boolean).join(", ");
}
