/**
 * What becomes of a drill that somebody ends by Ctrl-C.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import type { StepResult } from "../../model/report/result.ts";
import { count } from "../../model/count.ts";

/** How long a drill that is interrupted may take to stop in good order. */
const STOP_MS = 300;

/**
 * A run, or the signal's reason once it has had its time to stop in good order:
 * servers that are busy end with the program.
 *
 * @param lost Ends it too: then nothing that it has come to counts.
 */
export async function untilInterrupted<T>(
  clock: Clock,
  run: (signal: AbortSignal) => Promise<T>,
  interrupted: AbortSignal,
  lost = new AbortController().signal,
): Promise<T> {
  const signal = AbortSignal.any([interrupted, lost]);
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

/** Tells what had been checked until somebody ended the drill. */
export function tellInterrupted(
  taken: readonly StepResult[],
  { json }: { readonly json: boolean },
): void {
  const failed = taken.filter(({ failure }) => failure !== undefined).length;
  const steps = taken.length;
  if (json) {
    console.log(JSON.stringify({ event: "interrupted", steps, failed }));
  } else {
    console.log(
      `\ninterrupted: ${count(steps, "step")} had ended, ${failed} failed`,
    );
  }
}
