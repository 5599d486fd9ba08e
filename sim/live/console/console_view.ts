/**
 * The output of the console: text for people, or JSON for programs.
 *
 * @module
 */
import { readable } from "../../../herd/core/bytes/bytes.ts";
import { settingsWords } from "../../model/steps/link_faults.ts";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { LinkStats } from "../../../herd/net/account.ts";
import { count } from "../../model/count.ts";
import { formatDuration } from "../../model/duration.ts";
import { stateText } from "../../model/lifecycle.ts";
import type { ProcessFault } from "../../model/steps/server_faults.ts";
import { clockText } from "../commands/clock_text.ts";
import { logText } from "../commands/log_text.ts";
import { agoText, type Columns, headedTable, type Paint } from "./tables.ts";
import { statusText } from "./status_text.ts";
import type { CommandResult } from "../commands/result.ts";
import { visible, visibleJson } from "../../../herd/core/bytes/visible.ts";
import type { HerdEvent } from "../../model/events.ts";
import type { FaultRecord } from "../faults/fault_book.ts";
import type { ServerStatus } from "../servers/status.ts";

export interface HerdFacts {
  readonly topology: string;
  /** How updates are disseminated; absent where that is not known. */
  readonly mode?: DisseminationMode;
  readonly servers: readonly Pick<
    ServerStatus,
    "name" | "hostname" | "port" | "ways" | "neighbours"
  >[];
  /**
   * The process to signal; a launcher in front of it may not pass signals on.
   */
  readonly pid: number;
  readonly tookMs: number;
  /** The folder of this run, if it has one. */
  readonly run?: string;
  /**
   * The path of a certificate that TLS clients have to trust, with TLS only.
   */
  readonly trust?: string;
  /** The address of the live page with its token, if it is served. */
  readonly page?: string;
}

export interface ConsoleView {
  /** The herd is up; comes first. */
  ready(facts: HerdFacts): void;
  event(event: HerdEvent): void;
  result(result: CommandResult): void;
  /** A command takes long, and can be interrupted. */
  waiting(command: string): void;
  problem(message: string): void;
  /** A remark about servers that were brought. */
  note(text: string): void;
  /** The herd is stopping; comes last. */
  stopping(): void;
}

/** Prints whole lines. */
export type Print = (text: string) => void;

const DONE: Readonly<Record<ProcessFault, string>> = {
  kill: "killed",
  wipe: "killed, its disk wiped",
  crash: "crashed",
  revive: "revived",
  restart: "restarted",
  pause: "paused",
  resume: "resumed",
};

/**
 * The text for an event; `undefined` for one that users need not see, such as a
 * sync without a difference.
 */
function eventText(event: HerdEvent): string | undefined {
  switch (event.kind) {
    case "state":
      return `${event.server} ${stateText(event.state)}` +
        (event.isAsked
          ? ", as it was told to"
          : event.why === undefined
          ? ""
          : `: ${event.why}`);
    case "link-up":
      return `${event.server}: link to ${event.peer} is up`;
    case "link-down":
      return `${event.server}: link to ${event.peer} is down: ${event.why}`;
    case "link-refused":
      return isToldOf(event.failures)
        ? `${event.server}: its dial to ${event.peer} got no link` +
          `${timesText(event.failures)}: ${event.why}, ` +
          `the answer was ${JSON.stringify(event.answer)}`
        : undefined;
    case "dial-failed":
      // When two servers dial each other, one dial may fail.
      return event.failures > 1 && isToldOf(event.failures)
        ? `${event.server}: dial to ${event.peer} failed` +
          `${timesText(event.failures)}: ${event.why}`
        : undefined;
    case "synced":
      return event.sent + event.wanted === 0
        ? undefined
        : `${event.server}: synced with ${event.peer}, ` +
          `${count(event.sent, "record")} sent, ${event.wanted} asked for`;
    case "sync-repair":
      return `${event.server}: does not hold what ${event.peer} holds, ` +
        "and syncs with it";
    case "line-unfinished":
      return `${event.server}: a client waits for a reply, but its line has ` +
        `no end: ${JSON.stringify(event.head)} (a line ends with a line feed)`;
    case "time-ahead":
      return `${event.server}: the time of ${readable(event.client)} is ` +
        `${daysText(event.aheadMs)} ahead of the clock, and until then ` +
        "nothing true replaces its fix (--future-max refuses such)";
    case "restart-limit":
      return `${event.server} stays down: more than ` +
        `${count(event.restarts, "restart")} in ${event.periodMs / 1000} s`;
    case "backoff":
      return `${event.server} is restarted in ${formatDuration(event.delayMs)}`;
    case "restart":
      return `${event.server} is restarted: ` +
        `${count(event.restarts, "restart")} by now`;
    case "fault-begin":
      return `${event.id} begins on ${event.targets.join(", ") || "nothing"}` +
        settingsText(event.fault, event.settings);
    case "fault-part-end":
      return `${event.id} has ended in part: ` +
        `it is still on ${event.left.join(", ")}`;
    case "fault-end":
      return `${event.id} has ended` +
        (event.touched === 0 ? ", and had no effect" : "");
    case "connections-capped":
      return `each server takes ${event.each} clients, not ${event.asked}: ` +
        `the process may have ${event.descriptors} descriptors (ulimit -n)`;
    case "start-again":
      return `port ${event.port} of ${event.server} is another program's: ` +
        "all servers are started again, on other ports";
    case "places-ready":
      return `places are served at ${event.base}`;
  }
}

const DAY_MS = 86_400_000;

function daysText(ms: number): string {
  return count(Math.floor(ms / DAY_MS), "day");
}

/** Whether the nth occurrence in a row is reported: less and less often. */
function isToldOf(times: number): boolean {
  return Number.isInteger(Math.log2(times));
}

function timesText(times: number): string {
  return times === 1 ? "" : ` ${times} times`;
}

/** A fault's ID, and what it is still on if it was healed in part. */
function healedText({ id, left }: FaultRecord): string {
  return left.length === 0 ? id : `${id} in part (still on ${left.join(", ")})`;
}

/** The settings of a fault in brackets; empty if it has none. */
export function settingsText(
  kind: string,
  settings?: Readonly<Record<string, string | number>>,
): string {
  const words = settingsWords(kind, settings);
  return words === "" ? "" : ` (${words})`;
}

/** Output for people. Colour is for terminals. */
export function textView(print: Print, color: boolean): ConsoleView {
  const paint = (text: string, code: number) =>
    color ? `\x1b[${code}m${text}\x1b[0m` : text;
  // Text from the wire must not control the terminal.
  const say = (text: string) => print(visible(text));
  return {
    ready: (facts) => print(readyText(facts, paint)),
    event(event) {
      const text = eventText(event);
      if (text === undefined) return;
      print(paint(visible(`${clockText(event.atMs)}  ${text}`), 2));
    },
    result: (result) => print(resultText(result, paint)),
    waiting: (command) => say(`waiting: ${command} (Ctrl-C stops waiting)`),
    problem: say,
    note: say,
    stopping: () => print("stopping"),
  };
}

/** A result as text. Control characters from the wire are escaped. */
export function resultText(
  result: CommandResult,
  paint: Paint = (text) => text,
): string {
  switch (result.event) {
    case "status":
      return statusText(result, paint);
    case "done": {
      const { command, server, tookMs } = result;
      return `${server} ${DONE[command]} in ${tookMs.toFixed(0)} ms`;
    }
    case "begun": {
      const { id, targets } = result;
      return visible(`${id} is on ${targets.join(", ") || "nothing"}`);
    }
    case "healed":
      return visible(
        result.faults.length === 0
          ? "no fault has ended"
          : `healed ${result.faults.map(healedText).join(", ")}`,
      );
    case "reset": {
      const { targets, connections } = result;
      const touched = count(connections, "connection");
      return visible(`reset ${touched} of ${targets.join(", ")}`);
    }
    case "faults":
      return faultsText(result.faults, paint);
    case "reply":
      return visible(result.text);
    case "records":
      return visible(result.records.join("\n") || "no records");
    case "counters":
      return countersText(result, paint);
    case "log":
      return visible(
        result.lines.map(logText).join("\n") ||
          `nothing is found in the log of ${result.server}`,
      );
    case "help":
      return result.text;
    case "stopping":
      return "stopping";
  }
}

function readyText(facts: HerdFacts, paint: Paint): string {
  const { servers, topology, mode, tookMs, trust, page } = facts;
  const links = servers.reduce((n, one) => n + one.neighbours.length, 0) / 2;
  const columns: Columns<HerdFacts["servers"][number]> = {
    server: ({ name }) => name,
    address: ({ hostname, port }) => `${hostname}:${port}`,
    ...servers.some(({ ways }) => ways !== undefined) && {
      "also by": ({ ways = {} }) =>
        Object.entries(ways).map((way) => way.join(" ")).join(", "),
    },
    neighbours: ({ neighbours }) => neighbours.join(", "),
  };
  return [
    `${topology} is up: ${count(servers.length, "server")}, ` +
    `${count(links, "link")}, ${mode === undefined ? "" : `mode ${mode}, `}` +
    `in ${(tookMs / 1000).toFixed(1)} s`,
    "",
    headedTable(servers, columns, paint),
    "",
    ...trust === undefined ? [] : [`clients by tls trust: ${trust}`, ""],
    ...page === undefined ? [] : [`page: ${page}`, ""],
  ].join("\n");
}

function countersText(
  { server, stats, atMs }: Extract<CommandResult, { event: "counters" }>,
  paint: Paint,
): string {
  const columns: Columns<LinkStats> = {
    link: ({ peer }) => `${server}-${peer}`,
    state: ({ isUp }) => isUp ? "up" : "down",
    "lines in": ({ linesIn }) => String(linesIn),
    "lines out": ({ linesOut }) => String(linesOut),
    "bytes in": ({ bytesIn }) => String(bytesIn),
    "bytes out": ({ bytesOut }) => String(bytesOut),
    waiting: ({ queued }) => String(queued),
    longest: ({ waitedS }) => `${waitedS} s`,
    "last sync": ({ lastSyncMs }) =>
      lastSyncMs === null ? "never" : agoText(atMs - lastSyncMs),
    repairs: ({ repairs }) => String(repairs),
  };
  return [
    `${count(stats.clients, "client")} connected, ` +
    `${count(stats.records, "record")} held; since its start ` +
    `${count(stats.stored, "update")} stored, ` +
    `${count(stats.bytesIn, "byte")} read, ${stats.bytesOut} written; ` +
    `${count(stats.queued, "update")} waiting for a neighbour`,
    headedTable(stats.byLink, columns, paint),
  ].join("\n");
}

function faultsText(faults: readonly FaultRecord[], paint: Paint): string {
  if (faults.length === 0) return "no active faults";
  return headedTable(faults, {
    fault: ({ id }) => visible(id),
    on: ({ targets }) => targets.join(", "),
    settings: ({ fault, settings }) => settingsWords(fault, settings),
  }, paint);
}

/**
 * Output for programs: each event and result is a line of JSON with an `event`.
 */
export function jsonView(print: Print): ConsoleView {
  const tell = (event: string, fields: object = {}) =>
    print(visibleJson({ event, ...fields }));
  return {
    ready: (facts) => tell("ready", facts),
    event: ({ kind, ...fields }) => tell(kind, fields),
    result: (result) => print(visibleJson(result)),
    waiting: (command) => tell("waiting", { command }),
    problem: (message) => tell("error", { message }),
    note: (text) => tell("note", { text }),
    stopping: () => tell("stopping"),
  };
}
