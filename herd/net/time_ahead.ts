/**
 * Reports fixes whose times are far ahead of the clock. A correct fix could not
 * replace such a fix, so it is reported, though it is accepted.
 *
 * @module
 */
import type { Effects } from "../core/effects.ts";
import type { TimeAhead } from "../core/server_event.ts";
import type { LimitLog } from "./limit_log.ts";
import { toldClient } from "./told_fix.ts";

/** Handles such fixes: logs them, and reports the first ones as events. */
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
