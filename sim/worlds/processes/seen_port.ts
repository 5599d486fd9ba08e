/**
 * The port that a program names for itself, seen by letting it run for a moment.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import type { Guarded, ProgramWatcher } from "./guarded.ts";
import { hintOf } from "./hints.ts";

/** What is built at each start may take long for the first time. */
const PATIENCE_MS = 60_000;
const LAST_LINES = 12;

/** What programs print whose port is another's. */
const IN_USE = /address (?:is )?already in use|EADDRINUSE/i;

/** That the port which a program names is another's now. */
export class NotNow extends RangeError {
  override readonly name = "NotNow";
}

/**
 * Runs a program until it listens, and tells on which port.
 *
 * @param run Starts it.
 * @throws {NotNow} If that port is another's.
 * @throws {RangeError} If it does not listen; the error says why.
 */
export async function seenPort(
  run: (watcher: ProgramWatcher) => Guarded,
  clock: Clock,
): Promise<number> {
  const seen = Promise.withResolvers<number>();
  const fail = (why: string) => seen.reject(new RangeError(why));
  const lines: string[] = [];
  const guarded = run({
    onEvent: (event) => {
      if (event.event === "listen") seen.resolve(event.asked);
      if (event.event === "unstartable") fail(hintOf([event.why]) ?? event.why);
    },
    onLine: (line) => {
      lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
    },
    onEnd: () => {
      const taken = lines.find((line) => IN_USE.test(line));
      if (taken === undefined) fail(endText(lines));
      else seen.reject(new NotNow(`it is taken: ${taken.trim()}`));
    },
  });
  using late = new Deadline(clock, PATIENCE_MS);
  late.signal.addEventListener(
    "abort",
    () => fail(`it does not listen within ${PATIENCE_MS / 1_000} s`),
  );
  try {
    return await seen.promise;
  } finally {
    guarded.kill();
    await guarded.ended;
  }
}

function endText(lines: readonly string[]): string {
  const last = lines.findLast((line) => line.trim() !== "");
  const said = last === undefined
    ? "it printed nothing"
    : `it printed last: ${last.trim()}`;
  const hint = hintOf(lines);
  return `it ended before it listened${hint ? `: ${hint}` : ""}; ${said}`;
}
