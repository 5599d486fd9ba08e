/**
 * Takes the lines of a herd's prompt, and shows what came of each.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { type Commands, STOPPED_WAITING } from "../commands/commands.ts";
import type { ConsoleView } from "./console_view.ts";

/** After so long it is told that a command still waits. */
const WAITING_MS = 1_000;

export class Console {
  readonly #clock: Clock;
  readonly #commands: Commands;
  readonly #view: ConsoleView;
  #underWay: AbortController | undefined;

  /** A console for these commands, that shows what comes of them. */
  constructor(clock: Clock, commands: Commands, view: ConsoleView) {
    this.#clock = clock;
    this.#commands = commands;
    this.#view = view;
  }

  /**
   * Carries out a line, and shows what came of it, be it an error.
   * @returns Whether more commands may come: `quit` says no.
   */
  async execute(line: string): Promise<boolean> {
    const parsed = this.#commands.parse(line);
    if (parsed === undefined) return true;
    if (!parsed.ok) {
      this.#view.problem(parsed.why);
      return true;
    }
    const { command } = parsed;
    // What is told at the end is told however the end comes about.
    if (command.kind === "quit") return false;
    const { signal } = this.#underWay = new AbortController();
    // Who follows a log has said so, and sees it.
    const isFollowing = command.kind === "log" && command.follows;
    const waiting = isFollowing
      ? undefined
      : this.#clock.after(WAITING_MS, () => this.#view.waiting(line));
    const onPart = this.#view.result;
    try {
      const options = { signal, onPart };
      this.#view.result(await this.#commands.execute(command, options));
    } catch (error) {
      this.#view.problem(error instanceof Error ? error.message : `${error}`);
    } finally {
      waiting?.cancel();
      this.#underWay = undefined;
    }
    return true;
  }

  /**
   * Stops waiting for the command that is under way; what it has begun goes on.
   * @returns Whether there was one.
   */
  interrupt(): boolean {
    this.#underWay?.abort(new Error(STOPPED_WAITING));
    return this.#underWay !== undefined;
  }
}
