/**
 * What the page waits for while it can't show the herd as it is now, in words.
 *
 * @module
 */
import type { Connection } from "./stream.ts";

/**
 * A herd that is well tells something each second, if only how much there was. So
 * much later it is too busy, or there is no herd any more.
 */
const SILENT_MS = 4_000;
/** What takes less is not worth a word. */
const SOON_MS = 700;

/** What is known of the herd's connection. */
export interface Heard {
  /** The connection. */
  readonly state: Connection["state"];
  /** Whether anything was heard since it was opened. */
  readonly isHeard: boolean;
  /** Milliseconds since it came to be so, or since something was heard last. */
  readonly forMs: number;
}

/** What the page waits for; `undefined`: nothing, it shows what is. */
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
