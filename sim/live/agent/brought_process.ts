/**
 * The process of a server that was brought, on an agent's machine: it is told to
 * start, and by signals what a workbench may do to it.
 *
 * @module
 */
import { PROGRAM_ORDER, type ProgramReport } from "../../worlds/hosts/wire.ts";
import type {
  Programs,
  ProgramStart,
  Routes,
  RunningProgram,
} from "../../worlds/processes/programs.ts";
import type { Spawned } from "../../worlds/spawned.ts";

/** One, which has not started yet. */
export class BroughtProcess implements Spawned {
  readonly said: AsyncIterable<ProgramReport>;
  readonly ended: Promise<string>;
  readonly #programs: Programs;
  readonly #start: ProgramStart;
  readonly #end = Promise.withResolvers<string>();
  #reports!: ReadableStreamDefaultController<ProgramReport>;
  #program: RunningProgram | undefined;
  #hasEnded = false;

  constructor(programs: Programs, start: ProgramStart) {
    this.#programs = programs;
    this.#start = start;
    this.ended = this.#end.promise;
    this.said = new ReadableStream({
      start: (reports) => void (this.#reports = reports),
    });
  }

  /** @throws {Error} If it is no order, or it can't be started. */
  tell(value: unknown): void {
    const order = PROGRAM_ORDER.parse(value);
    // What it was told just before its end is nothing to it.
    if (this.#hasEnded) return;
    switch (order.kind) {
      case "start":
        this.#program ??= this.#run();
        return;
      case "signal":
        return this.#program?.signal(order.name);
      case "routes":
        return void this.#route(order.routes);
    }
  }

  async #route(routes: Routes): Promise<void> {
    await this.#program?.route(routes);
    if (!this.#hasEnded) this.#reports.enqueue({ kind: "routed" });
  }

  #run(): RunningProgram {
    return this.#programs.start(this.#start, {
      onEvent: (event) => this.#reports.enqueue({ kind: "event", event }),
      onLine: (line) => this.#reports.enqueue({ kind: "line", line }),
      onEnd: () => this.#over("it was killed with its guard"),
    });
  }

  #over(why: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#reports.close();
    this.#end.resolve(why);
  }

  closeInput(): void {
    this.kill();
  }

  pause(): Promise<void> {
    this.#program?.signal("SIGSTOP");
    return Promise.resolve();
  }

  resume(): void {
    this.#program?.signal("SIGCONT");
  }

  kill(): void {
    if (this.#program) this.#program.kill();
    else this.#over("it was not started");
  }
}
