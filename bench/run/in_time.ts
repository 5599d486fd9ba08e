/**
 * Waits for what nobody tells of.
 *
 * @module
 */
import { delay } from "@std/async";
import { denoPlatform } from "../../herd/net/deno_platform.ts";

const { clock } = denoPlatform;

/** Looks again and again; whether it comes to be so in time. */
export async function inTime(
  isSo: () => boolean | Promise<boolean>,
  withinMs: number,
  pauseMs: number,
): Promise<boolean> {
  const endMs = clock.nowMs() + withinMs;
  do {
    if (await isSo()) return true;
    await delay(pauseMs);
  } while (clock.nowMs() < endMs);
  return false;
}
