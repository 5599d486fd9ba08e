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
import type { Google } from "../herd/bring.ts";
import { Failure, type GradeCheck, Unknown } from "./check.ts";
import { GRADE_CHECKS, type GradeCheckName } from "./checks.ts";
import { failed, type Outcome } from "./outcome.ts";
import type { RubricCheck } from "./rubric.ts";
import { type Submission, TriedHerd } from "./tried_herd.ts";

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
}

/** Of what must be done in time, or must never happen. */
const RUNS = 3;
const CRASH_MS = 300;

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

  /** Does a check. */
  async check(name: GradeCheckName, options: RubricCheck): Promise<Outcome> {
    const check: GradeCheck = GRADE_CHECKS[name];
    const runs = check.counts === undefined ? 1 : options.runs ?? RUNS;
    // What never fails may be hidden by chance; what failed may for once.
    const isOver = ({ share, unknown }: Outcome) =>
      unknown !== undefined ||
      (check.counts === "worst" ? share < 1 : share === 1);
    let outcome = await this.#run(check, options, 0);
    for (let run = 1; !isOver(outcome); run++) {
      const isAgain = run < runs ||
        check.counts !== "worst" && outcome.isOfUsed;
      if (!isAgain) break;
      outcome = await this.#run(check, options, run);
    }
    return outcome;
  }

  async #run(
    check: GradeCheck,
    options: RubricCheck,
    run: number,
  ): Promise<Outcome & { readonly isOfUsed: boolean }> {
    const { signal, late, timeoutMs } = this.#options;
    if (run === 0 && check.isOnFresh) await this[Symbol.asyncDispose]();
    const used = check.isOffline ? undefined : this.#used;
    const isOfUsed = used !== undefined;
    if (isOfUsed) this.#used = undefined;
    try {
      return { ...await this.#runOn(used, check, options), isOfUsed };
    } catch (error) {
      signal.throwIfAborted();
      if (!late.aborted) throw error;
      const expected = `all checks to be done in ${timeoutMs / 1_000} s`;
      return { ...failed(expected, "they were not"), isOfUsed: false };
    }
  }

  async #runOn(
    used: TriedHerd | undefined,
    check: GradeCheck,
    options: RubricCheck,
  ): Promise<Outcome> {
    let herd: TriedHerd;
    try {
      herd = used ?? await this.#start(check);
    } catch (error) {
      this.#over.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      return failed("all servers to start", error.message);
    }
    let isGood = false;
    try {
      this.#over.throwIfAborted();
      herd.takeSteps();
      const done = await this.#outcome(herd, check, options);
      isGood = !check.isOffline && herd.isWhole &&
        (done.share === 1 || done.unknown !== undefined);
      return done;
    } finally {
      if (isGood) this.#used = herd;
      else await herd[Symbol.asyncDispose]();
    }
  }

  async #start({ isOffline = false }: GradeCheck): Promise<TriedHerd> {
    const { platform, submission, google } = this.#options;
    await google.places.misbehave!("none");
    return await TriedHerd.start(platform, submission, {
      google: isOffline ? null : google,
      signal: this.#over,
    });
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
        return { share: 0, unknown: error.message, findings: [] };
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
