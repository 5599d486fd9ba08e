/**
 * Grades a class: several submissions at a time, a herd of each, and none again
 * that was graded before.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import { comparedPorts } from "./assigned_ports.ts";
import type { Found } from "./found.ts";
import {
  type CheckGrade,
  type Googles,
  type Grade,
  grade,
  openGoogles,
} from "./grade.ts";
import type { Kept } from "./kept.ts";
import type { Rubric } from "./rubric.ts";
import { type Defaults, openSubmission } from "./submissions.ts";

/** How a class is graded. */
export interface ClassOptions {
  /** What is checked, and what it is worth. */
  readonly rubric: Rubric;
  /** What holds where a submission does not say it. */
  readonly defaults: Defaults;
  /** How many are graded at a time. */
  readonly jobs: number;
  /** What each may take. */
  readonly timeoutMs: number;
  /** The grades of before, and where new ones go. */
  readonly kept?: Kept;
  /** Ends it; it then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Hears that one is begun. */
  readonly onBegin?: (name: string) => void;
  /** Hears of each check that is done. */
  readonly onCheck?: (name: string, check: CheckGrade) => void;
  /** Hears of each grade, and whether it was there already. */
  readonly onGrade?: (grade: Grade, isKept: boolean) => void;
}

/** Most of the time a check waits: so many keep a processor busy. */
const JOBS_PER_PROCESSOR = 3;
/** So many keep busy the thread that speaks with all of them. */
const JOBS_MAX = 12;

/** How many submissions are graded at a time, where nobody says it. */
export function jobsFor(processors: number): number {
  return Math.min(JOBS_PER_PROCESSOR * processors, JOBS_MAX);
}

/** Grades submissions; the grades are in their order. */
export async function gradeClass(
  platform: Platform,
  all: readonly Found[],
  options: ClassOptions,
): Promise<Grade[]> {
  const grades: Grade[] = [];
  const queue = [...all.entries()];
  const work = async () => {
    await using stack = new AsyncDisposableStack();
    // Two rows of checks at a time are for who waits for one submission.
    const rows = all.length === 1 ? 2 : 1;
    let googles: Googles | undefined;
    for (let next; (next = queue.shift()) !== undefined;) {
      options.signal.throwIfAborted();
      const [at, found] = next;
      const key = await options.kept?.keyOf(found);
      const before = key && await options.kept?.read(found.name, key);
      if (before) grades[at] = before;
      else {
        googles ??= await openGoogles(platform, stack, rows);
        grades[at] = await gradeOne(platform, found, googles, options);
        if (key) options.kept?.write(found.name, key, grades[at]!);
      }
      options.onGrade?.(grades[at]!, before !== undefined);
    }
  };
  const jobs = Math.min(options.jobs, all.length);
  const workers = await Promise.allSettled(Array.from({ length: jobs }, work));
  for (const one of workers) if (one.status === "rejected") throw one.reason;
  return grades;
}

async function gradeOne(
  platform: Platform,
  found: Found,
  googles: Googles,
  { defaults, rubric, timeoutMs, signal, onBegin, onCheck }: ClassOptions,
): Promise<Grade> {
  onBegin?.(found.name);
  await using opened = await openSubmission(found, defaults);
  const done = await grade(platform, opened.submission, rubric, {
    signal,
    timeoutMs,
    googles,
    onCheck: (check) => onCheck?.(found.name, check),
  });
  const { ports: assigned } = defaults;
  const { strays, notes } = assigned === undefined || done.ports === undefined
    ? { strays: [], notes: [] }
    : comparedPorts(found.name, assigned, done.ports);
  return {
    ...done,
    ...strays.length > 0 && { strays },
    notes: [...opened.notes, ...done.notes, ...notes],
  };
}
