/**
 * Tells of fixes whose times are far ahead of the clock. Nothing true can replace
 * such a fix, so it is told, though it is taken.
 *
 * @module
 */
import type { Effects } from "../core/effects.ts";
import type { TimeAhead } from "../core/server_event.ts";
import type { LimitLog } from "./limit_log.ts";
import { toldClient } from "./told_fix.ts";

/** What hears of such fixes: it writes them down, and tells of the first ones. */
export function timeAhead(
  limitLog: LimitLog,
  tell: (event: TimeAhead) => void,
): NonNullable<Effects<unknown>["timeAhead"]> {
  return (fix, aheadMs) => {
    const client = toldClient(fix);
    const isTold = limitLog.met("time-ahead", { client, aheadMs });
    if (isTold) tell({ kind: "time-ahead", client, aheadMs });
  };
}
