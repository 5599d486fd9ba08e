/**
 * Handles signals to end.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Clock } from "../../../herd/net/platform.ts";

/** Signals within this time are one Ctrl-C. */
const ASKED_ONCE_MS = 500;

/**
 * Calls `listener` for each signal, until it is disposed of. One Ctrl-C is one
 * signal, though it comes twice: from the terminal, and passed on by the task
 * that runs this.
 */
export function onSignals(
  signals: readonly Deno.Signal[],
  listener: () => void,
  clock: Clock = denoPlatform.clock,
): Disposable {
  // Windows has no other signal.
  const heard = signals.filter((signal) =>
    signal === "SIGINT" || Deno.build.os !== "windows"
  );
  let askedMs = -Infinity;
  const hear = () => {
    const nowMs = clock.nowMs();
    if (nowMs - askedMs <= ASKED_ONCE_MS) return;
    askedMs = nowMs;
    listener();
  };
  for (const signal of heard) Deno.addSignalListener(signal, hear);
  return {
    [Symbol.dispose]() {
      for (const signal of heard) Deno.removeSignalListener(signal, hear);
    },
  };
}
