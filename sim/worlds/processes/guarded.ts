/**
 * A program under its guard (`guard.py`): what it prints and does, the signals
 * it is sent, and that nothing of it is left when it is over.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { anyPython } from "./python.ts";

/** What a program may use before it is ended. */
export interface ProgramLimits {
  /** Bytes of memory, of the program and of all that it begins. */
  readonly memoryBytes: number;
  /** Seconds of processor time. */
  readonly cpuSeconds: number;
  /** How many processes there may be. */
  readonly processes: number;
  /** Bytes of each file that it writes. */
  readonly fileBytes: number;
  /** Bytes that it may print. */
  readonly printedBytes: number;
}

/** Plenty for any server of a herd, and little for a machine. */
export const PROGRAM_LIMITS: ProgramLimits = {
  memoryBytes: 1_073_741_824,
  cpuSeconds: 600,
  processes: 64,
  fileBytes: 67_108_864,
  printedBytes: 67_108_864,
};

/** What guard and shim tell of a program. */
export type ProgramEvent =
  /** It runs. */
  | { readonly event: "start"; readonly pid: number }
  /** It can't be run. */
  | { readonly event: "unstartable"; readonly why: string }
  /** The shim is in it. */
  | { readonly event: "shim"; readonly language: string }
  /** It listens, and where it meant to. */
  | { readonly event: "listen"; readonly asked: number; readonly port: number }
  /** It listens on a port that does not count, for the manifest names another. */
  | { readonly event: "opened"; readonly asked: number }
  /** It dialled another server. */
  | { readonly event: "dial"; readonly port: number }
  /** It dialled what it must not, or nobody knows. */
  | { readonly event: "refused"; readonly host: string; readonly port: number }
  /** What it is to reach at a port of its copy can't be passed on there. */
  | {
    readonly event: "unroutable";
    readonly port: number;
    readonly why: string;
  }
  /** In a message to another server it told a port, by which it may be reached. */
  | { readonly event: "port-told"; readonly port: number }
  /** It reaches what its map said when it was told of it. */
  | { readonly event: "routed" }
  /** It was sent a signal. */
  | { readonly event: "signalled"; readonly signal: string }
  /** It uses too much, and is killed. */
  | {
    readonly event: "limit";
    readonly what: keyof ProgramLimits | "messages";
    readonly used: number;
  }
  /** Nobody knows any more what it does. */
  | { readonly event: "lost"; readonly why: string }
  /** It has ended. */
  | { readonly event: "exit"; readonly code: number }
  | { readonly event: "exit"; readonly signal: string };

/** A program that is to be run. */
export interface Program {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  /** Its environment, beside the little that it keeps of this one. */
  readonly env: Readonly<Record<string, string>>;
  /** The named pipe into which its shim writes; it must not be there yet. */
  readonly events: string;
  /** What it may use. */
  readonly limits: ProgramLimits;
  /** Of the ports that it listens on, the one that counts; else the lowest. */
  readonly asked?: number;
  /** What its guard passes in and out, where it has no shim. */
  readonly ways?: {
    /** The file that says what it is to reach. */
    readonly map: string;
    /** The port of this machine on which it is reached. */
    readonly port: number;
    /** The address of this machine with that port; loopback by default. */
    readonly hostname?: string;
    /** Whether it gets a network namespace, in which it is to reach that. */
    readonly areInside: boolean;
  };
}

/** Who hears of a program. */
export interface ProgramWatcher {
  /** Something happened. */
  readonly onEvent: (event: ProgramEvent) => void;
  /** It printed a line, on either output. */
  readonly onLine: (line: string) => void;
  /** It and all that it began are gone. */
  readonly onEnd: () => void;
}

const LINE_CHARACTERS_MAX = 8_192;

/** A program that runs, until it ends or is killed. */
export class Guarded {
  readonly #guard: Deno.ChildProcess;
  readonly #orders: WritableStreamDefaultWriter<Uint8Array>;
  readonly #watcher: ProgramWatcher;
  readonly #printedMax: number;
  #printedBytes = 0;
  #isOver = false;
  /** Those that wait until its ways are as its map says, in order. */
  readonly #routing: (() => void)[] = [];
  /** Resolves when it and all that it began are gone. */
  readonly ended: Promise<void>;

  /**
   * Runs a program.
   *
   * @throws {Deno.errors.NotFound} If there is no Python for its guard.
   */
  constructor({ limits, ...program }: Program, watcher: ProgramWatcher) {
    this.#watcher = watcher;
    this.#printedMax = limits.printedBytes;
    const guard = fileURLToPath(import.meta.resolve("./guard.py"));
    this.#guard = new Deno.Command(anyPython(), {
      // Alone, it starts sooner, and nothing of its surroundings gets into it.
      args: ["-I", "-S", guard, JSON.stringify({ ...program, limits })],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      // A terminal's Ctrl-C is for the workbench alone: it ends its servers.
      detached: true,
    }).spawn();
    this.#orders = this.#guard.stdin.getWriter();
    // Who is gone can't be told anything; that is seen by the end of its output.
    this.#orders.closed.catch(() => {});
    this.ended = this.#watch();
  }

  /** Sends a signal to all of it. */
  signal(name: Deno.Signal): void {
    this.#order(name);
  }

  /** What it is to reach has changed; resolves once that is so, or it is gone. */
  reroute(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#isOver) resolve();
    else this.#routing.push(resolve);
    this.#order("ROUTES");
    return promise;
  }

  #order(word: string): void {
    const line = new TextEncoder().encode(`${word}\n`);
    this.#orders.write(line).catch(() => {});
  }

  /** Kills all of it. */
  kill(): void {
    this.#orders.close().catch(() => {});
  }

  async #watch(): Promise<void> {
    const { stdout, stderr, status } = this.#guard;
    await Promise.all([
      eachLine(stdout, (line) => this.#hear(line)),
      eachLine(stderr, this.#watcher.onLine, (bytes) => this.#count(bytes)),
      status,
    ]);
    this.kill();
    this.#isOver = true;
    for (const resolve of this.#routing.splice(0)) resolve();
    this.#watcher.onEnd();
  }

  /** A program can write into the pipe of its shim what it likes. */
  #hear(line: string): void {
    const event = eventOf(line);
    if (event === undefined) this.#watcher.onLine(line);
    else if (event.event === "routed") this.#routing.shift()?.();
    else this.#watcher.onEvent(event);
  }

  #count(bytes: number): void {
    const used = this.#printedBytes += bytes;
    if (used <= this.#printedMax || used - bytes > this.#printedMax) return;
    this.#watcher.onEvent({ event: "limit", what: "printedBytes", used });
    this.kill();
  }
}

/** What a line tells; `undefined` if it is none of guard or shim. */
function eventOf(line: string): ProgramEvent | undefined {
  try {
    const event = JSON.parse(line);
    return typeof event?.event === "string" ? event : undefined;
  } catch {
    return undefined;
  }
}

async function eachLine(
  stream: ReadableStream<Uint8Array>,
  take: (line: string) => void,
  onBytes: (bytes: number) => void = () => {},
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    onBytes(chunk.length);
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) take(line);
    if (rest.length <= LINE_CHARACTERS_MAX) continue;
    take(rest);
    rest = "";
  }
  if (rest !== "") take(rest);
}
