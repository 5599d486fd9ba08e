/**
 * Grades submissions: each check on a fresh herd, so that one crash costs no
 * other points.
 *
 * @module
 */
import { abortable } from "@std/async";
import type { Platform } from "../../../herd/net/platform.ts";
import {
  GRADE_CHECKS,
  type GradeCheck,
  type GradeCheckName,
} from "./checks.ts";
import type { Unusable } from "./submissions.ts";
import { Failure, Skipped, type Submission, TriedHerd } from "./tried_herd.ts";

/** Points by check; what is not named is not checked. */
export type Rubric = Partial<Record<GradeCheckName, number>>;

/** Some faults are worse than others, and a loop is the worst. */
export const DEFAULT_RUBRIC: Required<Rubric> = {
  "iamat-reply": 10,
  "whatsat-reply": 10,
  "metres": 4,
  "places-once": 4,
  "spreads": 12,
  "spreads-again": 6,
  "round-dead": 8,
  "positive-longitude": 4,
  "bad-lines": 8,
  "unknown-client": 6,
  "empty-line": 3,
  "newest-wins": 8,
  "frozen-neighbour": 5,
  "no-loop": 8,
  "thrift": 4,
};

/** How one check came out. */
export interface CheckGrade {
  /** Which it is. */
  readonly check: GradeCheckName;
  /** What it is about. */
  readonly title: string;
  /** The points that it earned. */
  readonly points: number;
  /** The points that it can earn. */
  readonly of: number;
  /** Why it was not carried out; it is no part of the mark then. */
  readonly skipped?: string;
  /** Why it earned less, if it did. */
  readonly finding?: {
    /** What was due. */
    readonly expected: string;
    /** What came. */
    readonly came: string;
    /** What was done before. */
    readonly commands: readonly string[];
  };
}

/** The grade of a submission. */
export interface Grade {
  /** The submission. */
  readonly submission: string;
  /** The points that it earned. */
  readonly mark: number;
  /** The points that it could earn. */
  readonly of: number;
  /** Each check. */
  readonly checks: readonly CheckGrade[];
}

/** How a submission is graded. */
export interface GradeOptions {
  /** Hears of each check as it is done. */
  readonly onCheck?: (check: CheckGrade) => void;
  /** Ends it; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Grades a submission; all is wrong with one that can't be run. */
export async function grade(
  platform: Platform,
  submission: Submission | Unusable,
  rubric: Rubric,
  { onCheck = () => {}, signal = new AbortController().signal }: GradeOptions =
    {},
): Promise<Grade> {
  const checks: CheckGrade[] = [];
  for (const check of Object.keys(GRADE_CHECKS) as GradeCheckName[]) {
    const of = rubric[check];
    if (of === undefined) continue;
    signal.throwIfAborted();
    const done = "why" in submission
      ? failed(check, of, "all servers to start", submission.why)
      : await gradeCheck(platform, submission, check, of, signal);
    checks.push(done);
    onCheck(done);
  }
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return {
    submission: submission.name,
    mark: sum(checks.map(({ points }) => points)),
    of: sum(checks.map(({ of, skipped }) => skipped ? 0 : of)),
    checks,
  };
}

function failed(
  check: GradeCheckName,
  of: number,
  expected: string,
  came: string,
  commands: readonly string[] = [],
): CheckGrade {
  const { title } = GRADE_CHECKS[check];
  return { check, title, points: 0, of, finding: { expected, came, commands } };
}

async function gradeCheck(
  platform: Platform,
  submission: Submission,
  check: GradeCheckName,
  of: number,
  signal: AbortSignal,
): Promise<CheckGrade> {
  const { title, run }: GradeCheck = GRADE_CHECKS[check];
  let herd: TriedHerd;
  try {
    herd = await TriedHerd.start(platform, submission);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    return failed(check, of, "all servers to start", error.message);
  }
  await using running = herd;
  try {
    await abortable(run(running), signal);
    return { check, title, points: of, of };
  } catch (error) {
    if (error instanceof Skipped) {
      return { check, title, points: 0, of, skipped: error.message };
    }
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    const { expected, came, share } = error;
    const crashes = running.crashes.filter((crash) => !came.includes(crash));
    const text = [came, ...crashes].join("; ");
    const { commands } = running;
    const found = failed(check, of, expected, text, commands);
    return { ...found, points: share * of };
  }
}
