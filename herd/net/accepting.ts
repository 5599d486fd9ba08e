/**
 * Accepts connections, one after the other, whatever happens to each.
 *
 * @module
 */
import { type Clock, isClosed, isExhausted } from "./platform.ts";
import { delay, immediately } from "./timing.ts";

/** Milliseconds until the next try when the system is out of resources. */
const EXHAUSTED_MS = 50;

/**
 * Connections as they arrive, until the listener is closed.
 *
 * A connection that was reset before it was accepted makes `accept()` fail; the
 * next one is awaited at once, though others run in between. There is a pause
 * only when the system is out of resources, so that existing connections can
 * continue.
 *
 * @param onExhausted Called with the reason for a pause.
 */
export async function* connectionsOf<C>(
  clock: Clock,
  listener: { accept(): Promise<C> },
  onExhausted: (error: Error) => void = () => {},
): AsyncGenerator<C, void> {
  for (;;) {
    let conn: C;
    try {
      conn = await listener.accept();
    } catch (error) {
      if (isClosed(error)) return;
      if (!(error instanceof Error) || !("code" in error)) throw error;
      if (isExhausted(error)) {
        onExhausted(error);
        await delay(clock, EXHAUSTED_MS);
      } else await immediately(clock);
      continue;
    }
    yield conn;
  }
}
