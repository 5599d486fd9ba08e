/**
 * Turns of a page's event loop.
 *
 * @module
 */

/** Runs something in a turn of its own, in the order in which it was asked. */
export const setImmediate: (run: () => void) => void =
  (globalThis as { setImmediate?: (run: () => void) => void }).setImmediate ??
    throughChannel();

/** Pages have no such call, but each message of a channel has its turn. */
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
