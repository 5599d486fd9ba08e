/**
 * Forwards a node's effects to those that observe each line.
 *
 * @module
 */
import type { Effects } from "../core/effects.ts";
import type { ServerTrace } from "./account.ts";
import type { LimitLog } from "./limit_log.ts";

/**
 * Effects for a trace; without one there are none, and a line costs no more.
 */
export function lineEffects(
  trace: ServerTrace | undefined,
): Pick<Effects<never>, "delivered" | "sent" | "wrote"> {
  if (trace === undefined) {
    return { delivered: undefined, sent: undefined, wrote: undefined };
  }
  return {
    delivered: (fix, from, isNew, number) =>
      trace.delivered(fix, from, isNew, number),
    sent: (fix, to, number) => trace.sent(fix, to, number),
    wrote: (command, lines, to, number) =>
      trace.wrote(command, lines, to, number),
  };
}

/** Tells log and trace of links that did not answer a query. */
export function unanswered(
  log: LimitLog,
  trace: () => ServerTrace | undefined,
): NonNullable<Effects<never>["unanswered"]> {
  return (client, links) => {
    log.met("query-unanswered", { client, links });
    trace()?.unanswered(client, links);
  };
}
