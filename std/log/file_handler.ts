/**
 * Writes log records to a file.
 *
 * @module
 */
import { BaseHandler, type BaseHandlerOptions } from "./handler.ts";
import { type LevelName, LogLevels } from "./levels.ts";
import type { LogRecord } from "./record.ts";

/**
 * How to open the file: `a` appends, `w` empties it first, `x` requires that it
 * does not exist.
 */
export type LogMode = "a" | "w" | "x";

export interface FileHandlerOptions extends BaseHandlerOptions {
  filename: string;
  /** By default `a`. */
  mode?: LogMode;
  /** Characters buffered before they are written; 65,536 by default. */
  bufferSize?: number;
  /** What sets its timer; `setTimeout` by default. */
  timers?: Timers;
}

/** Runs `run` once, after `ms` milliseconds. */
export interface Timers {
  after(ms: number, run: () => void): { cancel(): void };
}

const timeouts: Timers = {
  after(ms, run) {
    const id = setTimeout(run, ms);
    return { cancel: () => clearTimeout(id) };
  },
};

const FLUSH_AFTER_MS = 10;
/** Bytes that a character takes at most: a pair of surrogates takes four. */
export const CHARACTER_BYTES_MAX = 3;

/** What is written next, of all handlers: each writes at once what it puts here. */
let scratch = new Uint8Array();

/**
 * Writes each record as a line.
 *
 * Lines are buffered, so that a busy logger makes one write for many: until 10
 * ms after the first of them, or the buffer is full, or a record is an error. A
 * write that fails is reported once on standard error; its lines are lost, and
 * the caller is not disturbed.
 */
export class FileHandler extends BaseHandler {
  readonly #filename: string;
  readonly #mode: LogMode;
  readonly #bufferSize: number;
  readonly #encoder = new TextEncoder();
  readonly #timers: Timers;
  readonly #onUnload = () => this.destroy();
  #file: Deno.FsFile | undefined;
  #held = "";
  #written = 0;
  #timer: ReturnType<Timers["after"]> | undefined;
  #failed = false;

  /** @param level The lowest level that it handles. */
  constructor(level: LevelName, options: FileHandlerOptions) {
    super(level, options);
    this.#filename = options.filename;
    this.#mode = options.mode ?? "a";
    this.#bufferSize = options.bufferSize ?? 65_536;
    this.#timers = options.timers ?? timeouts;
  }

  /**
   * Opens the file.
   *
   * @throws {Deno.errors.NotFound} If its folder does not exist.
   * @throws {Deno.errors.AlreadyExists} If it exists, and mode is `x`.
   */
  override setup(): void {
    this.#file = Deno.openSync(this.#filename, {
      write: true,
      append: this.#mode === "a",
      truncate: this.#mode === "w",
      create: this.#mode !== "x",
      createNew: this.#mode === "x",
    });
    addEventListener("unload", this.#onUnload);
  }

  /** Buffers a record; writes at once if it is an error. */
  override handle(record: LogRecord): void {
    super.handle(record);
    if (record.level >= LogLevels.ERROR) this.flush();
  }

  override log(msg: string): void {
    this.#held += msg + "\n";
    if (this.#held.length >= this.#bufferSize) this.flush();
    else this.#timer ??= this.#timers.after(FLUSH_AFTER_MS, () => this.flush());
  }

  /** Characters that are buffered. */
  protected get held(): number {
    return this.#held.length;
  }

  /** Bytes of all that was flushed. */
  protected get written(): number {
    return this.#written;
  }

  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#held === "" || this.#file === undefined) return;
    const text = this.#held;
    this.#held = "";
    if (scratch.length < text.length * CHARACTER_BYTES_MAX) {
      scratch = new Uint8Array(text.length * CHARACTER_BYTES_MAX);
    }
    const { written: count } = this.#encoder.encodeInto(text, scratch);
    this.#written += count;
    try {
      for (let at = 0; at < count;) {
        at += this.#file.writeSync(scratch.subarray(at, count));
      }
    } catch (error) {
      this.#tellOnce(error);
    }
  }

  /** Writes the buffer and closes the file. */
  override destroy(): void {
    this.flush();
    this.#file?.close();
    this.#file = undefined;
    removeEventListener("unload", this.#onUnload);
  }

  #tellOnce(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    const why = error instanceof Error ? error.message : String(error);
    console.error(`Cannot write log ${this.#filename}: ${why}`);
  }
}
