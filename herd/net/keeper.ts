/**
 * Has what a server acknowledges outlast it.
 *
 * @module
 */
import type { Journal } from "../core/journal/journal.ts";
import { JournalFiles, type JournalHost } from "./journal_files.ts";
import type { ServerOptions } from "./server_options.ts";
import type { Platform } from "./platform.ts";

export class Keeper {
  readonly #host: JournalHost;
  #files: JournalFiles | undefined;
  /** Whether a client has told of a fix whose reply is not to leave yet. */
  #isDue = false;
  #isHasty = false;

  /** Keeps nothing, until it is opened. */
  constructor(host: JournalHost) {
    this.#host = host;
  }

  /** Has what the folder holds be held again, if there is a folder. */
  async open(
    journal: Journal | undefined,
    { dataDir, plantedBug }: ServerOptions,
    { disk }: Platform,
  ): Promise<void> {
    if (journal === undefined || dataDir === undefined) return;
    if (disk === undefined) {
      throw new TypeError("Cannot keep anything: this machine has no disk");
    }
    this.#isHasty = plantedBug === "reply-before-sync";
    const host = this.#host;
    this.#files = await JournalFiles.open(host, journal, disk, dataDir);
  }

  /** A fix was stored. */
  stored(): void {
    this.#files?.note();
  }

  /** A client has told of one: a new one, or one whose first reply may wait too. */
  told(): void {
    this.#isDue = this.#files !== undefined;
  }

  /**
   * What the replies to what was told are to wait for: that, and their fixes are
   * on disk. Others wait for no disk, as it may be full.
   */
  before(
    handover: Promise<unknown> | undefined,
  ): Promise<unknown> | undefined {
    if (!this.#isDue) return handover;
    this.#isDue = false;
    if (this.#isHasty) return handover;
    return Promise.all([handover, this.#files!.commit()]);
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    await this.#files?.stop();
  }
}
