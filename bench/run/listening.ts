/**
 * Waits until a program that was just started listens.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { isListening } from "../../sim/live/servers/ports.ts";
import { inTime } from "./in_time.ts";

const START_MS = 5_000;
const POLL_MS = 10;

/** @throws {Error} If it does not listen in 5 s. */
export async function untilListening(
  program: string,
  port: number,
): Promise<void> {
  const address = { hostname: "127.0.0.1", port };
  const listens = () => isListening(denoPlatform, address);
  if (await inTime(listens, START_MS, POLL_MS)) return;
  throw new Error(`${program} does not listen on port ${port}`);
}
