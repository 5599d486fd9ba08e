/**
 * How a server stands with its supervisor, and whether that is as wanted.
 *
 * @module
 */
import { formatDuration } from "./duration.ts";
import type { ServerState } from "./lifecycle.ts";

/** How a server is to stand; what is left out may be as it likes. */
export interface ServerExpectation {
  /** Its state. */
  readonly state?: ServerState;
  /** How often it was restarted after it ended by itself. */
  readonly restarts?: number;
  /** Milliseconds that its last restart was put off, at least. */
  readonly backoffMs?: number;
  /** Whether it crashed once too often, and is down for that. */
  readonly limitReached?: boolean;
}

/** The states that a server can be waited for in. */
export const EXPECTED_STATES = [
  "starting",
  "up",
  "paused",
  "stopped",
  "crashed",
  "wedged",
] as const satisfies readonly ServerState[];

/**
 * Whether a server stands as wanted.
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

/** Whether a server can't come to stand as wanted any more. */
export function isPast(
  now: Required<ServerExpectation>,
  { restarts }: ServerExpectation,
): boolean {
  return restarts !== undefined && now.restarts > restarts;
}

/** How a server stands, or is to stand, in words: `up, restarted 2 times`. */
export function expectationText(
  { state, restarts, backoffMs, limitReached }: ServerExpectation,
): string {
  return [
    ...(state === undefined ? [] : [state]),
    ...(restarts === undefined
      ? []
      : [`restarted ${restarts === 1 ? "once" : `${restarts} times`}`]),
    ...(!backoffMs ? [] : [`backed off for ${formatDuration(backoffMs)}`]),
    ...(limitReached === undefined
      ? []
      : [limitReached ? "limit reached" : "limit not reached"]),
  ].join(", ");
}
