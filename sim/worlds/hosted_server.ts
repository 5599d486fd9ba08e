/**
 * Runs a server of this project in its own thread or process, and answers the
 * questions of its world.
 *
 * @module
 */
import { type DiskTrouble, NO_TROUBLE } from "../model/faults/disk_trouble.ts";
import { TroubledDisk } from "./troubled_disk.ts";
import type { ServerEvent } from "../../herd/core/server_event.ts";
import type { ServerTrace } from "../../herd/net/account.ts";
import {
  DenoClock,
  denoPlatformBy,
  type Timers,
} from "../../herd/net/deno_platform.ts";
import type { ServerLog } from "../../herd/net/log.ts";
import defer * as logs from "../../herd/net/log_file.ts";
import type { Platform } from "../../herd/net/platform.ts";
import { Server } from "../../herd/net/server.ts";
import type { ServerOptions } from "../../herd/net/server_options.ts";
import { NO_SKEW, type Skew, skewedMs } from "../model/faults/skew.ts";
import defer * as traces from "../model/trace.ts";
import type { Answers, Holding, Question } from "./questions.ts";
import { type ServerReport, type ServerStart, tracedPeers } from "./world.ts";

/**
 * A server tells its clients the time by the system's clock, or a skewed one.
 */
class SkewedClock extends DenoClock {
  skew: Skew = NO_SKEW;

  override wallMs(): number {
    const { offsetMs, driftPpm } = this.skew;
    const isRight = offsetMs === 0 && driftPpm === 0;
    const wallMs = super.wallMs();
    return isRight ? wallMs : skewedMs(this.skew, wallMs, this.nowMs());
  }
}

/** A machine that runs a server, with faults of its clock and disk. */
export interface ServerMachine {
  /** What the server runs on. */
  readonly platform: Platform;
  /** By how much its wall clock is wrong. */
  skew: Skew;
  /** How its disk fails. */
  trouble: DiskTrouble;
  /**
   * The time by the world's clock, for what is observed on it: what happens on
   * several machines can be put in order by no other.
   */
  observedMs(): number;
}

/** This machine, with a clock that agrees with the world's. */
class OwnMachine implements ServerMachine {
  readonly platform: Platform;
  readonly #clock: SkewedClock;
  readonly #disk: TroubledDisk;

  constructor({ originMs, timers }: HostOptions) {
    this.#clock = new SkewedClock(originMs, timers);
    const machine = denoPlatformBy(this.#clock);
    this.#disk = new TroubledDisk(machine.disk!, this.#clock);
    this.platform = { ...machine, disk: this.#disk };
  }

  get trouble(): DiskTrouble {
    return this.#disk.trouble;
  }

  set trouble(trouble: DiskTrouble) {
    this.#disk.trouble = trouble;
  }

  get skew(): Skew {
    return this.#clock.skew;
  }

  set skew(skew: Skew) {
    this.#clock.skew = skew;
  }

  observedMs(): number {
    return this.#clock.nowMs();
  }
}

/** What a server can report itself; a crash is reported by others. */
export type OwnReport = Exclude<ServerReport, { kind: "crashed" }>;

/** How a server is run. */
export interface HostOptions {
  /** The origin of its clock, so that it agrees with the world's. */
  readonly originMs?: number;
  /** What sets its timers, and those of its log; the runtime by default. */
  readonly timers?: Timers;
  /** What it runs on; this machine by default. */
  readonly machine?: ServerMachine;
  /** Bytes of its heap in use; those of this thread by default. */
  readonly heapBytes?: () => number;
  /** Called with an uncaught error; by default the error ends the thread. */
  readonly onBug?: (error: unknown) => void;
  /** The memory for its trace; see `TraceWriter`. */
  readonly trace?: traces.TraceMemory | undefined;
  /** Called with each report. */
  readonly report: (report: OwnReport) => void;
}

/** What there is of a server that has started. */
interface Hosted {
  readonly server: Server;
  readonly machine: ServerMachine;
  readonly neighbours: readonly string[];
  readonly log: ServerLog | undefined;
  readonly heapBytes: () => number;
}

/** One server, from its start to its end. */
export class HostedServer {
  readonly #its: Hosted;

  private constructor(its: Hosted) {
    this.#its = its;
  }

  /** Starts a server, and reports that it listens, or why it can't. */
  static async start(
    { trace: _, log, skew, trouble = NO_TROUBLE, ...rest }: ServerStart,
    host: HostOptions,
  ): Promise<HostedServer | undefined> {
    const { machine = new OwnMachine(host) } = host;
    const { heapBytes = () => Deno.memoryUsage().heapUsed } = host;
    const { trace, report, onBug, timers } = host;
    machine.skew = skew ?? NO_SKEW;
    machine.trouble = trouble;
    const { clock } = machine.platform;
    const neighbours = tracedPeers(rest);
    const writer = trace && new traces.TraceWriter(neighbours, trace);
    const options: ServerOptions = {
      ...rest,
      platform: machine.platform,
      ...onBug && { onBug },
      ...log && {
        log: logs.openLog({
          clock,
          server: rest.name,
          ...timers && { timers },
          ...log,
        }),
      },
      onEvent: (event: ServerEvent) => {
        const atMs = machine.observedMs();
        writer?.event(event, atMs);
        report({ kind: "event", atMs, event });
      },
      ...writer && { trace: traceInto(writer, machine) },
    };
    try {
      const server = await Server.start(options);
      report({ kind: "listening" });
      const { log } = options;
      return new HostedServer({ server, machine, neighbours, log, heapBytes });
    } catch (error) {
      options.log?.close();
      report({
        kind: "start-failed",
        portInUse: error instanceof Deno.errors.AddrInUse,
        why: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  }

  /** Stops it in good order. */
  async stop(): Promise<void> {
    await this.#its.server.stop();
  }

  /** It was ended by force: closes its log, so that nothing logged is lost. */
  abandon(): void {
    this.#its.log?.close();
  }

  /** Answers a question, or carries out an order. */
  async answer(
    question: Question,
    signal: AbortSignal,
  ): Promise<Answers[keyof Answers]> {
    const { server, machine, heapBytes } = this.#its;
    switch (question.ask) {
      case "stats":
        return { ...server.stats(), heapBytes: heapBytes() };
      case "digest":
        await server.whenTidy();
        return { ...server.digest(), atMs: machine.observedMs() };
      case "records":
        return server.records();
      case "record":
        return await server.record(question.client);
      case "held":
        return await this.#held(question.at, signal);
      case "readdress":
        server.readdress(question.neighbour);
        return null;
      case "redial":
        return await server.redial(question.peer, question.why);
      case "trace":
        this.#trace(question.memory);
        return null;
      case "skew":
        machine.skew = question.skew;
        return null;
      case "trouble":
        machine.trouble = question.trouble;
        return null;
    }
  }

  #trace(memory: SharedArrayBuffer | undefined): void {
    const { server, machine, neighbours } = this.#its;
    const writer = memory && new traces.TraceWriter(neighbours, memory, true);
    server.trace(writer && traceInto(writer, machine));
  }

  async #held(at: string, signal: AbortSignal): Promise<Holding> {
    const { server, machine } = this.#its;
    const askedMs = machine.observedMs();
    if (server.holds(at)) return { askedMs, atMs: askedMs };
    await server.whenHeld(at, signal);
    const atMs = machine.observedMs();
    return { askedMs, atMs, lackedMs: atMs };
  }
}

/** Records into memory that outlives the server. */
function traceInto(
  writer: traces.TraceWriter,
  machine: ServerMachine,
): ServerTrace {
  return {
    connection: (peer, connection, isOpen) =>
      writer.connection(peer, connection, isOpen, machine.observedMs()),
    delivered: (fix, from, isNew, number) =>
      writer.delivered(fix, from, isNew, number, machine.observedMs()),
    sent: (fix, to, number) =>
      writer.sent(fix, to, number, machine.observedMs()),
    wrote: (command, lines, to, number) =>
      writer.control(command, lines, to, number, machine.observedMs()),
    unanswered: (client, links) =>
      writer.unanswered(client, links, machine.observedMs()),
  };
}
