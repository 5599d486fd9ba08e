/**
 * Handles signals to end.
 *
 * @module
 */

/** Calls `listener` for each signal, until it is disposed of. */
export function onSignals(
  signals: readonly Deno.Signal[],
  listener: () => void,
): Disposable {
  // Windows has no other signal.
  const heard = signals.filter((signal) =>
    signal === "SIGINT" || Deno.build.os !== "windows"
  );
  for (const signal of heard) Deno.addSignalListener(signal, listener);
  return {
    [Symbol.dispose]() {
      for (const signal of heard) Deno.removeSignalListener(signal, listener);
    },
  };
}
