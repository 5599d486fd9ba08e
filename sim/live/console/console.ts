/**
 * Carries out the lines typed at a herd's prompt, and shows their results.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import type { Command } from "../../model/command/command.ts";
import { type Commands, STOPPED_WAITING } from "../commands/commands.ts";
import type { ConsoleView } from "./console_view.ts";

/** After so long the user is told that a command is still waiting. */
const WAITING_MS = 1_000;
/** The reason with which following a log ends when the console closes. */
const OVER = new Error("the console is closed");

export class Console {
  readonly #clock: Clock;
  readonly #commands: Commands;
  readonly #view: ConsoleView;
  readonly #isScripted: boolean;
  #underWay: AbortController | undefined;
  /** Logs that are followed in the background of later commands. */
  readonly #followed = new Map<AbortController, Promise<void>>();

  /**
   * Runs commands, and shows their results.
   *
   * @param isScripted Whether nobody can end the following of a log: then it
   * goes on in the background of later commands.
   */
  constructor(
    clock: Clock,
    commands: Commands,
    view: ConsoleView,
    { isScripted = false }: { readonly isScripted?: boolean } = {},
  ) {
    this.#clock = clock;
    this.#commands = commands;
    this.#view = view;
    this.#isScripted = isScripted;
  }

  /**
   * Carries out a line, and shows its result or error.
   * @returns Whether more commands may come: false after `quit`.
   */
  async execute(line: string): Promise<boolean> {
    const parsed = this.#commands.parse(line);
    if (parsed === undefined) return true;
    if (!parsed.ok) {
      this.#view.problem(parsed.why);
      return true;
    }
    const { command } = parsed;
    // The end of the herd is reported elsewhere, whatever its cause.
    if (command.kind === "quit") return false;
    // The user of `log -f` expects it to go on, and sees it.
    const isFollowing = command.kind === "log" && command.follows === true;
    const underWay = new AbortController();
    if (isFollowing && this.#isScripted) {
      const following = this.#carryOut(command, underWay.signal);
      this.#followed.set(underWay, following);
      return true;
    }
    this.#underWay = underWay;
    const waiting = isFollowing
      ? undefined
      : this.#clock.after(WAITING_MS, () => this.#view.waiting(line));
    try {
      await this.#carryOut(command, underWay.signal);
    } finally {
      waiting?.cancel();
      this.#underWay = undefined;
    }
    return true;
  }

  async #carryOut(command: Command, signal: AbortSignal): Promise<void> {
    try {
      const options = { signal, onPart: this.#view.result };
      this.#view.result(await this.#commands.execute(command, options));
    } catch (error) {
      if (signal.reason === OVER) return;
      this.#view.problem(error instanceof Error ? error.message : `${error}`);
    }
  }

  /** Ends the following of all logs. */
  async close(): Promise<void> {
    for (const following of this.#followed.keys()) following.abort(OVER);
    await Promise.all(this.#followed.values());
    this.#followed.clear();
  }

  /**
   * Ends the wait for the command under way; what it has begun goes on.
   * @returns Whether there was one.
   */
  interrupt(): boolean {
    this.#underWay?.abort(new Error(STOPPED_WAITING));
    return this.#underWay !== undefined;
  }
}
