/**
 * A submission, brought as it is to be graded.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import type { ProgramLimits } from "../../worlds/processes/guarded.ts";
import { bring, type BringOptions, type Brought } from "../herd/bring.ts";
import type { Google } from "../places/google.ts";
import type { Submission } from "./submission.ts";

/** Enough for a server of a herd that is graded, and no more. */
const LIMITS: Partial<ProgramLimits> = {
  memoryBytes: 536_870_912,
  cpuSeconds: 60,
  printedBytes: 16_777_216,
  fileBytes: 16_777_216,
};

/** What it is brought with. */
export interface BringSubmission
  extends Pick<BringOptions, "onDial" | "onLimit" | "signal"> {
  /** What stands in for Google. */
  readonly google: Google;
  /** By server, the port that it names itself, as far as that was seen. */
  readonly ports: ReadonlyMap<string, number>;
  /** Hears what is to be known of how its servers are run. */
  readonly note: (text: string) => void;
}

/**
 * Brings a submission.
 *
 * @throws {RangeError} If it can't be as it wants to.
 */
export async function bringSubmission(
  platform: Platform,
  submission: Submission,
  { ports: seenPorts, note, ...options }: BringSubmission,
): Promise<Brought> {
  const { folder, manifest, isolation } = submission;
  const { run: command = submission.command } = submission;
  const brought = await bring(platform, {
    ...options,
    command,
    folder,
    seenPorts,
    onWarning: note,
    ...manifest && { manifest },
    ...isolation && { isolation },
    limits: LIMITS,
    // A storm is a check's finding, and is to cost no other points.
    messages: { atOnce: Infinity },
  });
  note(`between servers and the network: ${brought.isolation}`);
  return brought;
}
