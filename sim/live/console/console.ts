/**
 * Takes the lines of a herd's prompt, and shows what came of each.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import type { Command } from "../../model/command/command.ts";
import { type Commands, STOPPED_WAITING } from "../commands/commands.ts";
import type { ConsoleView } from "./console_view.ts";

/** After so long it is told that a command still waits. */
const WAITING_MS = 1_000;
/** Why a log is followed no more: there is nobody left to show it to. */
const OVER = new Error("the console is closed");

export class Console {
  readonly #clock: Clock;
  readonly #commands: Commands;
  readonly #view: ConsoleView;
  readonly #isScripted: boolean;
  #underWay: AbortController | undefined;
  /** Logs that are followed beside the commands that come after. */
  readonly #followed = new Map<AbortController, Promise<void>>();

  /**
   * A console for these commands, that shows what comes of them.
   *
   * @param isScripted Whether nobody is there to end a log that is followed:
   * then it goes on beside the commands that come after.
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
    // Who follows a log has said so, and sees it.
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

  /** Follows no log any more. */
  async close(): Promise<void> {
    for (const following of this.#followed.keys()) following.abort(OVER);
    await Promise.all(this.#followed.values());
    this.#followed.clear();
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
