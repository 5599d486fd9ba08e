/**
 * A server of a virtual world. Messages between it and its supervisor are
 * delayed, as between threads: so nothing in a server happens in the middle of
 * something elsewhere, and it can be ended at any time.
 *
 * @module
 */
import { LocalTrace } from "../../model/trace.ts";
import type { Random } from "../../model/random.ts";
import { Answerer, type Ask, Asker } from "../ask.ts";
import { HostedServer } from "../hosted_server.ts";
import type { Answers, Question } from "../questions.ts";
import {
  ServerEnded,
  type ServerHandle,
  type ServerReport,
  type ServerStart,
  type ServerWatcher,
} from "../world.ts";
import { delayMs } from "./delays.ts";
import type { VirtualMachine } from "./virtual_machine.ts";

/** Milliseconds until a started thread has loaded its server. */
const START_MS_MAX = 8;
/**
 * An uncaught error is thrown at a random moment within so many milliseconds.
 */
const CRASH_MS_MAX = 5;

/** Delivers messages in one direction, in order. */
type Mail = (arrive: () => void, extraMs?: number) => void;

function mail({ time }: VirtualMachine, random: Random): Mail {
  let lastMs = 0;
  return (arrive, extraMs = 0) => {
    lastMs = Math.max(lastMs, time.nowMs + delayMs(random) + extraMs);
    time.at(lastMs, arrive);
  };
}

/** One life of one server. */
export class VirtualServer implements ServerHandle {
  readonly trace?: LocalTrace;
  readonly ask: Ask<Question, Answers>;
  readonly #start: ServerStart;
  readonly #watcher: ServerWatcher;
  readonly #machine: VirtualMachine;
  readonly #random: Random;
  readonly #toServer: Mail;
  readonly #toWorld: Mail;
  readonly #asker: Asker<Question, Answers>;
  readonly #answerer: Answerer<Question, Answers>;
  #hosted: HostedServer | undefined;
  /** Whether reports are dropped from now on. */
  #isKilled = false;

  /**
   * Starts it.
   *
   * @param machine A machine of its own.
   * @param random Decides delays.
   */
  constructor(
    { trace: isTraced, ...start }: ServerStart,
    watcher: ServerWatcher,
    machine: VirtualMachine,
    random: Random,
  ) {
    this.#start = start;
    this.#watcher = watcher;
    this.#machine = machine;
    machine.workMs = (start.tuning?.workUs ?? 0) / 1_000;
    machine.onBug = (error) => this.#die(error);
    this.#random = random;
    this.#toServer = mail(machine, random);
    this.#toWorld = mail(machine, random);
    if (isTraced) this.trace = new LocalTrace();
    this.#answerer = new Answerer(
      (answer) => this.#say(() => this.#asker.hear(answer)),
      (question, signal) => {
        if (!this.#hosted) throw new Error("The server has not started");
        return this.#hosted.answer(question, signal);
      },
    );
    this.#asker = new Asker(
      start.name,
      watcher.clock,
      (message) => this.#order(() => this.#answerer.hear(message)),
    );
    this.ask = this.#asker.ask;
    this.#order(() => void this.#begin(), random.fraction() * START_MS_MAX);
  }

  /** Runs something on the server's machine. */
  #order(act: () => void, extraMs = 0): void {
    this.#toServer(() => this.#machine.run(act), extraMs);
  }

  /** Delivers a report of the server, unless it has ended. */
  #say(hear: () => void): void {
    if (this.#machine.isOver) return;
    this.#toWorld(() => this.#isKilled || hear());
  }

  #report(report: ServerReport): void {
    this.#say(() => this.#watcher.onReport(report));
  }

  async #begin(): Promise<void> {
    this.#hosted = await HostedServer.start(this.#start, {
      machine: this.#machine,
      trace: this.trace,
      report: (report) => this.#report(report),
      onBug: (error) => this.#die(error),
      heapBytes: () => 0,
    });
  }

  #die(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#report({ kind: "crashed", why });
    this.#end();
  }

  #end(): void {
    this.#machine.end();
    this.#hosted?.abandon();
  }

  /** 0, because its end is always reported. */
  heartbeat(): number {
    return 0;
  }

  kill(): void {
    this.#isKilled = true;
    this.#end();
    this.#asker.end(new ServerEnded(this.#start.name));
  }

  pause(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#toServer(() => {
        if (this.#machine.isOver) {
          return reject(new ServerEnded(this.#start.name));
        }
        this.#say(resolve);
        this.#machine.pause();
      });
    });
  }

  resume(): void {
    this.#machine.resume();
  }

  stop(): void {
    this.#machine.resume();
    this.#order(() => void this.#stop());
  }

  async #stop(): Promise<void> {
    this.#answerer.end();
    await this.#hosted?.stop();
    this.#report({ kind: "stopped" });
  }

  /** It dies at a random moment, whatever it is doing. */
  crash(why: string): void {
    const ms = this.#random.fraction() * CRASH_MS_MAX;
    this.#order(() => this.#die(why), ms);
  }
}
