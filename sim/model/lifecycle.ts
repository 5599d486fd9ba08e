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

/** Where a server stands. */
export type ServerState =
  | "starting"
  | "up"
  | "stopping"
  | "stopped"
  | "crashed"
  | "paused"
  | "wedged";

/**
 * What happens to a server. `start`, `kill`, `stop`, `pause` and `resume` are
 * asked for; `ready`, `exit` (it went), `error` (it threw) and `deaf` (told to
 * go, it still holds its port) are seen.
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

/** The transition table: the state that follows, by state and signal. */
export const NEXT: Readonly<
  Record<ServerState, Readonly<Partial<Record<Signal, ServerState>>>>
> = {
  starting: {
    ready: "up",
    kill: "stopped",
    stop: "stopping",
    exit: "crashed",
    error: "crashed",
  },
  up: {
    kill: "stopped",
    stop: "stopping",
    exit: "crashed",
    error: "crashed",
    pause: "paused",
  },
  paused: {
    kill: "stopped",
    stop: "stopping",
    exit: "crashed",
    error: "crashed",
    resume: "up",
  },
  stopping: { kill: "stopped", exit: "stopped", error: "stopped" },
  stopped: { start: "starting", deaf: "wedged" },
  crashed: { start: "starting", deaf: "wedged" },
  wedged: { exit: "crashed" },
};

/** A state as people say it of a server, behind its name or "it". */
export function stateText(state: ServerState): string {
  return state === "crashed" ? "has crashed" : `is ${state}`;
}

/** A signal that the server's state has no answer to. */
export class WrongState extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "WrongState";

  /** The error of `signal` sent to `server` while it is in `state`. */
  constructor(
    readonly server: string,
    readonly state: ServerState,
    readonly signal: Signal,
    verb: string = signal,
  ) {
    super(`Cannot ${verb} ${server}: it ${stateText(state)}`);
  }
}

/** The state that follows, or undefined if the table has no such cell. */
export function nextState(
  state: ServerState,
  signal: Signal,
): ServerState | undefined {
  return NEXT[state][signal];
}

/**
 * The state that follows when `server`, in `state`, gets `signal`. `verb` is
 * what was asked for, where that is not the signal's own name ("revive").
 *
 * @throws {WrongState} If the table has no such cell.
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
