/**
 * What a check of a grade is: how it looks at a herd, and what it says of it.
 *
 * @module
 */
import { isAt } from "./position.ts";
import type { Step } from "./steps.ts";
import { PATIENCE_MS, type TriedHerd } from "./tried_herd.ts";

/** One thing that is checked. */
export interface GradeCheck {
  /** What it is about, for people. */
  readonly title: string;
  /** The checks without which it can tell nothing: it is unknown then. */
  readonly needs?: readonly string[];
  /** The checks without which it can't hold: it is lost with them. */
  readonly lostWith?: readonly string[];
  /** Whether it asks WHATSAT, so that it is lost on who never replies to that. */
  readonly asksWhatsat?: boolean;
  /** Checks of two rows run at the same time. */
  readonly row: "clients" | "servers";
  /** Whether only what is well counts on a herd that others have used. */
  readonly isOnFresh?: boolean;
  /**
   * Which of several runs counts: the best, for what must be done in time (a
   * machine may be slow for once); the worst, for what must never happen (chance
   * may hide it). Without it there is one run.
   */
  readonly counts?: "best" | "worst";
  /**
   * Looks at a herd.
   *
   * @throws {Failure} If it does not earn all points.
   * @throws {Unknown} If it can't be told.
   */
  readonly run: (herd: TriedHerd, options: CheckOptions) => Promise<void>;
}

/** What a rubric tells a check, beside its points. */
export interface CheckOptions {
  /** Bad lines, in place of those that are tried by default. */
  readonly lines?: readonly string[];
}

/** Something that is wrong: what was due, what came, and what was done before. */
export interface Finding {
  /** What was due. */
  readonly expected: string;
  /** What came instead. */
  readonly came: string;
  /** What was done before, where that is not all of it. */
  readonly steps?: readonly Step[];
}

/** That a check does not earn all its points. */
export class Failure extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "Failure";

  /** What is wrong, and the share of the points that is earned nevertheless. */
  constructor(
    readonly findings: readonly Finding[],
    readonly share: number = 0,
  ) {
    super(
      findings.map(({ expected, came }) => `expected ${expected}, came ${came}`)
        .join("; "),
    );
  }
}

/** That something can't be told, and why. */
export class Unknown extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "Unknown";

  /**
   * Why it can't.
   *
   * @param lostWith The check that is to blame, if it fails: then it is lost.
   */
  constructor(why: string, readonly lostWith?: string) {
    super(why);
  }
}

/** Something must be so. */
export function demand(isSo: boolean, expected: string, came: string): void {
  if (isSo) return;
  throw new Failure([{ expected, came: came === "" ? "nothing" : came }]);
}

/** A server must come to tell of a client at a position. */
export async function demandKnown(
  herd: TriedHerd,
  server: string,
  client: string,
  position: string,
  expected = `${server} to tell of ${client} at ${position}`,
  withinMs = PATIENCE_MS,
): Promise<void> {
  const told = await herd.telling(server, client, position, withinMs);
  demand(isAt(told, position), expected, told);
}

/** The herd must still serve, and nothing of it have ended. */
export async function demandAlive(
  herd: TriedHerd,
  server: string,
): Promise<void> {
  const reply = await herd.iamat(server, herd.client());
  demand(
    herd.crashes.length === 0 && reply.startsWith("AT "),
    `${server} to go on`,
    herd.crashes.join("; ") || reply,
  );
}
