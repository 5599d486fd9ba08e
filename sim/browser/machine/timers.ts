/**
 * A substitute for node:timers in a page.
 *
 * @module
 */

/** Runs a function in a task of its own, in the order of the calls. */
export const setImmediate: (run: () => void) => void =
  (globalThis as { setImmediate?: (run: () => void) => void }).setImmediate ??
    throughChannel();

/** Pages have no `setImmediate`, but each message of a channel is a task. */
function throughChannel(): (run: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const asked: (() => void)[] = [];
  let first = 0;
  port1.onmessage = () => {
    const run = asked[first++]!;
    if (first === asked.length) asked.length = first = 0;
    run();
  };
  return (run) => {
    asked.push(run);
    port2.postMessage(null);
  };
}
