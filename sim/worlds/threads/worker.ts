/**
 * The worker of one server. It waits for its start message, runs the server,
 * answers questions and passes on the server's reports.
 *
 * @module
 */
import { Answerer } from "../ask.ts";
import { HostedServer } from "../hosted_server.ts";
import type { Answers, Question } from "../questions.ts";
import { parentPort } from "./port.ts";
import { alignedOrigin, ownTimers } from "./thread_clock.ts";
import type { FromWorker, StartMessage, ToWorker } from "./wire.ts";

const port = parentPort<ToWorker, FromWorker>();

/** Runs one server for the world at the other end of the port. */
class ServerWorker {
  #server: HostedServer | undefined;
  #pauseFlag: Int32Array | undefined;
  readonly #answerer = new Answerer<Question, Answers>(
    port.post,
    (question, signal) => {
      if (!this.#server) throw new Error("The server has not started");
      return this.#server.answer(question, signal);
    },
  );

  hear(message: ToWorker): void {
    switch (message.kind) {
      case "start":
        return void this.#start(message);
      case "ping":
        return port.post({ kind: "pong" });
      case "pause":
        return this.#pause();
      case "stop":
        return void this.#stop();
      case "crash":
        return this.#crash(message.why);
      case "ask":
      case "forget":
        return this.#answerer.hear(message);
    }
  }

  async #start(message: StartMessage): Promise<void> {
    const { kind: _, pauseFlag, systemAheadMs, trace, ...server } = message;
    this.#pauseFlag = new Int32Array(pauseFlag);
    this.#server = await HostedServer.start(server, {
      originMs: alignedOrigin(systemAheadMs),
      timers: ownTimers(),
      trace,
      report: port.post,
    });
  }

  /** Sleeps, with its sockets and timers, until the flag is cleared. */
  #pause(): void {
    port.post({ kind: "paused" });
    if (this.#pauseFlag) Atomics.wait(this.#pauseFlag, 0, 1);
  }

  /** Throws an uncaught error, without a stack: it would only lead here. */
  #crash(why: string): never {
    throw Object.assign(new Error(why), { stack: "" });
  }

  async #stop(): Promise<void> {
    this.#answerer.end();
    await this.#server?.stop();
    port.post({ kind: "stopped" });
  }
}

const worker = new ServerWorker();
port.listen((message) => worker.hear(message));
