/**
 * Waits for what a server is to do, but not for ever.
 *
 * @module
 */
import { abortable } from "@std/async";
import type { Clock } from "../../herd/net/platform.ts";
import { Deadline } from "../../herd/net/timing.ts";
import { NoAnswer } from "./ask.ts";

/**
 * Waits for it from now on.
 *
 * @param failure What it is if it does not come, such as "Alford did not pause".
 * @throws {NoAnswer} If it does not come in time.
 */
export async function inTime<T>(
  coming: Promise<T>,
  clock: Clock,
  deadlineMs: number,
  failure: string,
): Promise<T> {
  const why = `${failure} within ${deadlineMs} ms`;
  using late = new Deadline(clock, deadlineMs, () => new NoAnswer(why));
  return await abortable(coming, late.signal);
}
