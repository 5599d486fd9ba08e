/**
 * What can be asked of a server that somebody wrote: what any client can ask,
 * by a `WHATSAT` of the smallest kind.
 *
 * @module
 */
import { abortable } from "@std/async";
import {
  type ByteString,
  readable,
  utf8,
} from "../../../herd/core/bytes/bytes.ts";
import { fieldsOf, isNewer } from "../../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import type { RecordAnswer } from "../../../herd/net/account.ts";
import type { Clock } from "../../../herd/net/platform.ts";
import { Deadline, delay } from "../../../herd/net/timing.ts";
import { type Ask, type AskOptions, NoAnswer } from "../ask.ts";
import type { Answers, Holding, Question } from "../questions.ts";
import { ServerEnded } from "../world.ts";
import { withDecimals } from "./spoken.ts";
import type { ToldFixes } from "../../model/told_fixes.ts";

/** Between two looks at what a server tells of a client. */
const LOOK_MS = 50;
/** One kilometre, one place: some refuse 0, some refuse 50 and 20. */
const SMALLEST = "WHATSAT {client} 1 1";

/** What a probe is made of. */
export interface ProbeOptions {
  readonly server: string;
  readonly clock: Clock;
  /** The fixes by which its answers are known. */
  readonly told: ToldFixes;
  /** The smallest question that it answers, with `{client}`. */
  readonly question?: string | undefined;
  /**
   * What it replies to a command, as it came. Nobody waits for it, nor needs the
   * connection, once the signal is aborted.
   */
  readonly exchange: (line: string, signal: AbortSignal) => Promise<string>;
  /** Whether it has ended. */
  readonly hasEnded: () => boolean;
}

/** How such a server is asked. */
export function probe(options: ProbeOptions): Ask<Question, Answers> {
  const it = new Probe(options);
  return ((question: Question, asked?: AskOptions) =>
    it.ask(question, asked)) as Ask<Question, Answers>;
}

class Probe {
  readonly #options: ProbeOptions;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  async ask(
    question: Question,
    { deadlineMs, signal }: AskOptions = {},
  ): Promise<RecordAnswer | Holding> {
    const { server, clock } = this.#options;
    const why = `${server} gave no ${question.ask} within ${deadlineMs} ms`;
    using late = deadlineMs === undefined
      ? undefined
      : new Deadline(clock, deadlineMs, () => new NoAnswer(why));
    const over = AbortSignal.any(
      [signal, late?.signal].filter((it) => it !== undefined),
    );
    return await abortable(this.#answer(question, over), over);
  }

  async #answer(
    question: Question,
    signal: AbortSignal,
  ): Promise<RecordAnswer | Holding> {
    switch (question.ask) {
      case "record":
        return { at: await this.#told(question.client, signal), unanswered: 0 };
      case "held":
        return await this.#held(question.at, signal);
      default:
        throw new NoAnswer(
          `Cannot ask ${this.#options.server} for ${question.ask}: ` +
            "it answers no more than clients ask",
        );
    }
  }

  /** The fix that it tells of, as it was acknowledged; none if it knows none. */
  async #told(
    client: ByteString,
    signal: AbortSignal,
  ): Promise<ByteString | undefined> {
    const { server, told, exchange, hasEnded } = this.#options;
    const { question = SMALLEST } = this.#options;
    const line = question.replaceAll("{client}", () => readable(client));
    const reply = await exchange(line, signal).catch((error) => {
      if (hasEnded()) throw new ServerEnded(server);
      throw new NoAnswer(`${server} does not answer: ${error.message}`);
    });
    const [first = ""] = reply.split(/\r?\n/);
    if (first.startsWith("?")) return undefined;
    const meant = told.meant(withDecimals(first));
    if (meant !== undefined && "isAmbiguous" in meant) {
      throw new NoAnswer(
        `${first} may be one of several fixes at that position`,
      );
    }
    const at = utf8(meant?.line ?? "");
    if (parseAtLine(at) !== undefined) return at;
    throw new NoAnswer(`${server} replied to "${line}" with "${first}"`);
  }

  async #held(at: ByteString, signal: AbortSignal): Promise<Holding> {
    const { clock } = this.#options;
    const wanted = parseAtLine(at)!;
    const { client } = fieldsOf(wanted);
    const askedMs = clock.nowMs();
    let lackedMs: number | undefined;
    for (;;) {
      const lookedMs = clock.nowMs();
      try {
        const line = await this.#told(client, signal);
        const fix = line === undefined ? undefined : parseAtLine(line);
        if (fix !== undefined && !isNewer(wanted, fix)) {
          const atMs = clock.nowMs();
          return { askedMs, atMs, ...lackedMs !== undefined && { lackedMs } };
        }
        // It may have got it while its answer was on the way.
        lackedMs = lookedMs;
      } catch (error) {
        const isOver = error instanceof ServerEnded;
        if (isOver || !(error instanceof NoAnswer)) throw error;
      }
      await delay(clock, LOOK_MS, signal);
    }
  }
}
