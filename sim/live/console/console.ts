/**
 * Carries out the commands of a herd's prompt.
 *
 * @module
 */
import { logFileNames } from "../../../herd/net/log.ts";
import {
  type Command,
  completeCommand,
  parseCommand,
} from "../../model/command/command.ts";
import { linkTargetNames } from "../../model/faults/targets.ts";
import { helpText } from "../../model/command/help.ts";
import type { ConsoleView } from "./console_view.ts";
import type { Herd } from "../herd/herd.ts";
import { lastLines, linesToCome } from "./log_tail.ts";
import { logText } from "./log_text.ts";

/** Longer than a server's ten seconds for a places lookup. */
const REPLY_MS_MAX = 15_000;
/** A command that takes longer is shown as waiting. */
const WAITING_MS = 1_000;

/** What a console drives, and where it shows what came of it. */
export interface ConsoleOptions {
  /** The herd. */
  readonly herd: Herd;
  /** Where results are shown. */
  readonly view: ConsoleView;
}

/** The commands of a herd's prompt. */
export class Console {
  readonly #herd: Herd;
  readonly #view: ConsoleView;
  #underWay: AbortController | undefined;

  /** A console for this herd. */
  constructor(options: ConsoleOptions) {
    this.#herd = options.herd;
    this.#view = options.view;
  }

  /**
   * Carries out a line, and shows what came of it, be it an error.
   * @returns Whether more commands may come: `quit` says no.
   */
  async execute(line: string): Promise<boolean> {
    const parsed = parseCommand(line, this.#herd.names);
    if (parsed === undefined) return true;
    if (!parsed.ok) {
      this.#view.problem(parsed.why);
      return true;
    }
    const underWay = this.#underWay = new AbortController();
    // Who follows a log has said so, and sees it.
    const isFollowing = parsed.command.kind === "log" && parsed.command.follows;
    const waiting = isFollowing
      ? undefined
      : setTimeout(() => this.#view.waiting(line), WAITING_MS);
    try {
      await unlessAborted(
        this.#carryOut(parsed.command, underWay.signal),
        underWay.signal,
      );
    } catch (error) {
      this.#view.problem(error instanceof Error ? error.message : `${error}`);
    } finally {
      clearTimeout(waiting);
      this.#underWay = undefined;
    }
    return parsed.command.kind !== "quit";
  }

  /**
   * Stops waiting for the command that is under way; what it has begun goes on.
   * @returns Whether there was one.
   */
  interrupt(): boolean {
    this.#underWay?.abort(new Error("stopped waiting"));
    return this.#underWay !== undefined;
  }

  /** The ways to go on with the last word of `text`, and that word. */
  complete(text: string): [completions: string[], word: string] {
    const { names, topology } = this.#herd;
    return completeCommand(text, names, linkTargetNames(topology));
  }

  async #carryOut(command: Command, signal: AbortSignal): Promise<void> {
    switch (command.kind) {
      case "status":
        return this.#view.status(this.#herd.status(), this.#herd.mode);
      case "send":
        return await this.#send(command.server, command.line, signal);
      case "log":
        return await this.#log(command, signal);
      case "help":
        return this.#view.help(helpText(command.about));
      case "quit":
        return;
      case "faults":
        return this.#view.faults(this.#herd.faults.standing);
      case "heal":
        return this.#view.healed(await this.#herd.heal(command.what));
      case "places": {
        const { behaviour } = command;
        return behaviour === "none"
          ? this.#view.healed(await this.#herd.faults.around.placesBehave())
          : this.#view.begun(await this.#herd.places(behaviour));
      }
      case "reset": {
        const { targets, touched } = await this.#herd.reset(command.targets);
        return this.#view.reset(targets, touched);
      }
      case "partition":
        return this.#view.begun(await this.#herd.partition(command.wish));
      case "clock_skew": {
        const { server, offsetMs } = command;
        return this.#view.begun(
          await this.#herd.clockSkew(server, { offsetMs }),
        );
      }
      case "kill":
      case "crash":
      case "revive":
      case "restart":
      case "pause":
      case "resume": {
        const { kind, server } = command;
        const startMs = performance.now();
        await this.#herd[kind](server);
        return this.#view.done(kind, server, performance.now() - startMs);
      }
      default: {
        const { fault, targets } = command;
        return this.#view.begun(await this.#herd.faults.begin(fault, targets));
      }
    }
  }

  async #send(
    server: string,
    line: string,
    signal: AbortSignal,
  ): Promise<void> {
    await using client = await this.#herd.client(server);
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort(
        new Error(`No reply from ${server} in ${REPLY_MS_MAX / 1000} s`),
      );
    }, REPLY_MS_MAX);
    try {
      const ends = AbortSignal.any([signal, late.signal]);
      this.#view.reply(server, await unlessAborted(client.send(line), ends));
    } finally {
      clearTimeout(timer);
    }
  }

  async #log(
    { server, count, text, follows }: Extract<Command, { kind: "log" }>,
    signal: AbortSignal,
  ): Promise<void> {
    const directory = this.#herd.logDirectory;
    if (directory === undefined) {
      throw new Error(`Cannot show the log of ${server}: none is written`);
    }
    const isWanted = (line: string) =>
      text === undefined || logText(line).includes(text);
    const [older, newer] = logFileNames(server)
      .map((name) => `${directory}/${name}`) as [string, string];
    const lines = await lastLines(newer, count, isWanted);
    const missing = count - lines.length;
    if (missing > 0) {
      lines.unshift(...await lastLines(older, missing, isWanted));
    }
    if (lines.length > 0 || !follows) this.#view.log(server, lines);
    if (!follows) return;
    for await (const more of linesToCome(newer, isWanted, signal)) {
      if (!signal.aborted) this.#view.log(server, more);
    }
  }
}

/** What a promise resolves to, unless the signal comes first: its reason. */
async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
