/**
 * Writes log records to a file that is rotated before it grows too large.
 *
 * @module
 */
import {
  getLevelByName,
  type LevelName,
  type LogLevel,
  LogLevels,
} from "./levels.ts";
import type { LogRecord } from "./logger.ts";

export interface RotatingFileHandlerOptions {
  /** Its folder must exist; the file is continued, if there is one. */
  filename: string;
  maxBytes: number;
  /** Number of older files to keep, as `name.1` (the newest), `name.2`, … */
  maxBackupCount: number;
  formatter: (record: LogRecord) => string;
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

/** Characters buffered before they are written. */
const BUFFER_SIZE = 65_536;
const FLUSH_AFTER_MS = 10;
/** Bytes that a character takes at most: a pair of surrogates takes four. */
const CHARACTER_BYTES_MAX = 3;

/** What is written next, of all handlers: each writes at once what it puts here. */
let scratch = new Uint8Array();

/**
 * Writes each record as a line; a full file is renamed, and a new one begun.
 *
 * Lines are buffered, so that a busy logger makes one write for many: until 10
 * ms after the first of them, or the buffer is full, or a record is an error. A
 * write that fails is reported once on standard error; its lines are lost, and
 * the caller is not disturbed. So it is if no new file can be begun, which the
 * next line tries again.
 */
export class RotatingFileHandler {
  readonly #level: LogLevel;
  readonly #options: RotatingFileHandlerOptions;
  readonly #encoder = new TextEncoder();
  readonly #timers: Timers;
  readonly #onUnload = () => this.destroy();
  #file: Deno.FsFile | undefined;
  /** Size of the file. */
  #bytes = 0;
  #held = "";
  #timer: ReturnType<Timers["after"]> | undefined;
  #failed = false;

  /** @param level The lowest level that it handles. */
  constructor(level: LevelName, options: RotatingFileHandlerOptions) {
    this.#level = getLevelByName(level);
    this.#options = options;
    this.#timers = options.timers ?? timeouts;
  }

  /**
   * Opens the file, and continues at its end.
   *
   * @throws {Deno.errors.NotFound} If its folder does not exist.
   */
  setup(): void {
    const { filename } = this.#options;
    this.#file = Deno.openSync(filename, { append: true, create: true });
    this.#bytes = this.#file.statSync().size;
    addEventListener("unload", this.#onUnload);
  }

  /** Buffers a record of its level and above; writes at once if it is an error. */
  handle(record: LogRecord): void {
    if (record.level < this.#level) return;
    this.#log(this.#options.formatter(record));
    if (record.level >= LogLevels.ERROR) this.flush();
  }

  /** Buffers a line; rotates the file first if it is full. */
  #log(msg: string): void {
    if (!this.#surelyHasRoom(msg)) {
      this.flush();
      const bytes = this.#encoder.encode(msg).length + 1;
      if (this.#bytes + bytes > this.#options.maxBytes) this.#rotate();
    }
    this.#held += msg + "\n";
    if (this.#held.length >= BUFFER_SIZE) this.flush();
    else this.#timer ??= this.#timers.after(FLUSH_AFTER_MS, () => this.flush());
  }

  /** Lines are measured only when the file is nearly full. */
  #surelyHasRoom(msg: string): boolean {
    const bytes = (this.#held.length + msg.length + 1) * CHARACTER_BYTES_MAX;
    return this.#bytes + bytes <= this.#options.maxBytes;
  }

  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const text = this.#held;
    this.#held = "";
    if (text === "" || this.#file === undefined) return;
    if (scratch.length < text.length * CHARACTER_BYTES_MAX) {
      scratch = new Uint8Array(text.length * CHARACTER_BYTES_MAX);
    }
    const { written } = this.#encoder.encodeInto(text, scratch);
    this.#bytes += written;
    try {
      for (let at = 0; at < written;) {
        at += this.#file.writeSync(scratch.subarray(at, written));
      }
    } catch (error) {
      this.#tellOnce(error);
    }
  }

  #rotate(): void {
    this.destroy();
    try {
      this.#renameAll();
      this.setup();
    } catch (error) {
      this.#tellOnce(error);
    }
  }

  #renameAll(): void {
    const { filename, maxBackupCount } = this.#options;
    for (let at = maxBackupCount; at > 0; at--) {
      const source = at === 1 ? filename : `${filename}.${at - 1}`;
      try {
        Deno.renameSync(source, `${filename}.${at}`);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }

  /** Writes the buffer and closes the file. */
  destroy(): void {
    this.flush();
    this.#file?.close();
    this.#file = undefined;
    removeEventListener("unload", this.#onUnload);
  }

  #tellOnce(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    const why = error instanceof Error ? error.message : String(error);
    console.error(`Cannot write log ${this.#options.filename}: ${why}`);
  }
}
