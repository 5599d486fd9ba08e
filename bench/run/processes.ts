/**
 * The processes that a run starts, and their end: none outlives the run.
 *
 * @module
 */

const END_MS = 5_000;

/** What a module of ours may do in its process. */
const MODULE_FLAGS = [
  "run",
  "--quiet",
  "--no-prompt",
  "--allow-net=127.0.0.1",
  "--allow-read",
  "--allow-env=LOG_TOKENS,LOG_STREAM",
];

/** Starts processes and keeps count of them. */
export class Processes {
  readonly #running = new Set<Deno.ChildProcess>();
  readonly #folders = new Set<string>();

  /**
   * Starts a module of this folder in a process of its own.
   *
   * @param file Its name, relative to this one.
   * @param flags Further flags of `deno run`.
   */
  module(
    file: string,
    args: readonly string[],
    flags: readonly string[] = [],
  ): Program {
    const path = new URL(file, import.meta.url).pathname;
    const all = [...MODULE_FLAGS, ...flags, path, ...args];
    const child = this.#spawn(Deno.execPath(), all, {
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    });
    return new Program(file, child);
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

  /** Ends all that still run, at once. */
  killAll(): void {
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

/**
 * A module of ours in a process of its own. It prints JSON, a line for each
 * answer, takes a command a line, and ends with its standard input.
 */
export class Program implements AsyncDisposable {
  readonly #file: string;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #text = "";

  /** A process that was just started. */
  constructor(file: string, child: Deno.ChildProcess) {
    this.#file = file;
    this.#child = child;
    this.#input = child.stdin.getWriter();
    this.#output = child.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
  }

  /**
   * The next line that it prints.
   *
   * @throws {Error} If it ends instead.
   */
  async next<T>(): Promise<T> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return JSON.parse(line);
      }
      const { value } = await this.#output.read();
      if (value === undefined) throw new Error(`${this.#file} has failed`);
      this.#text += value;
    }
  }

  /** Has it do something; what it answers. */
  async ask<T>(command: string): Promise<T> {
    await this.#input.write(new TextEncoder().encode(`${command}\n`));
    return await this.next();
  }

  /** Has it end, and waits for that. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await ended(this.#child);
    await this.#output.cancel();
  }
}
