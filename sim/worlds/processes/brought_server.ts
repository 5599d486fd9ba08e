/**
 * One server that somebody wrote: its program, what becomes of it, and what is
 * told of that.
 *
 * @module
 */
import { type ServerLog, SILENT_LOG } from "../../../herd/net/log.ts";
import { openLog } from "../../../herd/net/log_file.ts";
import type { Timer } from "../../../herd/net/platform.ts";
import { utf8 } from "../../../herd/core/bytes/bytes.ts";
import { type Ask, NoAnswer } from "../ask.ts";
import { inTime } from "../in_time.ts";
import type { Answers, Question } from "../questions.ts";
import type {
  ServerHandle,
  ServerReport,
  ServerStart,
  ServerWatcher,
} from "../world.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { ProgramEvent, ProgramWatcher } from "./guarded.ts";
import { hintOf, lastWordsOf } from "./hints.ts";
import { probe } from "./probe.ts";
import type { RunningProgram } from "./programs.ts";
import type { Switchboard } from "./switchboard.ts";
import type { ToldFixes } from "../../model/told_fixes.ts";

/** From SIGINT to SIGTERM, when a server is to stop. */
const TERM_AFTER_MS = 400;
/** Of what it printed, what is looked at when it ends; Node says much then. */
const LAST_LINES = 32;
/** Of a line, what is told. */
const LINE_CHARACTERS_MAX = 400;

/** How a program came to its end. */
type End = Extract<ProgramEvent, { event: "exit" | "limit" | "lost" }>;

/** What a server has of its world. */
export interface Surroundings {
  readonly told: ToldFixes;
  /** The smallest question that it answers; see `probe`. */
  readonly question: string | undefined;
  readonly exchange: (line: string, signal: AbortSignal) => Promise<string>;
  readonly switchboard: Switchboard;
  /** What its manifest says of it. */
  readonly manifest: Pick<Manifest, "ready" | "stop" | "ports">;
  /** Waits until others reach it, and tells it the lines that it needs. */
  readonly setUp: () => Promise<void>;
  /** It dialled another; how often, if that is too often. */
  readonly onDial: () => number | undefined;
  /** It told another a port that stands in nobody's source. */
  readonly onPortTold: (port: number) => void;
  /** It is ended, for it used too much; how, in words. */
  readonly onLimit: (how: string) => void;
  /** What a client said to it last. */
  readonly lastCommand: () => string | undefined;
  readonly run: (watcher: ProgramWatcher) => RunningProgram;
}

/** One server of them. */
export class BroughtServer implements ServerHandle {
  readonly ask: Ask<Question, Answers>;
  readonly #server: ServerStart;
  readonly #watcher: ServerWatcher;
  readonly #its: Surroundings;
  readonly #log: ServerLog;
  readonly #program: RunningProgram | undefined;
  readonly #lastLines: string[] = [];
  /** Ports that it opened and that do not count. */
  readonly #opened = new Set<number>();
  #end: End | undefined;
  #onStopped: PromiseWithResolvers<void> | undefined;
  #why: string | undefined;
  #term: Timer | undefined;
  #isListening = false;
  #isReady: boolean;
  #isKilled = false;
  #isEnded = false;
  #isStopping = false;

  constructor(
    server: ServerStart,
    watcher: ServerWatcher,
    its: Surroundings,
  ) {
    this.ask = probe({
      ...its,
      server: server.name,
      clock: watcher.clock,
      hasEnded: () => this.#isKilled || !this.#isListening,
    });
    this.#its = its;
    this.#isReady = its.manifest.ready === undefined;
    this.#server = server;
    this.#watcher = watcher;
    const { clock } = watcher;
    const { name, log } = server;
    this.#log = log ? openLog({ clock, server: name, ...log }) : SILENT_LOG;
    try {
      this.#program = its.run({
        onEvent: (event) => this.#hear(event),
        onLine: (line) => this.#print(line),
        onEnd: () => this.#ended(),
      });
    } catch (error) {
      this.#log.close();
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      const why = "python3 is needed, to run it under a guard";
      clock.immediate(() => this.#fail(why));
    }
  }

  #report(report: ServerReport): void {
    if (!this.#isKilled) this.#watcher.onReport(report);
  }

  #fail(why: string): void {
    this.#report({ kind: "start-failed", portInUse: false, why });
  }

  #print(line: string): void {
    this.#log.info("printed", { line: utf8(line) });
    this.#lastLines.push(line);
    if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift();
    const { ready } = this.#its.manifest;
    if (this.#isReady || !line.includes(ready!)) return;
    this.#isReady = true;
    if (this.#isListening) void this.#begin();
  }

  #hear(event: ProgramEvent): void {
    const { event: kind, ...fields } = event;
    if (kind !== "signalled") this.#log.debug(kind, fields);
    switch (event.event) {
      case "dial":
        return this.#dials();
      case "listen":
        return this.#listens(event.asked, event.port);
      case "opened":
        return this.#opens(event.asked);
      case "unroutable":
        return this.#log.warn("unroutable", fields);
      case "port-told":
        return this.#its.onPortTold(event.port);
      case "unstartable":
        return this.#fail(hintOf([event.why]) ?? event.why);
      case "refused":
        if (this.#its.switchboard.isServer(event.host, event.port)) return;
        return this.#log.warn("dial-refused", fields);
      case "signalled":
        return this.#onStopped?.resolve();
      case "limit":
        this.#end ??= event;
        return this.#its.onLimit(exitText(event));
      case "exit":
      case "lost":
        this.#end ??= event;
    }
  }

  #listens(asked: number, port: number): void {
    if (this.#isListening) return;
    const { name } = this.#server;
    const meant = this.#its.switchboard.meant(name, asked);
    if (meant === undefined) return this.#wasNotRewritten(asked);
    if (port !== this.#server.port) {
      this.#fail(
        `it listens on port ${port}, which only of Python and Node can be ` +
          "changed; have it take {port} as an argument, or see --isolate netns",
      );
      return this.kill();
    }
    this.#isListening = true;
    this.#its.switchboard.listens(name, meant);
    if (this.#isReady) void this.#begin();
  }

  /** It opens a port that does not count, unless it is one that it should not. */
  #opens(port: number): void {
    const { name } = this.#server;
    const meant = this.#its.switchboard.meant(name, port);
    if (meant === undefined && port === this.#its.manifest.ports?.[name]) {
      return this.#wasNotRewritten(port);
    }
    this.#opened.add(meant ?? port);
  }

  #wasNotRewritten(port: number): void {
    this.#fail(
      `it listens on port ${port} though its copy names another: what is built ` +
        "must be brought by what builds it (go run .), or have it take {port} " +
        "as an argument",
    );
    this.kill();
  }

  /** It listens, and is ready as far as it can be seen. */
  async #begin(): Promise<void> {
    try {
      await this.#its.setUp();
      this.#report({ kind: "listening" });
    } catch (error) {
      if (this.#isEnded) return;
      const why = error instanceof Error ? error.message : String(error);
      this.#fail(`it can't be told its setup lines: ${why}`);
      this.kill();
    }
  }

  #dials(): void {
    const used = this.#its.onDial();
    if (used !== undefined) this.storms(used);
  }

  /** Messages that no command accounts for are its end. */
  storms(used: number): void {
    if (this.#end !== undefined) return;
    this.#end = { event: "limit", what: "messages", used };
    this.#its.onLimit(exitText(this.#end));
    this.#log.warn("limit", { what: "messages", used });
    this.#program?.signal("SIGKILL");
  }

  #ended(): void {
    this.#isEnded = true;
    this.#its.switchboard.isDown(this.#server.name);
    this.#term?.cancel();
    this.#onStopped?.reject(new NoAnswer(`${this.#server.name} has ended`));
    const why = this.#isStopping
      ? "stopped with the herd"
      : this.#why ?? this.#endText();
    this.#log.info("ended", { why: utf8(why) });
    this.#log.close();
    if (this.#isStopping) this.#report({ kind: "stopped" });
    else this.#report({ kind: "crashed", why });
  }

  /** How it ended, what it said last, and what may be done about it. */
  #endText(): string {
    const words = this.#lastWords;
    const said = words === undefined ? "" : `; ${words}`;
    const hint = hintOf(this.#lastLines);
    const command = this.#its.lastCommand();
    const after = command === undefined ? "" : `, after "${command}"`;
    return exitText(this.#end) + after + (hint ? `: ${hint}` : "") + said;
  }

  heartbeat(): number {
    return 0;
  }

  unready(): string {
    const { name } = this.#server;
    const wanted = this.#its.manifest.ports?.[name];
    const opened = [...this.#opened].join(", ");
    return [
      "",
      ...wanted === undefined ? [] : [
        `its manifest names port ${wanted}, and it opened ${opened || "none"}`,
      ],
      this.#lastWords ?? "it printed nothing",
    ].join("; ");
  }

  /** What it printed last, if it did. */
  get #lastWords(): string | undefined {
    const last = lastWordsOf(this.#lastLines);
    return last === undefined ? undefined : `it printed last: ${cut(last)}`;
  }

  kill(): void {
    this.#isKilled = true;
    this.#its.switchboard.isDown(this.#server.name);
    this.#program?.kill();
  }

  async pause(deadlineMs: number): Promise<void> {
    const { name } = this.#server;
    const { promise } = this.#onStopped = Promise.withResolvers<void>();
    this.#program?.signal("SIGSTOP");
    const { clock } = this.#watcher;
    await inTime(promise, clock, deadlineMs, `${name} did not pause`);
  }

  resume(): void {
    this.#program?.signal("SIGCONT");
  }

  stop(): void {
    this.#isStopping = true;
    this.resume();
    this.#program?.signal(this.#its.manifest.stop ?? "SIGINT");
    this.#term = this.#watcher.clock.after(
      TERM_AFTER_MS,
      () => this.#program?.signal("SIGTERM"),
    );
  }

  crash(why: string): void {
    this.#why = why;
    this.#program?.signal("SIGKILL");
  }
}

/** The beginning of a line: one may fill a screen. */
function cut(line: string): string {
  return line.length <= LINE_CHARACTERS_MAX
    ? line
    : `${line.slice(0, LINE_CHARACTERS_MAX)}…`;
}

const mebibytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MiB`;

/** What used too much, in words. */
const LIMIT_TEXTS: Readonly<
  Record<Extract<End, { event: "limit" }>["what"], (used: number) => string>
> = {
  memoryBytes: (used) => `too much memory: ${mebibytes(used)}`,
  cpuSeconds: (used) => `too much processor time: ${used} s`,
  processes: (used) => `too many processes: ${used}`,
  fileBytes: (used) => `too large a file: ${mebibytes(used)}`,
  printedBytes: (used) => `too much printed: ${mebibytes(used)}`,
  messages: (used) =>
    `too many messages: ${used} to other servers since the last command`,
};

function exitText(end: End | undefined): string {
  if (end === undefined) return "it was killed with its guard";
  if (end.event === "lost") return end.why;
  if (end.event === "limit") return LIMIT_TEXTS[end.what](end.used);
  if ("signal" in end) return `it was ended by ${end.signal}`;
  return `it ended with code ${end.code}`;
}
