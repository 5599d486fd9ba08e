/**
 * What a program does when it is told to end.
 *
 * @module
 */

/** Hears signals until it is disposed of. */
export function onSignals(
  signals: readonly Deno.Signal[],
  listener: () => void,
): Disposable {
  // There is no other on Windows.
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
