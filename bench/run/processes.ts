/**
 * The processes that a run starts, and their end: none outlives the run.
 *
 * @module
 */
import { PortLease } from "../../sim/worlds/port_lease.ts";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { AskedProcess } from "../../sim/worlds/processes/asked_process.ts";
import { ModuleProcess } from "../../sim/worlds/processes/module_process.ts";
import { OwnProcesses } from "../../sim/worlds/processes/own_processes.ts";
import type { NamedAnswers, NamedQuestion } from "./serve.ts";

const END_MS = 5_000;

/** What a module of ours may do in its process. */
const MODULE_FLAGS = [
  "--allow-net=127.0.0.1",
  "--allow-read",
  "--allow-env=LOG_TOKENS,LOG_STREAM",
];

/** Starts processes and keeps count of them. */
export class Processes {
  /** Runs the servers that are measured. */
  readonly world: OwnProcesses = new OwnProcesses();
  /** Free ports for them. */
  readonly ports: PortLease = new PortLease(denoPlatform);
  readonly #running = new Set<Deno.ChildProcess>();
  readonly #programs = new Set<Program>();
  readonly #folders = new Set<string>();
  readonly #owned = new Set<Disposable>();

  /**
   * Starts a module of this folder in a process of its own.
   *
   * @param file Its name, relative to this one.
   * @param flags Further flags of `deno run`.
   * @param by The command that becomes it; none by default.
   */
  module(
    file: string,
    args: readonly string[],
    flags: readonly string[] = [],
    by: readonly string[] = [],
  ): Program {
    const module = new URL(file, import.meta.url);
    const program = new Program(module, args, flags, by);
    this.#programs.add(program);
    program.ended.then(() => this.#programs.delete(program));
    return program;
  }

  /**
   * Starts a program of the system; its output is not read. It works in a folder
   * of its own, and what it leaves there goes with it.
   *
   * @throws {Deno.errors.NotFound} If it is not installed.
   */
  daemon(command: string, args: readonly string[]): AsyncDisposable {
    const folder = Deno.makeTempDirSync({ prefix: "herd-bench-" });
    this.#folders.add(folder);
    const remove = () => this.#remove(folder);
    let child: Deno.ChildProcess;
    try {
      child = this.#spawn(command, args, { stdout: "null", cwd: folder });
    } catch (error) {
      remove();
      throw error;
    }
    return {
      async [Symbol.asyncDispose]() {
        kill(child, "SIGTERM");
        await ended(child);
        remove();
      },
    };
  }

  /**
   * Runs a program of the system to its end; what it printed.
   *
   * @throws {Deno.errors.NotFound} If it is not installed.
   * @throws {Error} If it fails.
   */
  async output(command: string, args: readonly string[]): Promise<string> {
    const child = this.#spawn(command, args, { stdout: "piped" });
    const { success, code, stdout } = await child.output();
    if (success) return new TextDecoder().decode(stdout);
    throw new Error(`${command} has ended with code ${code}`);
  }

  #spawn(
    command: string,
    args: readonly string[],
    options: Pick<Deno.CommandOptions, "stdin" | "stdout" | "stderr" | "cwd">,
  ): Deno.ChildProcess {
    const child = new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      stderr: "null",
      ...options,
    }).spawn();
    this.#running.add(child);
    child.status.finally(() => this.#running.delete(child));
    return child;
  }

  /** Has something end with all else, if it has not ended before. */
  own<T extends Disposable>(thing: T): T {
    this.#owned.add(thing);
    return thing;
  }

  /** Ends something that was to end with all else. */
  end(thing: Disposable): void {
    if (this.#owned.delete(thing)) thing[Symbol.dispose]();
  }

  /** Ends all that still run, at once. */
  killAll(): void {
    void this.world[Symbol.asyncDispose]();
    for (const thing of this.#owned) this.end(thing);
    for (const program of this.#programs) program.kill();
    for (const child of this.#running) kill(child, "SIGKILL");
    for (const folder of this.#folders) this.#remove(folder);
  }

  #remove(folder: string): void {
    this.#folders.delete(folder);
    Deno.removeSync(folder, { recursive: true });
  }
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    // It has ended by itself meanwhile.
    if (!(error instanceof TypeError)) throw error;
  }
}

async function ended(child: Deno.ChildProcess): Promise<void> {
  const timer = setTimeout(() => kill(child, "SIGKILL"), END_MS);
  await child.status;
  clearTimeout(timer);
}

/** A module of ours in a process of its own; see `serve.ts`. */
export class Program implements AsyncDisposable {
  readonly #process: AskedProcess<NamedQuestion, NamedAnswers, never, never>;

  /** Starts it. */
  constructor(
    module: URL,
    args: readonly string[],
    flags: readonly string[],
    by: readonly string[],
  ) {
    this.#process = new AskedProcess({
      name: module.pathname.split("/").at(-1)!,
      spawned: new ModuleProcess({
        module,
        args,
        permissions: [...MODULE_FLAGS, ...flags],
        by,
      }),
      clock: denoPlatform.clock,
    });
  }

  /** Resolves when it has ended. */
  get ended(): Promise<void> {
    return this.#process.ended;
  }

  /**
   * Asks it, or has it do something.
   *
   * @throws {Error} If it ends instead, or can't.
   */
  async ask<T>(what: string): Promise<T> {
    return await this.#process.ask<string>({ ask: what }) as T;
  }

  /** Ends it at once. */
  kill(): void {
    this.#process.kill(new Error("The run has ended"));
  }

  /** Has it end, and waits for that. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop(END_MS);
  }
}
