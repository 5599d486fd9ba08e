/**
 * Sets the system's clock, as this thread sees it.
 *
 * @module
 */

/** It is set by so many milliseconds, until this is disposed of. */
export function systemClockSet(byMs: number): Disposable {
  const [dateNow, instant] = [Date.now, Temporal.Now.instant];
  Date.now = () => dateNow() + byMs;
  Temporal.Now.instant = () => instant().add({ milliseconds: byMs });
  return {
    [Symbol.dispose]() {
      Date.now = dateNow;
      Temporal.Now.instant = instant;
    },
  };
}
