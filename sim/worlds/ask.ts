/**
 * Questions by message: how one side asks another with which it shares no
 * memory, a thread or a process, and gets each answer to its own question.
 *
 * A question is named by its `ask`; a map of answers gives the type of each
 * answer. An order is a question whose answer is `null`.
 *
 * @module
 */
import type { Clock } from "../../herd/net/platform.ts";

/** A question or an order. */
export interface AnyQuestion {
  readonly ask: string;
}

/** Messages to the side that answers. */
export type ToAsked<Q extends AnyQuestion> =
  | { readonly kind: "ask"; readonly id: number; readonly question: Q }
  | { readonly kind: "forget"; readonly id: number };

/** Messages from the side that answers. */
export type FromAsked<A> =
  | {
    readonly kind: "answer";
    readonly id: number;
    readonly answer: A[keyof A];
  }
  | { readonly kind: "no-answer"; readonly id: number; readonly why: string };

/** A message, told apart by its kind. */
export interface Kinded {
  readonly kind: string;
}

/** Whether a message answers a question. */
export function isAnswer<A>(message: Kinded): message is FromAsked<A> {
  return message.kind === "answer" || message.kind === "no-answer";
}

/** How long to wait for an answer, and how to stop waiting. */
export interface AskOptions {
  /** Milliseconds until the question fails; by default never. */
  readonly deadlineMs?: number;
  /** Withdraws the question. */
  readonly signal?: AbortSignal;
}

/**
 * A question was not answered: the other side ended, can't, or took too long.
 */
export class NoAnswer extends Error {
  override readonly name: string = "NoAnswer";
}

/** Asks one question of a map of answers. */
export type Ask<Q extends AnyQuestion, A extends { [K in Q["ask"]]: unknown }> =
  <
    K extends Q["ask"],
  >(
    question: Extract<Q, { readonly ask: K }>,
    options?: AskOptions,
  ) => Promise<A[K]>;

/** The side that asks. */
export class Asker<
  Q extends AnyQuestion,
  A extends { [K in Q["ask"]]: unknown },
> {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #send: (message: ToAsked<Q>) => void;
  readonly #asked = new Map<number, PromiseWithResolvers<A[keyof A]>>();
  #nextId = 1;
  #ended: Error | undefined;

  /** @param name The name of the other side, for errors. */
  constructor(
    name: string,
    clock: Clock,
    send: (message: ToAsked<Q>) => void,
  ) {
    this.#name = name;
    this.#clock = clock;
    this.#send = send;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws {NoAnswer} If the other side ends, can't, or does not answer in
   * time.
   */
  readonly ask: Ask<Q, A> = async (question, { deadlineMs, signal } = {}) => {
    if (this.#ended) throw this.#ended;
    signal?.throwIfAborted();
    const id = this.#nextId++;
    const asked = Promise.withResolvers<A[keyof A]>();
    this.#asked.set(id, asked);
    const giveUp = (reason: unknown) => {
      this.#send({ kind: "forget", id });
      asked.reject(reason);
    };
    const timer = deadlineMs === undefined
      ? undefined
      : this.#clock.after(deadlineMs, () => {
        const what = `${this.#name} gave no ${question.ask}`;
        giveUp(new NoAnswer(`${what} within ${deadlineMs} ms`));
      });
    const takeBack = () => giveUp(signal?.reason);
    signal?.addEventListener("abort", takeBack, { once: true });
    this.#send({ kind: "ask", id, question });
    try {
      return await asked.promise as A[typeof question["ask"]];
    } finally {
      timer?.cancel();
      signal?.removeEventListener("abort", takeBack);
      this.#asked.delete(id);
    }
  };

  /** Takes an answer, or the reason why there is none. */
  hear(message: FromAsked<A>): void {
    const asked = this.#asked.get(message.id);
    if (message.kind === "answer") asked?.resolve(message.answer);
    else asked?.reject(new NoAnswer(message.why));
  }

  /**
   * The other side has ended: all questions fail with this reason, future ones
   * too.
   */
  end(reason: Error): void {
    this.#ended ??= reason;
    for (const asked of this.#asked.values()) asked.reject(reason);
  }
}

/** Finds the answer to a question, until the signal aborts. */
type Find<Q, A> = (
  question: Q,
  signal: AbortSignal,
) => A[keyof A] | Promise<A[keyof A]>;

/** The side that answers. */
export class Answerer<
  Q extends AnyQuestion,
  A extends { [K in Q["ask"]]: unknown },
> {
  readonly #send: (message: FromAsked<A>) => void;
  readonly #find: Find<Q, A>;
  readonly #finding = new Map<number, AbortController>();

  /**
   * @param find Returns an answer, or throws. Its signal aborts when nobody
   * waits for the answer any more.
   */
  constructor(
    send: (message: FromAsked<A>) => void,
    find: Find<Q, A>,
  ) {
    this.#send = send;
    this.#find = find;
  }

  /** Takes a question, or its withdrawal. */
  hear(message: ToAsked<Q>): void {
    const { id } = message;
    if (message.kind === "forget") this.#finding.get(id)?.abort();
    else void this.#answer(id, message.question);
  }

  async #answer(id: number, question: Q): Promise<void> {
    const finding = new AbortController();
    this.#finding.set(id, finding);
    try {
      const answer = await this.#find(question, finding.signal);
      this.#send({ kind: "answer", id, answer });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#send({ kind: "no-answer", id, why });
    } finally {
      this.#finding.delete(id);
    }
  }

  /** Withdraws all questions. */
  end(): void {
    for (const finding of this.#finding.values()) finding.abort();
  }
}
