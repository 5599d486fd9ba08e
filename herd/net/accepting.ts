/**
 * Accepts connections, one after the other, whatever becomes of each.
 *
 * @module
 */
import { setImmediate } from "node:timers";

/** Milliseconds until the next try, where the system has nothing left to give. */
const EXHAUSTED_MS = 50;
/** The system is out of descriptors, or of memory for sockets. */
const EXHAUSTED = ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"];

/** What is needed of a listener. */
export type Accepting = Pick<Deno.TcpListener, "accept">;

/**
 * Connections as they come, until the listener is closed.
 *
 * A connection that was reset before it was accepted is an error of `accept()`,
 * and its end: the next one is waited for at once. Only when the system has
 * nothing left to give is there a pause, for those who are connected go on.
 *
 * @param onExhausted Hears why there is a pause.
 */
export async function* connectionsOf(
  listener: Accepting,
  onExhausted: (error: Error) => void = () => {},
): AsyncGenerator<Deno.TcpConn, void> {
  for (;;) {
    let conn: Deno.TcpConn;
    try {
      conn = await listener.accept();
    } catch (error) {
      if (isClosed(error)) return;
      if (!(error instanceof Error) || !("code" in error)) throw error;
      const isExhausted = EXHAUSTED.includes(String(error.code));
      if (isExhausted) onExhausted(error);
      await pause(isExhausted);
      continue;
    }
    yield conn;
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted;
}

/** Others have their turn even where one error follows the other. */
function pause(isExhausted: boolean): Promise<void> {
  return new Promise((resolve) => {
    if (isExhausted) setTimeout(resolve, EXHAUSTED_MS);
    else setImmediate(() => resolve());
  });
}
