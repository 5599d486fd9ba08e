/**
 * Whether servers held a fix for some time without a break, as the history of a
 * drill has it: it is of use where servers were too slow to answer in time.
 *
 * @module
 */
import type { Fixes } from "../../model/checks/evidence.ts";
import type { History } from "../../model/history.ts";
import { type ServerState, stateText } from "../../model/lifecycle.ts";

/** A fix that a server must hold, and when. */
export interface Wanted {
  readonly server: string;
  /** The fix, an AT line. */
  readonly line: string;
  /** Whether a newer fix in its place does not do. */
  readonly isExact: boolean;
  /** Since when, in milliseconds since the drill's start. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Why a server lacked a fix at some instant of a time, if it did, and when. */
export function lackIn(
  history: History,
  { server, line, isExact, fromMs, toMs }: Wanted,
  fixes: Fixes,
): { readonly atMs: number; readonly why: string } | undefined {
  const client = fixes.fields(line)?.client;
  let state: ServerState = "up";
  let held: string | undefined;
  const lack = () => {
    if (state !== "up") return `it ${stateText(state)}`;
    if (held === undefined) return `it has never heard of ${client}`;
    const isLacking = isExact ? held !== line : fixes.isNewer(line, held);
    return isLacking ? `it holds ${held}` : undefined;
  };
  let sinceMs = 0;
  for (const event of history) {
    if (event.atMs > toMs) break;
    if (!("server" in event) || event.server !== server) continue;
    const { atMs } = event;
    const why = atMs > fromMs ? lack() : undefined;
    if (why !== undefined) return { atMs: Math.max(sinceMs, fromMs), why };
    if (event.kind === "state") {
      state = event.state;
      // A pause takes nothing from a server.
      if (state !== "up" && state !== "paused") held = undefined;
    } else if (event.kind === "delivery" && event.isNew) {
      if (fixes.fields(event.line)?.client !== client) continue;
      held = event.line;
    } else continue;
    sinceMs = atMs;
  }
  const why = lack();
  return why === undefined
    ? undefined
    : { atMs: Math.max(sinceMs, fromMs), why };
}
