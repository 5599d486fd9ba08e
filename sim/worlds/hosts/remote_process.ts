/**
 * A process that an agent has started on its machine.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { NoAnswer } from "../ask.ts";
import { inTime } from "../in_time.ts";
import type { Spawned } from "../spawned.ts";
import type { JsonChannel } from "./json_channel.ts";
import type { FromAgent, Purpose, ToAgent } from "./wire.ts";

/** How long the end of what was killed may take to be told. */
const KILL_MS = 2_000;

/** It, or what becomes of the wish for it. */
export class RemoteProcess implements Spawned {
  readonly said: AsyncIterable<unknown>;
  readonly ended: Promise<string>;
  readonly #clock: Clock;
  readonly #host: string;
  readonly #end = Promise.withResolvers<string>();
  #channel: JsonChannel | undefined;
  #paused: PromiseWithResolvers<void> | undefined;
  /** What is to be told as soon as there is a connection. */
  #untold: unknown[] = [];
  #isKilled = false;

  /**
   * Has it started.
   *
   * @param host Where, for people.
   * @param dialling The connection that it is to have for itself.
   */
  constructor(
    clock: Clock,
    host: string,
    dialling: Promise<JsonChannel>,
    purpose: Purpose,
  ) {
    this.#clock = clock;
    this.#host = host;
    this.ended = this.#end.promise;
    this.#untold.push(purpose);
    this.said = this.#listen(dialling);
  }

  async *#listen(dialling: Promise<JsonChannel>): AsyncGenerator<unknown> {
    try {
      const channel = this.#channel = await dialling;
      for (const value of this.#untold) channel.tell(value);
      if (this.#isKilled) this.#kill(channel);
      for await (const value of channel.said()) {
        if (this.#isForUs(value as FromAgent)) continue;
        yield value;
      }
      this.#over(`the connection to its agent on ${this.#host} is lost`);
    } catch (error) {
      this.#over(error instanceof Error ? error.message : String(error));
    }
  }

  #isForUs(message: FromAgent): boolean {
    switch (message.kind) {
      case "paused":
        this.#paused?.resolve();
        return true;
      case "ended":
      case "refused":
        this.#over(message.why);
        return true;
      default:
        return false;
    }
  }

  #over(why: string): void {
    this.#end.resolve(why);
    this.#paused?.reject(new NoAnswer(why));
    this.#channel?.close();
  }

  tell(value: unknown): void {
    if (this.#channel) this.#channel.tell(value);
    else this.#untold.push(value);
  }

  #order(kind: "pause" | "resume" | "close-input"): void {
    this.tell({ kind } satisfies ToAgent);
  }

  closeInput(): void {
    this.#order("close-input");
  }

  async pause(deadlineMs: number): Promise<void> {
    const { promise } = this.#paused = Promise.withResolvers<void>();
    this.#order("pause");
    const failure = `the agent on ${this.#host} did not pause it`;
    await inTime(promise, this.#clock, deadlineMs, failure);
  }

  resume(): void {
    this.#order("resume");
  }

  kill(): void {
    this.#isKilled = true;
    if (this.#channel) this.#kill(this.#channel);
  }

  /** An agent that can't be reached any more is not waited for. */
  #kill(channel: JsonChannel): void {
    channel.tell({ kind: "kill" } satisfies ToAgent);
    const timer = this.#clock.after(
      KILL_MS,
      () => this.#over(`the agent on ${this.#host} does not tell of its end`),
    );
    void this.ended.then(() => timer.cancel());
  }
}
