/**
 * Grades a submission: each check on a herd that is as good as new, so that one
 * crash costs no other points.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import { given } from "../../model/given.ts";
import { withPythonOf } from "../../worlds/processes/python.ts";
import { type Google, openGoogle } from "../places/google.ts";
import type { GradeCheck } from "./check.ts";
import { CHECK_NAMES, GRADE_CHECKS, type GradeCheckName } from "./checks.ts";
import { GivenUp } from "./given_up.ts";
import { Lane } from "./lane.ts";
import { type CheckFinding, type Outcome, untried } from "./outcome.ts";
import type { Rubric } from "./rubric.ts";
import type { Unusable } from "./submissions.ts";
import type { Submission } from "./submission.ts";

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
  /** Its points are beside those of the mark. */
  readonly isBonus?: true;
  /** Whoever earns nothing by it has no mark. */
  readonly isHard?: true;
  /** Why nobody can tell; it is no part of the mark then. */
  readonly unknown?: string;
  /** Why it can't hold, whatever it would find: it earns nothing. */
  readonly lost?: string;
  /** Why it earned less, if it did. */
  readonly findings: readonly CheckFinding[];
}

/** The grade of a submission. */
export interface Grade {
  /** The submission. */
  readonly submission: string;
  /** The points that it earned. */
  readonly mark: number;
  /** The points that it could earn. */
  readonly of: number;
  /** The checks for which it has no mark, whatever it earned. */
  readonly hardFails: readonly GradeCheckName[];
  /** Each check. */
  readonly checks: readonly CheckGrade[];
  /** Notes on the submission itself. */
  readonly notes: readonly string[];
  /** By server, the port that it names itself, if that was seen. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Servers on ports that were not assigned, and these. */
  readonly strays?: readonly string[];
}

/** Stand-ins for Google: as many checks run at a time, two at most. */
export type Googles = readonly Google[];

/** How a submission is graded. */
export interface GradeOptions {
  /** Hears of each check as it is done. */
  readonly onCheck?: (check: CheckGrade) => void;
  /** Ends it; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** What is not checked by then earns nothing. */
  readonly timeoutMs?: number;
  /** What stands in for Google, where it is there already. */
  readonly googles?: Googles;
}

/** Checks of two rows can run at the same time. */
const ROWS: readonly GradeCheck["row"][] = ["clients", "servers"];

/** Plenty for servers that answer, beside as many others as there may be. */
export const TIMEOUT_MS = 300_000;

/** Grades a submission; all is wrong with one that can't be run. */
export async function grade(
  platform: Platform,
  submission: Submission | Unusable,
  rubric: Rubric,
  options: GradeOptions = {},
): Promise<Grade> {
  const wanted = ordered(CHECK_NAMES.filter((name) => rubric.checks.has(name)));
  if ("why" in submission) {
    const why = untried("all servers to start", submission.why);
    const checks = wanted.map((name) => graded(name, rubric, why));
    for (const check of checks) options.onCheck?.(check);
    return gradeOf(submission.name, checks);
  }
  const { timeoutMs = TIMEOUT_MS, signal = new AbortController().signal } =
    options;
  signal.throwIfAborted();
  await using stack = new AsyncDisposableStack();
  const googles = options.googles ??
    await openGoogles(platform, stack, ROWS.length);
  using late = new Deadline(platform.clock, timeoutMs);
  const { command, folder } = submission;
  const found = { ...submission, run: await withPythonOf(folder, command) };
  const run = {
    platform,
    submission: found,
    signal,
    late: late.signal,
    timeoutMs,
    givenUp: new GivenUp(),
    ports: new Map<string, number>(),
    notes: new Set<string>(),
  };
  const lanes = googles.map((google) =>
    stack.use(new Lane({ ...run, google }))
  );
  const grading = new Grading(rubric, options.onCheck ?? (() => {}));
  const rows = lanes.length === 1
    ? [wanted]
    : ROWS.map((row) =>
      wanted.filter((name) => GRADE_CHECKS[name].row === row)
    );
  // None is left behind, whichever fails first.
  const all = await Promise.allSettled(
    rows.map((names, i) => grading.grade(names, lanes[i]!)),
  );
  for (const one of all) if (one.status === "rejected") throw one.reason;
  if (!run.givenUp.hasStarted) run.notes.add(neverStarted(submission));
  return {
    ...gradeOf(submission.name, grading.inOrder(wanted), [...run.notes]),
    ports: Object.fromEntries(run.ports),
  };
}

function neverStarted({ topology: { name, servers } }: Submission): string {
  const names = servers.map(({ name }) => name).join(", ");
  return `none of its herds started. Its servers get the names of topology ${name} ` +
    `(${names}); if its own are others, give their topology`;
}

/** Starts stand-ins for Google. */
export async function openGoogles(
  platform: Platform,
  stack: AsyncDisposableStack,
  count: number,
): Promise<Googles> {
  const googles: Google[] = [];
  while (googles.length < count) {
    googles.push(stack.use(await openGoogle(platform)));
  }
  return googles;
}

/** After these there is no use in many others, and a loop takes much. */
const EARLY: readonly GradeCheckName[] = [
  "iamat-reply",
  "whatsat-reply",
  "spreads",
  "no-loop",
];

/** Checks, each after those that it needs. */
export function ordered(names: readonly GradeCheckName[]): GradeCheckName[] {
  const found = new Set<GradeCheckName>();
  const add = (name: GradeCheckName) => {
    const { needs = [], lostWith = [] }: GradeCheck = GRADE_CHECKS[name];
    for (const need of [...lostWith, ...needs]) add(need as GradeCheckName);
    if (names.includes(name)) found.add(name);
  };
  for (const name of [...EARLY, ...names]) add(name);
  return [...found];
}

/** Servers that never reply to these reply to nothing of others either. */
const GATES = { "iamat-reply": "IAMAT", "whatsat-reply": "WHATSAT" } as const;

type Gate = keyof typeof GATES;

/** The checks of one submission, as they come out. */
class Grading {
  readonly #rubric: Rubric;
  readonly #onCheck: (check: CheckGrade) => void;
  readonly #grades = new Map<GradeCheckName, CheckGrade>();
  readonly #done = new Map<
    GradeCheckName,
    PromiseWithResolvers<CheckGrade | undefined>
  >();

  constructor(rubric: Rubric, onCheck: (check: CheckGrade) => void) {
    this.#rubric = rubric;
    this.#onCheck = onCheck;
    for (const name of rubric.checks.keys()) {
      this.#done.set(name, Promise.withResolvers());
    }
  }

  /** Grades some, one after the other. */
  async grade(names: readonly GradeCheckName[], lane: Lane): Promise<void> {
    try {
      for (const name of names) {
        const outcome = lane.givenUp ?? await this.#unmet(name) ??
          await lane.check(name, this.#rubric.checks.get(name)!);
        const done = graded(name, this.#rubric, this.#blamed(outcome));
        this.#grades.set(name, done);
        this.#done.get(name)!.resolve(done);
        this.#onCheck(done);
      }
    } finally {
      // Who waits for what will not come waits no longer.
      for (const name of names) this.#done.get(name)!.resolve(undefined);
    }
  }

  /** How a check comes out that need not be done, for another one has failed. */
  async #unmet(name: GradeCheckName): Promise<Outcome | undefined> {
    const { needs = [], lostWith = [], asksWhatsat }: GradeCheck =
      GRADE_CHECKS[name];
    for (const gate of Object.keys(GATES) as Gate[]) {
      if (gate === name) break;
      if (gate === "whatsat-reply" && !asksWhatsat) continue;
      const done = await this.#done.get(gate)?.promise;
      if (done?.findings[0]?.came !== "nothing") continue;
      return untried(`any reply to ${GATES[gate]}`, `nothing, as by ${gate}`);
    }
    for (const other of lostWith) {
      if (await this.#hasFailed(other)) return lostBy(other);
    }
    for (const need of needs) {
      if (!await this.#hasFailed(need)) continue;
      return { share: 0, findings: [], unknown: `it needs ${need}` };
    }
    return undefined;
  }

  /** It is lost, not unknown, where what hides it was found to be wrong. */
  #blamed(outcome: Outcome): Outcome {
    const { unknown, lostWith } = outcome;
    if (unknown === undefined || lostWith === undefined) return outcome;
    // Those to blame stand before it in its row.
    const other = this.#grades.get(lostWith as GradeCheckName);
    return hasFailed(other) ? lostBy(lostWith) : outcome;
  }

  async #hasFailed(name: string): Promise<boolean> {
    return hasFailed(await this.#done.get(name as GradeCheckName)?.promise);
  }

  /** What came out, in the order of the names. */
  inOrder(names: readonly GradeCheckName[]): CheckGrade[] {
    return names.map((name) => this.#grades.get(name)!);
  }
}

/** What is unknown may be well. */
function hasFailed(done: CheckGrade | undefined): boolean {
  if (done === undefined) return false;
  return done.lost !== undefined || done.findings.length > 0;
}

function lostBy(check: string): Outcome {
  return { share: 0, findings: [], lost: `lost with ${check}` };
}

function graded(
  check: GradeCheckName,
  rubric: Rubric,
  { share, unknown, lost, findings }: Outcome,
): CheckGrade {
  const { points: of, isBonus, isHard } = rubric.checks.get(check)!;
  return {
    check,
    title: GRADE_CHECKS[check].title,
    points: unknown === undefined ? rounded(share * of) : 0,
    of,
    ...given({ isBonus, isHard, unknown, lost }),
    findings,
  };
}

/** What the checks of a submission come to. */
export function gradeOf(
  submission: string,
  checks: readonly CheckGrade[],
  notes: readonly string[] = [],
): Grade {
  const known = checks.filter(({ unknown }) => unknown === undefined);
  const sum = (values: readonly number[]) =>
    rounded(values.reduce((a, b) => a + b, 0));
  const hardFails = known.filter(({ isHard, lost, points }) =>
    isHard && lost === undefined && points === 0
  ).map(({ check }) => check);
  const mark = sum(known.map(({ points }) => points));
  return {
    submission,
    mark: hardFails.length > 0 ? 0 : mark,
    of: sum(known.map(({ of, isBonus }) => isBonus ? 0 : of)),
    hardFails,
    checks,
    notes,
  };
}

/** Sums of hundredths stay hundredths. */
function rounded(points: number): number {
  return Math.round(points * 100) / 100;
}
