/**
 * Says what the page is waiting for while it can't show the herd's present
 * state.
 *
 * @module
 */
import type { Connection } from "./stream.ts";

/**
 * A healthy herd sends something each second, if only the counts. After this
 * much silence it is overloaded, or gone.
 */
const SILENT_MS = 4_000;
/** Waits shorter than this are not reported. */
const SOON_MS = 700;

/** The state of the connection to the herd. */
export interface Heard {
  readonly state: Connection;
  /** Whether anything has arrived since it was opened. */
  readonly isHeard: boolean;
  /** Milliseconds since it changed, or since something last arrived. */
  readonly forMs: number;
}

/** The sentence to show; `undefined` if the page is up to date. */
export function waitingText(
  { state, isHeard, forMs }: Heard,
): string | undefined {
  if (state === "lost") {
    return "The herd does not answer; this page tries again by itself. If the " +
      "herd has ended, start it again with deno task herd, and open the " +
      "address that it prints.";
  }
  const seconds = Math.floor(forMs / 1_000);
  const soFar = seconds < 2 ? "" : ` ${seconds} s so far.`;
  if (state === "connecting") {
    if (forMs < SOON_MS) return undefined;
    return `Connecting to the herd.${soFar} A herd that is very busy takes ` +
      "some seconds to answer.";
  }
  if (!isHeard) {
    if (forMs < SOON_MS) return undefined;
    return `Connected. Waiting for the herd to tell where it stands.${soFar}`;
  }
  if (forMs < SILENT_MS) return undefined;
  return `The herd has told nothing for ${seconds} s: it is too busy, or stands ` +
    "still. What is shown is how it was then.";
}
