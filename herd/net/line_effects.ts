/**
 * Forwards a node's effects to those that observe each line.
 *
 * @module
 */
import type { MaybeTraced } from "../core/effects.ts";
import type { ServerTrace } from "./account.ts";

/**
 * Effects for a trace; without one there are none, and a line costs no more.
 */
export function lineEffects(
  trace: ServerTrace | undefined,
): MaybeTraced {
  return {
    delivered: trace?.delivered.bind(trace),
    sent: trace?.sent.bind(trace),
    wrote: trace?.wrote.bind(trace),
  };
}
