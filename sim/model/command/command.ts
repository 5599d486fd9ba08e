/**
 * The commands of a herd's prompt.
 *
 * @module
 */
import { hinted } from "../suggest.ts";
import type { CommandHelp } from "../steps/kind.ts";
import {
  FAULT_COMMANDS,
  type FaultCommand,
  isFaultCommand,
  numberForms,
  type ServersCommand,
} from "./command_faults.ts";

export type Command =
  | { readonly kind: "status" | "quit" }
  | ServersCommand
  | { readonly kind: "records" | "counters"; readonly server: string }
  | {
    readonly kind: "send";
    readonly server: string;
    /** The line as it was typed, including white space. */
    readonly line: string;
  }
  | {
    readonly kind: "log";
    readonly server: string;
    /** Number of lines to show, counted from the end. */
    readonly count: number;
    /** Text that shown lines must contain. */
    readonly text?: string;
    /** Whether to show new lines as they are logged. */
    readonly follows?: boolean;
  }
  | { readonly kind: "help"; readonly about?: CommandName }
  | FaultCommand;

export type CommandName = Command["kind"];

/** A command, or why a line is not one. */
export type ParsedCommand =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly why: string };

const LOG_LINES = 10;
const LOG_LINES_MAX = 10_000;

export const COMMANDS: Readonly<Record<CommandName, CommandHelp>> = {
  status: {
    usage: "status",
    does: "show every server: address, state, restarts, links",
  },
  ...FAULT_COMMANDS,
  send: {
    usage: "send <server> <line>",
    first: "servers",
    does: "send a line to a server as a client, and show the reply",
    examples: [
      "send Alford IAMAT kiwi +34.068930-118.445127 1621464827.95",
      "send Hamilton WHATSAT kiwi 10 5",
    ],
  },
  records: {
    usage: "records <server>",
    first: "servers",
    does: "what it holds: the AT line of each client",
  },
  counters: {
    usage: "counters <server>",
    first: "servers",
    does: "what it has received and sent since its start, in all and by link",
  },
  log: {
    usage: "log [-f] <server> [lines] [text]",
    first: "servers",
    does: `show the last lines of a server's log, ${LOG_LINES} by default`,
    more: [
      "With a text, only the lines that contain it. With -f, also shows new lines",
      "as they are written, until Ctrl-C.",
    ],
    examples: ["log Alford 50", "log Alford kiwi", "log -f Alford line-in"],
  },
  help: {
    usage: "help [command]",
    does: "list the commands, or explain one; ? does the same",
  },
  quit: {
    usage: "quit",
    does: "stop all servers, and leave; exit does the same",
  },
};

const NAMES = Object.keys(COMMANDS) as CommandName[];

const ALIASES: ReadonlyMap<string, CommandName> = new Map([
  ["?", "help"],
  ["exit", "quit"],
]);

function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

function bad(why: string): ParsedCommand {
  return { ok: false, why };
}

function unknown(
  what: string,
  word: string,
  known: readonly string[],
): ParsedCommand {
  return bad(hinted(`no ${what} "${word}"`, word, known));
}

function usage(name: CommandName): ParsedCommand {
  const { usage } = COMMANDS[name];
  return bad(`usage: ${usage}${numberForms(usage)}`);
}

/**
 * The command that `text` stands for, in a herd of these servers; `undefined`
 * for white space only.
 *
 * @example
 * ```ts
 * import { parseCommand } from "./command.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseCommand("kill Powel", ["Parker", "Powell"]), {
 *   ok: false,
 *   why: 'no server "Powel", did you mean Powell?',
 * });
 * ```
 */
export function parseCommand(
  text: string,
  servers: readonly string[],
): ParsedCommand | undefined {
  const [word, ...rest] = text.split(/[ \t]+/).filter((word) => word !== "");
  if (word === undefined) return undefined;
  const name = ALIASES.get(word) ?? word;
  if (!isCommandName(name)) return unknown("command", name, NAMES);
  if (name === "status" || name === "quit") {
    return rest.length > 0
      ? usage(name)
      : { ok: true, command: { kind: name } };
  }
  if (name === "help") return parseHelp(rest);
  if (isFaultCommand(name)) {
    const command = FAULT_COMMANDS[name].read(rest);
    return command ? { ok: true, command } : usage(name);
  }
  const follows = name === "log" && rest[0] === "-f";
  if (follows) rest.shift();
  const server = rest[0];
  if (server === undefined) return usage(name);
  if (!servers.includes(server)) {
    return unknown("server", server, servers);
  }
  if (name === "send") return parseSend(server, text);
  if (name === "log") return parseLog(server, rest.slice(1), follows);
  return rest.length > 1
    ? usage(name)
    : { ok: true, command: { kind: name, server } };
}

function parseHelp(rest: string[]): ParsedCommand {
  const [word] = rest;
  if (rest.length > 1) return usage("help");
  if (word === undefined) return { ok: true, command: { kind: "help" } };
  const about = ALIASES.get(word) ?? word;
  return isCommandName(about)
    ? { ok: true, command: { kind: "help", about } }
    : unknown("command", word, NAMES);
}

function parseSend(server: string, text: string): ParsedCommand {
  const line = /^[ \t]*send[ \t]+[^ \t]+[ \t]([^]*)$/.exec(text)?.[1] ?? "";
  // A server never answers an empty line, so the reply would not come.
  return /[^ \t\r\f\v]/.test(line)
    ? { ok: true, command: { kind: "send", server, line } }
    : usage("send");
}

function parseLog(
  server: string,
  [digits, ...words]: string[],
  follows: boolean,
): ParsedCommand {
  const isCount = digits !== undefined && /^-?\d+$/.test(digits);
  if (!isCount && digits !== undefined) words.unshift(digits);
  const count = isCount ? Number(digits) : LOG_LINES;
  if (count < 1 || count > LOG_LINES_MAX) {
    return bad(`"${digits}" is no number of lines from 1 to ${LOG_LINES_MAX}`);
  }
  const text = words.join(" ");
  const options = { ...text !== "" && { text }, ...follows && { follows } };
  return { ok: true, command: { kind: "log", server, count, ...options } };
}

/**
 * Completions for `text`: the possible forms of its last word, and that word.
 * The links are those that a fault can be put on.
 *
 * @example
 * ```ts
 * import { completeCommand } from "./command.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(completeCommand("kill P", ["Alford", "Parker", "Powell"]), [
 *   ["Parker ", "Powell "],
 *   "P",
 * ]);
 * ```
 */
export function completeCommand(
  text: string,
  servers: readonly string[],
  links: readonly string[] = [],
): [completions: string[], word: string] {
  const words = text.trimStart().split(/[ \t]+/);
  const word = words.at(-1)!;
  const name = words[0]!;
  return [
    following(name, words.length, servers, links)
      .filter((one) => one.startsWith(word)).map((one) => `${one} `),
    word,
  ];
}

/** Possible values of word number `position` of the command `name`, from 1. */
function following(
  name: string,
  position: number,
  servers: readonly string[],
  links: readonly string[],
): readonly string[] {
  if (position === 1) return NAMES;
  if (!isCommandName(name)) return [];
  if (position === 2 && name === "help") return NAMES;
  if (position === 3 && name === "send") return ["IAMAT", "WHATSAT"];
  if (position === 3 && name === "log") return servers;
  const { first = [] } = COMMANDS[name];
  if (position !== 2) return [];
  return first === "links" ? links : first === "servers" ? servers : first;
}
