/**
 * Waits until a program that was just started listens.
 *
 * @module
 */
import { delay } from "@std/async";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { isListening } from "../../sim/live/servers/ports.ts";

const START_MS = 5_000;
const POLL_MS = 10;

/** @throws {Error} If it does not listen in 5 s. */
export async function untilListening(
  program: string,
  port: number,
): Promise<void> {
  const endMs = performance.now() + START_MS;
  while (!await isListening(denoPlatform, { hostname: "127.0.0.1", port })) {
    if (performance.now() > endMs) {
      throw new Error(`${program} does not listen on port ${port}`);
    }
    await delay(POLL_MS);
  }
}
