/**
 * The life of a server, as a table: which state follows on which signal. A
 * missing cell is an error that can be named: "Cannot pause Powell: it is
 * stopped".
 *
 * ```text
 *              ready            pause
 *   starting ---------> up <-----------> paused
 *      ^                 |     resume
 *      | start           |
 *      +--- stopped <----+--- kill, or stop and exit
 *      +--- crashed <----+--- error, exit
 *              |  ^
 *         deaf v  | exit
 *            wedged
 * ```
 *
 * @module
 */

export type ServerState =
  | "starting"
  | "up"
  | "stopping"
  | "stopped"
  | "crashed"
  | "paused"
  | "wedged";

/**
 * An event in a server's life. `start`, `kill`, `stop`, `pause` and `resume`
 * are requests; `ready`, `exit` (it ended), `error` (it threw) and `deaf` (told
 * to stop, it still holds its port) are observations.
 */
export type Signal =
  | "start"
  | "ready"
  | "kill"
  | "stop"
  | "exit"
  | "error"
  | "pause"
  | "resume"
  | "deaf";

/** What ends a server that is alive. */
const ENDINGS = {
  kill: "stopped",
  stop: "stopping",
  exit: "crashed",
  error: "crashed",
} as const;

/** The transition table: the next state, by state and signal. */
export const NEXT: Readonly<
  Record<ServerState, Readonly<Partial<Record<Signal, ServerState>>>>
> = {
  starting: { ready: "up", ...ENDINGS },
  up: { pause: "paused", ...ENDINGS },
  paused: { resume: "up", ...ENDINGS },
  stopping: { kill: "stopped", exit: "stopped", error: "stopped" },
  stopped: { start: "starting", deaf: "wedged" },
  crashed: { start: "starting", deaf: "wedged" },
  wedged: { exit: "crashed" },
};

/** A state as the predicate of a sentence about a server. */
export function stateText(state: ServerState): string {
  return state === "crashed" ? "has crashed" : `is ${state}`;
}

/** A signal that is not possible in the server's state. */
export class WrongState extends Error {
  /** `"WrongState"`. */
  override readonly name = "WrongState";

  /** Says that `server` can't do `signal` in `state`. */
  constructor(
    readonly server: string,
    readonly state: ServerState,
    readonly signal: Signal,
    verb: string = signal,
  ) {
    super(`Cannot ${verb} ${server}: it ${stateText(state)}`);
  }
}

/** The next state; `undefined` if the table has no such cell. */
export function nextState(
  state: ServerState,
  signal: Signal,
): ServerState | undefined {
  return NEXT[state][signal];
}

/**
 * The state after `server`, in `state`, gets `signal`. `verb` is what was
 * requested, if that is not the signal's own name ("revive").
 *
 * @throws {WrongState} If the table has no such cell.
 *
 * @example A stopped server cannot be paused
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => transition("Powell", "stopped", "pause"),
 *   WrongState,
 *   "Cannot pause Powell: it is stopped",
 * );
 * ```
 */
export function transition(
  server: string,
  state: ServerState,
  signal: Signal,
  verb?: string,
): ServerState {
  const next = nextState(state, signal);
  if (next === undefined) throw new WrongState(server, state, signal, verb);
  return next;
}
