/**
 * Checks that run one after the other, and the herds that they run on.
 *
 * A check that finds nothing hands its herd to the next one, healed and with all
 * servers up, for to start a herd takes longer than most checks do. What is
 * found is found on a fresh one: a check that fails on a herd that others have
 * used is done again, and that counts. Only what must never happen counts
 * wherever it happened.
 *
 * @module
 */
import { abortable } from "@std/async";
import type { Platform } from "../../../herd/net/platform.ts";
import { given } from "../../model/given.ts";
import type { Google } from "../places/google.ts";
import type { GivenUp } from "./given_up.ts";
import { Failure, type GradeCheck, Unknown } from "./check.ts";
import { GRADE_CHECKS, type GradeCheckName } from "./checks.ts";
import { failed, type Outcome, untried } from "./outcome.ts";
import type { RubricCheck } from "./rubric.ts";
import type { Submission } from "./submission.ts";
import { TriedHerd } from "./tried_herd.ts";

/** What a lane is given. */
export interface LaneOptions {
  /** The machine. */
  readonly platform: Platform;
  /** What is graded. */
  readonly submission: Submission;
  /** What stands in for Google. */
  readonly google: Google;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** That time is up: what is left earns nothing. */
  readonly late: AbortSignal;
  /** How much time there was. */
  readonly timeoutMs: number;
  /** Whether there is any use in it. */
  readonly givenUp: GivenUp;
  /** Gets, by server, the port that it names itself. */
  readonly ports: Map<string, number>;
  /** Gets what is to be known of how its servers are run. */
  readonly notes: Set<string>;
}

/** Of what must be done in time, or must never happen. */
const RUNS = 3;
const CRASH_MS = 300;
const NOT_AGAIN = "it could not be tried again on a fresh herd";

/** How a run of a check came out. */
interface Ran extends Outcome {
  /** Whether others had used its herd. */
  readonly isOfUsed: boolean;
  /** Whether a server of it has ended unasked. */
  readonly hasEnded: boolean;
}

/** Whether no other run can tell more than this one. */
function isOver(
  { counts }: GradeCheck,
  { share, unknown, isOfUsed, hasEnded }: Ran,
): boolean {
  if (unknown !== undefined) return true;
  // What never fails may be hidden by chance; what failed may for once.
  if (counts === "worst") return share < 1;
  // That a server ends is not up to how fast a machine is.
  return share === 1 || hasEnded && !isOfUsed;
}

/** A row of checks. */
export class Lane implements AsyncDisposable {
  readonly #options: LaneOptions;
  readonly #over: AbortSignal;
  /** As good as new, though it was used. */
  #used: TriedHerd | undefined;

  /** A row of none so far. */
  constructor(options: LaneOptions) {
    this.#options = options;
    this.#over = AbortSignal.any([options.signal, options.late]);
  }

  /** How all that is left comes out, if there is no use in it. */
  get givenUp(): Outcome | undefined {
    return this.#options.givenUp.outcome;
  }

  /** Does a check. */
  async check(name: GradeCheckName, options: RubricCheck): Promise<Outcome> {
    const check: GradeCheck = GRADE_CHECKS[name];
    const runs = check.counts === undefined ? 1 : options.runs ?? RUNS;
    let before: Ran | undefined;
    for (let run = 1;; run++) {
      let ran = await this.#run(check, options);
      if (check.isOnFresh && ran.isOfUsed && ran.share < 1) {
        await this[Symbol.asyncDispose]();
        before = ran;
        ran = await this.#run(check, options);
      }
      if (ran.lost !== undefined && before && before.findings.length > 0) {
        // What others may have had a part in is no hard fail.
        return before.isOfUsed ? { ...before, lost: NOT_AGAIN } : before;
      }
      const isOfFresh = check.counts === "worst" || !ran.isOfUsed;
      if (isOver(check, ran) || run >= runs && isOfFresh) return ran;
      before = ran;
    }
  }

  async #run(
    check: GradeCheck,
    options: RubricCheck,
  ): Promise<Ran> {
    const { signal, late, timeoutMs } = this.#options;
    const used = this.#used;
    this.#used = undefined;
    try {
      return await this.#runOn(used, check, options);
    } catch (error) {
      signal.throwIfAborted();
      if (!late.aborted) throw error;
      const expected = `all checks to be done in ${timeoutMs / 1_000} s`;
      const outcome = failed(expected, "they were not");
      const lost = "the time was up";
      return { ...outcome, lost, isOfUsed: false, hasEnded: true };
    }
  }

  async #runOn(
    used: TriedHerd | undefined,
    check: GradeCheck,
    options: RubricCheck,
  ): Promise<Ran> {
    const { givenUp } = this.#options;
    const isOfUsed = used !== undefined;
    let herd: TriedHerd;
    try {
      herd = used ?? await this.#start();
    } catch (error) {
      this.#over.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      givenUp.notStarted(error.message);
      const outcome = untried("all servers to start", error.message);
      return { ...outcome, isOfUsed, hasEnded: false };
    }
    let isGood = false;
    try {
      this.#over.throwIfAborted();
      herd.takeSteps();
      const done = await this.#outcome(herd, check, options);
      isGood = herd.isWhole &&
        (done.share === 1 || done.unknown !== undefined);
      const [limited] = herd.limited;
      if (limited !== undefined) givenUp.limited(limited);
      return { ...done, isOfUsed, hasEnded: herd.crashes.length > 0 };
    } finally {
      if (isGood) this.#used = herd;
      else await herd[Symbol.asyncDispose]();
    }
  }

  async #start(): Promise<TriedHerd> {
    const { platform, submission, google, givenUp, ports, notes } =
      this.#options;
    await google.places.misbehave!("none");
    const signal = this.#over;
    const note = (text: string) => notes.add(text);
    const herd = await TriedHerd
      .start(platform, submission, { google, signal, ports, note });
    givenUp.started();
    for (const [name, port] of herd.ownPorts()) ports.set(name, port);
    return herd;
  }

  async #outcome(
    herd: TriedHerd,
    { run }: GradeCheck,
    options: RubricCheck,
  ): Promise<Outcome> {
    try {
      await abortable(run(herd, options), this.#over);
      return { share: 1, findings: [] };
    } catch (error) {
      this.#over.throwIfAborted();
      if (error instanceof Unknown) {
        const { message: unknown, lostWith } = error;
        return { share: 0, unknown, ...given({ lostWith }), findings: [] };
      }
      if (!(error instanceof Failure)) throw error;
      const { share, findings } = error;
      // A connection is lost before it is known that the server has ended.
      if (herd.crashes.length === 0) await herd.pass(CRASH_MS);
      const rest = herd.takeSteps();
      return {
        share,
        findings: findings.map(({ expected, came, steps = rest }) => {
          const crashes = herd.crashes.filter((it) => !came.includes(it));
          const commands = herd.shellLines(steps);
          return {
            expected,
            came: [came, ...crashes].join("; "),
            steps,
            commands,
          };
        }),
      };
    }
  }

  /** Stops the herd that is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    const used = this.#used;
    this.#used = undefined;
    await used?.[Symbol.asyncDispose]();
  }
}
