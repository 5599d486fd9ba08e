/**
 * Accepts connections, one after the other, whatever becomes of each.
 *
 * @module
 */
import { type Clock, isClosed } from "./platform.ts";
import { delay } from "./timing.ts";

/** Milliseconds until the next try, where the system has nothing left to give. */
const EXHAUSTED_MS = 50;
/** The system is out of descriptors, or of memory for sockets. */
const EXHAUSTED = ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"];

export interface Accepting<C> {
  accept(): Promise<C>;
}

/**
 * Connections as they come, until the listener is closed.
 *
 * A connection that was reset before it was accepted is an error of `accept()`,
 * and its end: the next one is waited for at once. Only when the system has
 * nothing left to give is there a pause, for those who are connected go on.
 *
 * @param onExhausted Hears why there is a pause.
 */
export async function* connectionsOf<C>(
  clock: Clock,
  listener: Accepting<C>,
  onExhausted: (error: Error) => void = () => {},
): AsyncGenerator<C, void> {
  for (;;) {
    let conn: C;
    try {
      conn = await listener.accept();
    } catch (error) {
      if (isClosed(error)) return;
      if (!(error instanceof Error) || !("code" in error)) throw error;
      const isExhausted = EXHAUSTED.includes(String(error.code));
      if (isExhausted) onExhausted(error);
      await pause(clock, isExhausted);
      continue;
    }
    yield conn;
  }
}

/** Others have their turn even where one error follows the other. */
function pause(clock: Clock, isExhausted: boolean): Promise<void> {
  return isExhausted
    ? delay(clock, EXHAUSTED_MS)
    : new Promise((resolve) => clock.immediate(resolve));
}
