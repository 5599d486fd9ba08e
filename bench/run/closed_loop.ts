/**
 * Closed loops on one server or a bare echo: a number of commands is kept in
 * flight, and answers are counted.
 *
 * @module
 */
import type { ReplyEnd } from "./counting.ts";
import type { Processes } from "./processes.ts";

export interface Shape {
  readonly name: "pipelined" | "unpipelined";
  readonly connections: number;
  /** Commands in flight on each of them. */
  readonly inFlight: number;
}

export const SHAPES: readonly Shape[] = [
  { name: "pipelined", connections: 1, inFlight: 1_000 },
  { name: "unpipelined", connections: 50, inFlight: 1 },
];

/** A load for anything that listens on a port. */
export interface ClosedLoop {
  readonly port: number;
  readonly shape: Shape;
  readonly command: "iamat" | "whatsat";
  readonly replyEnd: ReplyEnd;
  /** Milliseconds of measurement, after a quarter of that to warm up. */
  readonly ms: number;
}

let turns = 0;

/** Commands a second. Each turn has clients of its own. */
export async function closedLoop(
  processes: Processes,
  load: ClosedLoop,
): Promise<number> {
  const name = `turn${String(++turns).padStart(3, "0")}`;
  return await processes.answer("perSecond", "generator.ts", [load, name]);
}
