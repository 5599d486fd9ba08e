/**
 * Handles a drill that is ended by Ctrl-C.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";

/** How long an interrupted drill may take to stop in good order. */
const STOP_MS = 300;

/**
 * Resolves to the result of a run, or rejects with the signal's reason after
 * the time to stop in good order: servers that are busy end with the program.
 *
 * @param lost Ends the run too; then its results do not count.
 */
export async function untilInterrupted<T>(
  clock: Clock,
  run: (signal: AbortSignal) => Promise<T>,
  interrupted: AbortSignal,
  lost = new AbortController().signal,
): Promise<T> {
  const signal = AbortSignal.any([interrupted, lost]);
  signal.throwIfAborted();
  const { promise: late, reject } = Promise.withResolvers<never>();
  let timer: Timer | undefined;
  const stop = () => {
    timer = clock.after(STOP_MS, () => reject(signal.reason));
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([run(signal), late]);
  } finally {
    signal.removeEventListener("abort", stop);
    timer?.cancel();
    lost.throwIfAborted();
  }
}
