/**
 * A module of this project in a process of its own on this machine.
 *
 * @module
 */
import type { Spawned } from "../spawned.ts";
import { signalTo, watchDeath } from "./death_watch.ts";
import { jsonLines, JsonWriter } from "./json_lines.ts";

export interface ModuleOptions {
  readonly module: URL;
  readonly args?: readonly string[];
  /** What it may do, as flags of `deno run`. */
  readonly permissions: readonly string[];
  /** The command that becomes it, such as `ip netns exec NAME`; none by default. */
  readonly by?: readonly string[];
}

/** One on this machine. It ends with its input, so it outlives nobody. */
export class ModuleProcess implements Spawned {
  readonly said: AsyncIterable<unknown>;
  readonly ended: Promise<string>;
  readonly #child: Deno.ChildProcess;
  readonly #input: JsonWriter;
  #endWatch: (() => Promise<void>) | undefined;
  /** Until all watches that were called off have ended. */
  #calledOff: Promise<unknown> = Promise.resolve();
  #hasEnded = false;

  /** Starts it. */
  constructor({ module, args = [], permissions, by = [] }: ModuleOptions) {
    // Leave to run the Deno that runs this, wherever it is, can't be given by
    // name: one on the path may be a launcher, which signals would end instead.
    this.#child = new Deno.Command("sh", {
      args: [
        ...["-c", 'exec "$@"', "sh", ...by, Deno.execPath()],
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
    this.#input = new JsonWriter(this.#child.stdin);
    this.said = jsonLines(this.#child.stdout);
    this.ended = this.#watch();
  }

  async #watch(): Promise<string> {
    const { code, signal } = await this.#child.status;
    this.#hasEnded = true;
    this.#input.close();
    this.#callOff();
    await this.#calledOff;
    return signal === null
      ? `it ended with exit code ${code}`
      : `it was ended by ${signal}`;
  }

  tell(value: unknown): void {
    this.#input.write(value);
  }

  closeInput(): void {
    this.#input.close();
  }

  /** As Ctrl-Z does it. */
  pause(): Promise<void> {
    // Nobody would call off a watch over what is gone, whose number another has.
    if (this.#hasEnded) return Promise.resolve();
    this.#endWatch ??= watchDeath(this.#child.pid);
    signalTo(this.#child, "SIGSTOP");
    return Promise.resolve();
  }

  resume(): void {
    signalTo(this.#child, "SIGCONT");
    this.#callOff();
  }

  kill(): void {
    signalTo(this.#child, "SIGKILL");
  }

  #callOff(): void {
    this.#calledOff = Promise.all([this.#calledOff, this.#endWatch?.()]);
    this.#endWatch = undefined;
  }
}
