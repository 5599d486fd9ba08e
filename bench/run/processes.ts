/**
 * The processes that a run starts, and their end: none outlives the run.
 *
 * @module
 */
import { abortable } from "@std/async";
import { PortLease } from "../../sim/worlds/port_lease.ts";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { Deadline } from "../../herd/net/timing.ts";
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
  readonly #owned = new Set<Disposable>();

  /**
   * Starts a module of this folder in a process of its own.
   *
   * @param file Its name, relative to this one.
   * @param args What it gets by `ownArgs()`.
   * @param flags Further flags of `deno run`.
   * @param by The command that becomes it; none by default.
   */
  module(
    file: string,
    args: readonly unknown[] = [],
    flags: readonly string[] = [],
    by: readonly string[] = [],
  ): Program {
    const program = new Program({
      name: file,
      spawned: new ModuleProcess({
        module: new URL(file, import.meta.url),
        args: args.map((it) => JSON.stringify(it)),
        permissions: [...MODULE_FLAGS, ...flags],
        by,
      }),
      clock: denoPlatform.clock,
    });
    const why = new Error("The run has ended");
    this.#ownUntil(program.ended, () => program.kill(why));
    return program;
  }

  /** What a module answers, which has nothing else to do. */
  async answer<T>(
    what: string,
    ...of: Parameters<Processes["module"]>
  ): Promise<T> {
    await using program = this.module(...of);
    return await program.answer<T>(what);
  }

  /**
   * Starts a program of the system; its output is not read. It works in a folder
   * of its own, and what it leaves there goes with it.
   *
   * @throws {Deno.errors.NotFound} If it is not installed.
   */
  daemon(command: string, args: readonly string[]): AsyncDisposable {
    const cwd = Deno.makeTempDirSync({ prefix: "herd-bench-" });
    const folder = this.own({
      [Symbol.dispose]: () => Deno.removeSync(cwd, { recursive: true }),
    });
    let child: Deno.ChildProcess;
    try {
      child = this.#spawn(command, args, { stdout: "null", cwd });
    } catch (error) {
      this.end(folder);
      throw error;
    }
    return {
      [Symbol.asyncDispose]: async () => {
        kill(child, "SIGTERM");
        await ended(child);
        this.end(folder);
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

  /** Whether a program of the system is installed. */
  async has(command: string): Promise<boolean> {
    try {
      await this.output(command, ["--version"]);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  #spawn(
    command: string,
    args: readonly string[],
    options: Pick<Deno.CommandOptions, "stdout" | "cwd">,
  ): Deno.ChildProcess {
    const child = new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      stderr: "null",
      ...options,
    }).spawn();
    this.#ownUntil(child.status, () => kill(child, "SIGKILL"));
    return child;
  }

  #ownUntil(ended: Promise<unknown>, end: () => void): void {
    const thing = this.own({ [Symbol.dispose]: end });
    void ended.finally(() => this.#owned.delete(thing));
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

  /** Ends all that still run, at once, and what they stand on after them. */
  killAll(): void {
    void this.world[Symbol.asyncDispose]();
    for (const thing of [...this.#owned].reverse()) this.end(thing);
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
  using late = new Deadline(denoPlatform.clock, END_MS);
  await abortable(child.status, late.signal)
    .catch(() => kill(child, "SIGKILL"));
  await child.status;
}

/** A module of ours in a process of its own; see `serve.ts`. */
export class Program
  extends AskedProcess<NamedQuestion, NamedAnswers, never, never> {
  /**
   * What it answers, or that it has done something.
   *
   * @throws {Error} If it ends instead, or can't.
   */
  async answer<T>(what: string): Promise<T> {
    return await this.ask<string>({ ask: what }) as T;
  }
}
