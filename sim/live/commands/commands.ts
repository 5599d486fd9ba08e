/**
 * Carries out commands on a herd. The results are data, which the prompt,
 * `--json` and other terminals each format in their own way.
 *
 * @module
 */
import { abortable } from "@std/async";
import { Deadline } from "../../../herd/net/timing.ts";
import { logFileNames } from "../../../herd/net/log_file.ts";
import {
  type Command,
  completeCommand,
  parseCommand,
  type ParsedCommand,
} from "../../model/command/command.ts";
import { helpText } from "../../model/command/help.ts";
import { linkTargetNames } from "../../model/faults/targets.ts";
import { isDiskFault } from "../../model/steps/disk_faults.ts";
import { isHubFault } from "../../model/steps/hub_faults.ts";
import { isFaultStep } from "../../model/steps/server_faults.ts";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import { CLOCK_SKEW } from "../../model/steps/clock_skew.ts";
import type { FaultHandle } from "../faults/fault_book.ts";
import { cutOf } from "../faults/fault_controller.ts";
import type { Herd } from "../herd/herd.ts";
import { gatewaysOf } from "./gateways.ts";
import { lastLines, linesToCome } from "./log_tail.ts";
import { logText } from "./log_text.ts";
import type { CommandResult } from "./result.ts";

/** Longer than a server's ten seconds for a places lookup. */
const REPLY_MS_MAX = 15_000;

/** The message for a command whose wait was ended by Ctrl-C. */
export const STOPPED_WAITING = "stopped waiting";

export interface ExecuteOptions {
  /** Ends the wait; what the command has begun goes on. */
  readonly signal?: AbortSignal;
  /** Gets results before the end: the lines of a log that is followed. */
  readonly onPart?: (part: CommandResult) => void;
}

export class Commands {
  readonly #herd: Herd;

  constructor(herd: Herd) {
    this.#herd = herd;
  }

  /** The command on a line; `undefined` if it is blank. */
  parse(line: string): ParsedCommand | undefined {
    return parseCommand(line, this.#herd.names);
  }

  /** The completions of the last word of `text`, and that word. */
  complete(text: string): [completions: string[], word: string] {
    const { names, topology } = this.#herd;
    return completeCommand(text, names, linkTargetNames(topology));
  }

  /**
   * Carries out a command. To stop the herd is up to who asks for `quit`.
   *
   * @example
   * ```ts
   * import { Herd } from "../../../mod.ts";
   * import { Commands } from "./commands.ts";
   *
   * await using herd = await Herd.start("line:2");
   * const commands = new Commands(herd);
   * await commands.execute({ kind: "kill", server: "s1" });
   * const result = await commands.execute({ kind: "status" });
   * const states = result.event === "status" &&
   *   result.servers.map(({ state }) => state);
   * if (String(states) !== "up,stopped") throw new Error(String(states));
   * ```
   * @throws {Error} If it can't be carried out; the signal's reason if that
   * comes first.
   */
  async execute(
    command: Command,
    options: ExecuteOptions = {},
  ): Promise<CommandResult> {
    const { signal = new AbortController().signal, onPart } = options;
    const result = this.#carryOut(command, signal, onPart);
    // Following a log ends with the signal, and cleans up after itself.
    if (command.kind === "log") return await result;
    return await abortable(result, signal);
  }

  async #carryOut(
    command: Command,
    signal: AbortSignal,
    onPart: ExecuteOptions["onPart"],
  ): Promise<CommandResult> {
    const herd = this.#herd;
    const { clock } = herd.platform;
    if (isDiskFault(command)) {
      return begun(await herd.disk(command.server, command));
    }
    if (isHubFault(command)) return begun(await herd.faults.hub.begin(command));
    if (isFaultStep(command)) {
      const { kind, server } = command;
      const startMs = clock.nowMs();
      await herd[kind](server);
      const tookMs = clock.nowMs() - startMs;
      return { event: "done", command: kind, server, tookMs };
    }
    switch (command.kind) {
      case "status":
        return await this.#status();
      case "records": {
        const { server } = command;
        const records = (await herd.records(server)).map(({ line }) => line);
        return { event: "records", server, records };
      }
      case "counters": {
        const { server } = command;
        const stats = await herd.stats(server);
        return { event: "counters", server, stats, atMs: clock.nowMs() };
      }
      case "send":
        return await this.#send(command.server, command.line, signal);
      case "log":
        return await this.#log(command, signal, onPart);
      case "help":
        return { event: "help", text: helpText(command.about) };
      case "quit":
        return { event: "stopping" };
      case "faults":
        return { event: "faults", faults: herd.faults.active };
      case "heal":
        return { event: "healed", faults: await herd.heal(command.what) };
      case "places":
        return await this.#places(command.behaviour);
      case "reset": {
        const { targets, touched } = await herd.reset(command.targets);
        return { event: "reset", targets, connections: touched };
      }
      case "partition":
        return begun(await herd.partition(command.wish, cutOf(command)));
      case CLOCK_SKEW:
        return begun(await herd.clockSkew(command.server, command));
      default:
        return begun(await herd.faults.begin(command.fault, command.targets));
    }
  }

  async #status(): Promise<CommandResult> {
    const { knownMode: mode, platform: { clock } } = this.#herd;
    const servers = this.#herd.status();
    const gateways = await gatewaysOf(this.#herd, servers);
    return {
      event: "status",
      servers,
      ...gateways.length > 0 && { gateways },
      ...mode !== undefined && { mode },
      atMs: clock.nowMs(),
    };
  }

  async #places(behaviour: Misbehaviour): Promise<CommandResult> {
    const herd = this.#herd;
    if (behaviour !== "none") return begun(await herd.places(behaviour));
    const faults = await herd.faults.around.placesBehave();
    return { event: "healed", faults };
  }

  async #send(
    server: string,
    line: string,
    signal: AbortSignal,
  ): Promise<CommandResult> {
    await using client = await this.#herd.client(server);
    using late = new Deadline(
      this.#herd.platform.clock,
      REPLY_MS_MAX,
      () => new Error(`No reply from ${server} in ${REPLY_MS_MAX / 1000} s`),
    );
    const ends = AbortSignal.any([signal, late.signal]);
    const text = await abortable(client.send(line), ends);
    return { event: "reply", server, text };
  }

  async #log(
    { server, count, text, follows }: Extract<Command, { kind: "log" }>,
    signal: AbortSignal,
    onPart: ExecuteOptions["onPart"] = () => {},
  ): Promise<CommandResult> {
    const directory = this.#herd.logDirectory;
    if (directory === undefined) {
      throw new Error(`Cannot show the log of ${server}: none is written`);
    }
    const { takesOrders, machines } = this.#herd.world;
    // What was brought prints to this machine.
    if (takesOrders && machines !== undefined) {
      throw new Error(
        `Cannot show the log of ${server}: it is on ` +
          `${machines.machineOf(server)}, if the agent there has --log-dir`,
      );
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
    const found = { event: "log", server, lines } as const;
    if (!follows) return found;
    if (lines.length > 0) onPart(found);
    for await (
      const more of linesToCome(
        this.#herd.platform.clock,
        newer,
        isWanted,
        signal,
      )
    ) {
      if (!signal.aborted) onPart({ ...found, lines: more });
    }
    throw signal.reason;
  }
}

function begun({ id, targets }: FaultHandle): CommandResult {
  return { event: "begun", id, targets };
}
