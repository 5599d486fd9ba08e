/**
 * A module of this project in a process of its own: how it is started, ended,
 * and spoken with, as `thread.ts` does it for threads. It ends with its standard
 * input, so it does not outlive who started it.
 *
 * @module
 */
import { abortable } from "@std/async";
import type { Clock } from "../../../herd/net/platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import {
  type AnyQuestion,
  Asker,
  type AskOptions,
  type FromAsked,
} from "../ask.ts";
import { DeathWatch } from "./death_watch.ts";
import { jsonLines, JsonWriter } from "./json_lines.ts";

export interface ProcessOptions<Report> {
  /** What it is called. */
  readonly name: string;
  readonly module: URL;
  readonly args?: readonly string[];
  /** What it may do, as flags of `deno run`. */
  readonly permissions: readonly string[];
  readonly clock: Clock;
  /** Hears what it says that is no answer. */
  readonly onReport?: (report: Report) => void;
  /** Hears that it has ended by itself, and how. */
  readonly onEnd?: (why: string) => void;
}

interface Kinded {
  readonly kind: string;
}

/**
 * A process that was started.
 *
 * @typeParam Order What it is told beside questions.
 * @typeParam Report What it says beside answers.
 */
export class AskedProcess<
  Q extends AnyQuestion,
  A extends { [K in Q["ask"]]: unknown },
  Order extends Kinded,
  Report extends Kinded,
> implements AsyncDisposable {
  /** Resolves when it has ended, and all that it said was heard. */
  readonly ended: Promise<void>;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #child: Deno.ChildProcess;
  readonly #input: JsonWriter;
  readonly #asker: Asker<Q, A>;
  #deathWatch: DeathWatch | undefined;
  #hasEnded = false;

  /** Starts it. */
  constructor(options: ProcessOptions<Report>) {
    const { name, module, args = [], permissions, clock } = options;
    this.#name = name;
    this.#clock = clock;
    // Leave to run the Deno that runs this, wherever it is, can't be given by
    // name: one on the path may be a launcher, which signals would end instead.
    this.#child = new Deno.Command("sh", {
      args: [
        ...["-c", 'exec "$0" "$@"', Deno.execPath()],
        ...["run", "--quiet", "--no-prompt", ...permissions],
        module.href,
        ...args,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
      // A terminal's Ctrl-C is for who started it alone: it ends with that.
      detached: true,
    }).spawn();
    const input = this.#input = new JsonWriter(this.#child.stdin);
    this.#asker = new Asker(name, clock, (question) => input.write(question));
    this.ended = this.#watch(options);
  }

  async #watch({ onReport, onEnd }: ProcessOptions<Report>): Promise<void> {
    const said = jsonLines<FromAsked<A> | Report>(this.#child.stdout);
    for await (const message of said) {
      if (this.#hasEnded) continue;
      if (isAnswer<A>(message)) this.#asker.hear(message);
      else onReport?.(message);
    }
    const { code, signal } = await this.#child.status;
    this.#input.close();
    await this.#callOff();
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const why = signal === null
      ? `it ended with exit code ${code}`
      : `it was ended by ${signal}`;
    this.#asker.end(new Error(`${this.#name} has failed: ${why}`));
    onEnd?.(why);
  }

  /** Tells it something. */
  tell(order: Order): void {
    this.#input.write(order);
  }

  /**
   * Asks it, and waits for the answer.
   *
   * @throws {NoAnswer} If it can't, or does not answer in time.
   * @throws {Error} The reason of its end, if it ends.
   */
  async ask<K extends Q["ask"]>(
    question: Extract<Q, { readonly ask: K }>,
    options?: AskOptions,
  ): Promise<A[K]> {
    return await this.#asker.ask(question, options);
  }

  /** Freezes it. */
  pause(): void {
    this.#deathWatch ??= new DeathWatch(this.#child.pid);
    this.#signal("SIGSTOP");
  }

  /** Wakes it. */
  resume(): void {
    this.#signal("SIGCONT");
    void this.#callOff();
  }

  async #callOff(): Promise<void> {
    const watch = this.#deathWatch;
    this.#deathWatch = undefined;
    await watch?.end();
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It has ended by itself meanwhile.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** Ends it at once. All that it is asked fails for this reason. */
  kill(reason: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#signal("SIGKILL");
    this.#asker.end(reason);
  }

  /** Has it end by itself, and if that takes too long, ends it. */
  async stop(graceMs: number): Promise<void> {
    this.#hasEnded = true;
    this.#input.close();
    using late = new Deadline(this.#clock, graceMs);
    try {
      await abortable(this.ended, late.signal);
    } catch (error) {
      if (!late.signal.aborted) throw error;
      this.#signal("SIGKILL");
      await this.ended;
    }
    this.#asker.end(new Error(`${this.#name} was stopped`));
  }

  /** As {@linkcode AskedProcess.stop}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(GRACE_MS);
  }
}

const GRACE_MS = 5_000;

function isAnswer<A>(message: Kinded): message is FromAsked<A> {
  return message.kind === "answer" || message.kind === "no-answer";
}
