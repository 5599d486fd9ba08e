/**
 * The world of servers that somebody brings: any program, in a process of its
 * own, of which nothing is known but what it prints and does. What the ports
 * and hosts become that it names is up to a shim (`shim/`).
 *
 * @module
 */
import { openLog, type ServerLog, SILENT_LOG } from "../../../herd/net/log.ts";
import type {
  Address,
  Connection,
  Platform,
  Timer,
} from "../../../herd/net/platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import { utf8 } from "../../../herd/core/bytes/bytes.ts";
import { type Ask, NoAnswer } from "../ask.ts";
import type { Answers, Question } from "../questions.ts";
import type {
  ServerHandle,
  ServerReport,
  ServerStart,
  ServerWatcher,
  World,
} from "../world.ts";
import { commandFor } from "./command.ts";
import { copyFolder } from "./folder_copy.ts";
import {
  Guarded,
  PROGRAM_LIMITS,
  type ProgramEvent,
  type ProgramLimits,
  type ProgramWatcher,
} from "./guarded.ts";
import { hintOf } from "./hints.ts";
import { probe } from "./probe.ts";
import { type Dialect, SpokenConnection } from "./spoken.ts";
import { type Hosts, Switchboard } from "./switchboard.ts";
import { ToldFixes } from "./told_fixes.ts";

/** What is brought. */
export interface BroughtOptions {
  /** By which servers are asked what they tell clients. */
  readonly platform: Platform;
  /** The words that start a server; see `parseCommand`. */
  readonly command: readonly string[];
  /** The folder that it is to run in. It is copied, and stays as it is. */
  readonly folder: string;
  /** Hosts that it may ask, and which ports of loopback stand for theirs. */
  readonly hosts?: Hosts;
  /** Its environment, beside the little that it keeps of this one. */
  readonly env?: Readonly<Record<string, string>>;
  /** What a server may use, where that is not the default. */
  readonly limits?: Partial<ProgramLimits>;
  /** Hears of each dial to another server; those of a shim only. */
  readonly onDial?: (server: string) => void;
}

/** From SIGINT to SIGTERM, when a server is to stop. */
const TERM_AFTER_MS = 400;
/** Of what it printed, what is told when it crashes. */
const LAST_LINES = 12;

/** The servers that somebody brought. */
export class BroughtWorld implements World, AsyncDisposable {
  readonly name = "servers that were brought";
  readonly sees: World["sees"] = new Set(["answers"]);
  readonly takesOrders = false;
  readonly #options: BroughtOptions;
  readonly #folder: string;
  readonly #switchboard: Switchboard;
  readonly #running = new Set<Guarded>();
  readonly #dialect: Dialect = {};
  readonly #told = new ToldFixes();
  /** By port, what a client said to a server last. */
  readonly #lastCommands = new Map<number, string>();

  private constructor(options: BroughtOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.#switchboard = new Switchboard(`${folder}/shim`, options.hosts ?? {});
  }

  /**
   * Copies the folder, so that servers can be started in it.
   *
   * @throws {RangeError} If it is too large to be one of servers.
   */
  static async open(options: BroughtOptions): Promise<BroughtWorld> {
    const folder = await Deno.makeTempDir({ prefix: "herd-" });
    try {
      await copyFolder(options.folder, `${folder}/copy`);
      return new BroughtWorld(options, folder);
    } catch (error) {
      await Deno.remove(folder, { recursive: true });
      throw error;
    }
  }

  start(server: ServerStart, watcher: ServerWatcher): ServerHandle {
    const { command, env = {}, limits } = this.#options;
    const shim = this.#switchboard.plug(server);
    const { name, hostname: host, port, neighbours: peers } = server;
    const program = {
      command: commandFor(command, { name, host, port, peers }),
      folder: `${this.#folder}/copy`,
      env: { ...env, ...shim.env },
      events: shim.events,
      limits: { ...PROGRAM_LIMITS, ...limits },
    };
    const run = (to: ProgramWatcher) => {
      const guarded = new Guarded(program, to);
      this.#running.add(guarded);
      guarded.ended.then(() => this.#running.delete(guarded));
      return guarded;
    };
    this.#lastCommands.delete(port);
    return new BroughtServer(server, watcher, {
      told: this.#told,
      exchange: (line) =>
        this.#speaking({ hostname: host, port }, this.#options.platform)
          .exchange(line),
      onDial: () => this.#options.onDial?.(name),
      switchboard: this.#switchboard,
      lastCommand: () => this.#lastCommands.get(port),
      run,
    });
  }

  /** A connection that is spoken on as the protocol has it. */
  connect(address: Address, platform: Platform): Promise<Connection> {
    if (!this.#switchboard.isUp(address.port)) {
      throw new Deno.errors.ConnectionRefused("it does not listen");
    }
    return Promise.resolve(this.#speaking(address, platform));
  }

  /**
   * What a server replies to a command, as it came.
   *
   * @throws {Error} If it does not listen, or ends the connection by a reset.
   */
  async ask(
    address: Address,
    platform: Platform,
    line: string,
  ): Promise<string> {
    return await this.#speaking(address, platform).exchange(line);
  }

  #speaking(
    address: Address,
    { clock, network }: Platform,
  ): SpokenConnection {
    return new SpokenConnection(address, {
      clock,
      network,
      dialect: this.#dialect,
      onCommand: (line) => this.#lastCommands.set(address.port, line),
      onReply: (line, reply) => {
        if (/^\s*IAMAT\s/.test(line)) this.#told.acknowledged(reply);
      },
    });
  }

  /** How its servers want to be spoken to, as far as that is known. */
  get dialect(): Readonly<Dialect> {
    return this.#dialect;
  }

  /** The port that a server named for itself; it may listen on another one. */
  askedPort(name: string): number | undefined {
    return this.#switchboard.askedPort(name);
  }

  /** Ends what still runs, and removes the copy. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const guarded of this.#running) guarded.kill();
    await Promise.all([...this.#running].map(({ ended }) => ended));
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** What a server has of its world. */
interface Surroundings {
  readonly told: ToldFixes;
  readonly exchange: (line: string) => Promise<string>;
  readonly switchboard: Switchboard;
  readonly onDial: () => void;
  /** What a client said to it last. */
  readonly lastCommand: () => string | undefined;
  readonly run: (watcher: ProgramWatcher) => Guarded;
}

/** One server of them. */
class BroughtServer implements ServerHandle {
  readonly ask: Ask<Question, Answers>;
  readonly #server: ServerStart;
  readonly #watcher: ServerWatcher;
  readonly #switchboard: Switchboard;
  readonly #lastCommand: Surroundings["lastCommand"];
  readonly #onDial: () => void;
  readonly #log: ServerLog;
  readonly #guarded: Guarded | undefined;
  readonly #lastLines: string[] = [];
  #end: Extract<ProgramEvent, { event: "exit" | "limit" }> | undefined;
  #onStopped: PromiseWithResolvers<void> | undefined;
  #why: string | undefined;
  #term: Timer | undefined;
  #isListening = false;
  #isKilled = false;
  #isStopping = false;

  constructor(
    server: ServerStart,
    watcher: ServerWatcher,
    { switchboard, onDial, lastCommand, run, told, exchange }: Surroundings,
  ) {
    this.ask = probe({
      server: server.name,
      clock: watcher.clock,
      told,
      exchange,
      hasEnded: () => this.#isKilled || !this.#isListening,
    });
    this.#onDial = onDial;
    this.#server = server;
    this.#watcher = watcher;
    this.#switchboard = switchboard;
    this.#lastCommand = lastCommand;
    const { clock } = watcher;
    const { name, log } = server;
    this.#log = log ? openLog({ clock, server: name, ...log }) : SILENT_LOG;
    try {
      this.#guarded = run({
        onEvent: (event) => this.#hear(event),
        onLine: (line) => this.#print(line),
        onEnd: () => this.#ended(),
      });
    } catch (error) {
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
  }

  #hear(event: ProgramEvent): void {
    const { event: kind, ...fields } = event;
    if (kind !== "signalled") this.#log.debug(kind, fields);
    switch (event.event) {
      case "dial":
        return this.#onDial();
      case "listen":
        return this.#listens(event.asked, event.port);
      case "unstartable":
        return this.#fail(event.why);
      case "refused":
        if (this.#switchboard.isServer(event.host, event.port)) return;
        return this.#log.warn("dial-refused", fields);
      case "signalled":
        return this.#onStopped?.resolve();
      case "exit":
      case "limit":
        this.#end ??= event;
    }
  }

  #listens(asked: number, port: number): void {
    if (this.#isListening) return;
    if (port !== this.#server.port) {
      this.#fail(
        `it listens on port ${port}, which only of Python and Node can be ` +
          "changed; have it take {port} as an argument",
      );
      return this.kill();
    }
    this.#isListening = true;
    this.#switchboard.listens(this.#server.name, asked);
    this.#report({ kind: "listening" });
  }

  #ended(): void {
    this.#switchboard.isDown(this.#server.name);
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
    const lines = this.#lastLines;
    const last = lines.findLast((line) => line.trim() !== "");
    const said = last === undefined ? "" : `; it printed last: ${last.trim()}`;
    const hint = hintOf(lines);
    const command = this.#lastCommand();
    const after = command === undefined ? "" : `, after "${command}"`;
    return exitText(this.#end) + after + (hint ? `: ${hint}` : "") + said;
  }

  heartbeat(): number {
    return 0;
  }

  kill(): void {
    this.#isKilled = true;
    this.#switchboard.isDown(this.#server.name);
    this.#guarded?.kill();
  }

  async pause(deadlineMs: number): Promise<void> {
    const { name } = this.#server;
    const stopped = this.#onStopped = Promise.withResolvers<void>();
    const why = `${name} did not pause within ${deadlineMs} ms`;
    using late = new Deadline(
      this.#watcher.clock,
      deadlineMs,
      new NoAnswer(why),
    );
    late.signal.addEventListener(
      "abort",
      () => stopped.reject(late.signal.reason),
    );
    this.#guarded?.signal("SIGSTOP");
    await stopped.promise;
  }

  resume(): void {
    this.#guarded?.signal("SIGCONT");
  }

  stop(): void {
    this.#isStopping = true;
    this.resume();
    this.#guarded?.signal("SIGINT");
    this.#term = this.#watcher.clock.after(
      TERM_AFTER_MS,
      () => this.#guarded?.signal("SIGTERM"),
    );
  }

  crash(why: string): void {
    this.#why = why;
    this.#guarded?.signal("SIGKILL");
  }
}

function exitText(
  end: Extract<ProgramEvent, { event: "exit" | "limit" }> | undefined,
): string {
  if (end === undefined) return "it was killed with its guard";
  if (end.event === "limit") return `too much ${end.what}: ${end.used}`;
  if ("signal" in end) return `it was ended by ${end.signal}`;
  return `it ended with code ${end.code}`;
}
