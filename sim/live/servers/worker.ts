/**
 * The worker of one server. It waits for its start message, runs the server,
 * answers what the supervisor asks and passes on what the server reports.
 *
 * @module
 */
import { DenoClock, denoPlatformBy } from "../../../herd/net/deno_platform.ts";
import { openLog } from "../../../herd/net/log.ts";
import type { Clock } from "../../../herd/net/platform.ts";
import type { ServerTrace } from "../../../herd/net/account.ts";
import { Server } from "../../../herd/net/server.ts";
import type { ServerOptions } from "../../../herd/net/server_options.ts";
import { TraceWriter } from "../../model/trace.ts";
import { NO_SKEW, type Skew, skewedMs } from "../../model/faults/skew.ts";
import { alignedOrigin } from "../thread_clock.ts";
import type {
  Answers,
  FromWorker,
  Holding,
  Question,
  StartMessage,
  ToWorker,
} from "./wire.ts";

/** A worker's own side of its message port, which the DOM types leave out. */
interface Port {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker): void;
}

const port = globalThis as unknown as Port;

/** A server tells its clients the time by the system's clock, or by a skewed one. */
class SkewedClock extends DenoClock {
  skew: Skew = NO_SKEW;

  override wallMs(): number {
    const { offsetMs, driftPpm } = this.skew;
    const isRight = offsetMs === 0 && driftPpm === 0;
    const wallMs = super.wallMs();
    return isRight ? wallMs : skewedMs(this.skew, wallMs, this.nowMs());
  }
}

/** Runs one server for the supervisor at the other end of the port. */
class ServerWorker {
  #server: Server | undefined;
  #pauseFlag: Int32Array | undefined;
  #clock = new SkewedClock();
  #neighbours: readonly string[] = [];
  readonly #asked = new Map<number, AbortController>();

  handle(message: ToWorker): void {
    switch (message.kind) {
      case "start":
        return void this.#start(message);
      case "ping":
        return port.postMessage({ kind: "pong" });
      case "pause":
        return this.#pause();
      case "stop":
        return void this.#stop();
      case "crash":
        return this.#crash(message.why);
      case "ask":
        return void this.#answer(message.id, message.question);
      case "forget":
        return this.#asked.get(message.id)?.abort();
    }
  }

  async #start(message: StartMessage): Promise<void> {
    const { kind: _, pauseFlag, clock, log, trace, skew, ...rest } = message;
    this.#pauseFlag = new Int32Array(pauseFlag);
    const originMs = alignedOrigin(clock, (it) => port.postMessage(it));
    const itsClock = this.#clock = new SkewedClock(originMs);
    itsClock.skew = skew ?? NO_SKEW;
    this.#neighbours = rest.neighbours.map((neighbour) => neighbour.name);
    const writer = trace && new TraceWriter(this.#neighbours, trace);
    const options: ServerOptions = {
      ...rest,
      platform: denoPlatformBy(itsClock),
      ...log && {
        log: openLog({ clock: itsClock, server: rest.name, ...log }),
      },
      onEvent: (event) => {
        const atMs = itsClock.nowMs();
        writer?.event(event, atMs);
        port.postMessage({ kind: "event", atMs, event });
      },
      ...writer && { trace: traceInto(writer, itsClock) },
    };
    try {
      this.#server = await Server.start(options);
      port.postMessage({ kind: "listening", port: this.#server.port });
    } catch (error) {
      options.log?.close();
      port.postMessage({
        kind: "start-failed",
        portInUse: error instanceof Deno.errors.AddrInUse,
        why: messageOf(error),
      });
    }
  }

  /** Sleeps, sockets and timers and all, until the supervisor clears the flag. */
  #pause(): void {
    port.postMessage({ kind: "paused" });
    if (this.#pauseFlag) Atomics.wait(this.#pauseFlag, 0, 1);
  }

  /** Throws what nothing catches. Its stack would only lead here. */
  #crash(why: string): never {
    throw Object.assign(new Error(why), { stack: "" });
  }

  async #stop(): Promise<void> {
    for (const asked of this.#asked.values()) asked.abort();
    await this.#server?.stop();
    port.postMessage({ kind: "stopped" });
  }

  async #answer(id: number, question: Question): Promise<void> {
    try {
      const answer = await this.#find(id, question);
      port.postMessage({ kind: "answer", id, answer });
    } catch (error) {
      port.postMessage({ kind: "no-answer", id, why: messageOf(error) });
    }
  }

  async #find(
    id: number,
    question: Question,
  ): Promise<Answers[keyof Answers]> {
    const server = this.#server;
    if (!server) throw new Error("The server has not started");
    switch (question.ask) {
      case "stats":
        return server.stats();
      case "digest":
        await server.whenTidy();
        return { ...server.digest(), atMs: this.#clock.nowMs() };
      case "records":
        return server.records();
      case "record":
        return await server.record(question.client);
      case "held":
        return await this.#held(server, id, question.at);
      case "readdress":
        server.readdress(question.neighbour);
        return null;
      case "redial":
        return await server.redial(question.peer, question.why);
      case "trace":
        this.#trace(server, question.memory);
        return null;
      case "skew":
        this.#clock.skew = question.skew;
        return null;
    }
  }

  #trace(server: Server, memory: SharedArrayBuffer | undefined): void {
    const writer = memory && new TraceWriter(this.#neighbours, memory, true);
    server.trace(writer && traceInto(writer, this.#clock));
  }

  async #held(server: Server, id: number, at: string): Promise<Holding> {
    const askedMs = this.#clock.nowMs();
    const isOlder = server.holds(at);
    const asked = new AbortController();
    this.#asked.set(id, asked);
    try {
      await server.whenHeld(at, asked.signal);
      const atMs = isOlder ? askedMs : this.#clock.nowMs();
      return { askedMs, atMs, isOlder };
    } finally {
      this.#asked.delete(id);
    }
  }
}

/** Records into memory that the supervisor sees, whatever becomes of us. */
function traceInto(writer: TraceWriter, clock: Clock): ServerTrace {
  return {
    connection: (peer, connection, isOpen) =>
      writer.connection(peer, connection, isOpen, clock.nowMs()),
    delivered: (fix, from, isNew, number) =>
      writer.delivered(fix, from, isNew, number, clock.nowMs()),
    sent: (fix, to, number) => writer.sent(fix, to, number, clock.nowMs()),
    wrote: (command, lines, to, number) =>
      writer.control(command, lines, to, number, clock.nowMs()),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const worker = new ServerWorker();
port.onmessage = (event) => worker.handle(event.data);
