/**
 * Writes log records to a file that is rotated before it grows too large.
 *
 * @module
 */
import {
  CHARACTER_BYTES_MAX,
  FileHandler,
  type FileHandlerOptions,
} from "./file_handler.ts";
import type { LevelName } from "./levels.ts";

export interface RotatingFileHandlerOptions extends FileHandlerOptions {
  maxBytes: number;
  /** Number of older files to keep, as `name.1` (the newest), `name.2`, … */
  maxBackupCount: number;
}

/**
 * Writes each record as a line; a full file is renamed, and a new one begun.
 */
export class RotatingFileHandler extends FileHandler {
  readonly #options: RotatingFileHandlerOptions;
  readonly #encoder = new TextEncoder();
  /** Size of the file, without what has been written since. */
  #bytes = 0;

  /** @param level The lowest level that it handles. */
  constructor(level: LevelName, options: RotatingFileHandlerOptions) {
    super(level, options);
    this.#options = options;
  }

  /** Opens the file, and continues at its end. */
  override setup(): void {
    super.setup();
    this.#bytes = Deno.statSync(this.#options.filename).size - this.written;
  }

  /** Buffers a line; rotates the file first if it is full. */
  override log(msg: string): void {
    if (!this.#surelyHasRoom(msg)) {
      this.flush();
      const bytes = this.#encoder.encode(msg).length + 1;
      const size = this.#bytes + this.written;
      if (size + bytes > this.#options.maxBytes) this.#rotate();
    }
    super.log(msg);
  }

  /** Lines are measured only when the file is nearly full. */
  #surelyHasRoom(msg: string): boolean {
    const characters = this.held + msg.length + 1;
    const size = this.#bytes + this.written;
    return size + characters * CHARACTER_BYTES_MAX <= this.#options.maxBytes;
  }

  #rotate(): void {
    const { filename, maxBackupCount } = this.#options;
    this.destroy();
    for (let at = maxBackupCount; at > 0; at--) {
      const source = at === 1 ? filename : `${filename}.${at - 1}`;
      try {
        Deno.renameSync(source, `${filename}.${at}`);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    super.setup();
    this.#bytes = -this.written;
  }
}
