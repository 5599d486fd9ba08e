/**
 * Has what a server acknowledges outlast it: on its disk, and with neighbours.
 *
 * @module
 */
import { type Durability, isReplicated } from "../core/durability.ts";
import type { Limits } from "../core/limits.ts";
import type { Node } from "../core/node.ts";
import { JournalFiles, type JournalHost } from "./journal_files.ts";
import type { ServerOptions } from "./server_options.ts";
import type { LimitLog } from "./limit_log.ts";
import type { Platform } from "./platform.ts";

/** Said of replies that must not leave: what they acknowledge may not outlast us. */
export const WITHHELD = Symbol("withheld");

export interface KeeperHost extends JournalHost {
  readonly limits: Pick<Limits, "durableMsMax">;
  readonly limitLog: LimitLog;
  /** Writes what waits for neighbours. */
  flush(): void;
}

/** A group that neighbours are to hold; see `Replicas`. */
interface Waiting {
  readonly group: number;
  readonly resolve: () => void;
}

/** That a server can't promise what it is to promise. */
export class NotDurable extends TypeError {
  /** The class's name, as errors print it. */
  override readonly name = "NotDurable";

  /** Of a server that lacks what `level` takes. */
  constructor(level: Durability, why: string) {
    super(`Cannot be durable by ${level}: ${why}`);
  }
}

/**
 * What a server can promise: with a disk and where nothing is said, `disk`.
 *
 * @throws {NotDurable} If it lacks what that takes.
 */
export function durabilityOf(
  { durable, dataDir, neighbours }: ServerOptions,
): Durability {
  if (durable === "disk" && dataDir === undefined) {
    throw new NotDurable(
      durable,
      "no folder for data is named (--data-dir, dataDir)",
    );
  }
  if (durable && isReplicated(durable) && neighbours.length === 0) {
    throw new NotDurable(durable, "no neighbour is named");
  }
  return durable ?? (dataDir === undefined ? "none" : "disk");
}

export class Keeper {
  readonly #host: KeeperHost;
  readonly #durable: Durability;
  #files: JournalFiles | undefined;
  #replicas: Node<unknown>["replicas"];
  readonly #waiting: Waiting[] = [];
  /** What all who wait for the same group of the disk wait for. */
  #shared:
    | { readonly disk: Promise<void>; readonly kept: Promise<unknown> }
    | undefined;
  /** Whether a client has told of a fix whose reply is not to leave yet. */
  #isDue = false;
  #isHasty = false;

  /** Keeps nothing, until it is opened. */
  constructor(host: KeeperHost, durable: Durability) {
    this.#host = host;
    this.#durable = durable;
  }

  /** Has what the folder holds be held again, if there is a folder. */
  async open(
    node: Pick<Node<unknown>, "journal" | "replicas" | "full" | "count">,
    { dataDir, plantedBug }: ServerOptions,
    { disk }: Platform,
  ): Promise<void> {
    const { journal } = node;
    this.#replicas = node.replicas;
    this.#isHasty = plantedBug === "reply-before-sync";
    if (journal === undefined || dataDir === undefined) return;
    if (disk === undefined) {
      throw new TypeError("Cannot keep anything: this machine has no disk");
    }
    const host = this.#host;
    this.#files = await JournalFiles.open(host, journal, disk, dataDir);
    // What was acknowledged is held, though it may be more than is allowed.
    const { full, count } = node;
    if (full !== undefined) host.limitLog.met(full, { recovered: count });
  }

  /** A fix was stored. */
  stored(): void {
    this.#files?.note();
  }

  /** A client has told of one: a new one, or one whose first reply may wait too. */
  told(): void {
    this.#isDue = this.isDurable;
  }

  /** Neighbours hold what was told, up to a group. */
  replicated(group: number): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.group <= group) {
      this.#waiting.shift()!.resolve();
    }
  }

  /** Calls `answer` once what is held by now is on disk, if there is one. */
  marked(answer: () => void): void {
    if (this.#files === undefined) return answer();
    this.#host.tasks.add(
      this.#files.commit().then(() => {
        answer();
        this.#host.flush();
      }),
    );
  }

  /** Whether anything that is acknowledged is to outlast the server. */
  get isDurable(): boolean {
    return this.#durable !== "none";
  }

  /**
   * What the replies to what was told are to wait for: their fixes are as durable
   * as is asked for. It gives {@linkcode WITHHELD} if they are not in time. Others
   * wait for nothing, as a disk may be full.
   */
  kept(): Promise<unknown> | undefined {
    if (!this.#isDue) return undefined;
    this.#isDue = false;
    return this.#isHasty ? undefined : this.#kept();
  }

  #kept(): Promise<unknown> {
    const disk = this.#files?.commit();
    if (this.#replicas === undefined) return this.#onDisk(disk!);
    const group = this.#replicas.group();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ group, resolve });
    // What waits for neighbours is behind a mark now.
    this.#host.flush();
    return this.#inTime(Promise.all([disk, promise]), () => {
      this.#replicas?.forget(group);
      this.replicated(group);
    });
  }

  #onDisk(disk: Promise<void>): Promise<unknown> {
    if (disk !== this.#shared?.disk) {
      this.#shared = { disk, kept: this.#inTime(disk) };
    }
    return this.#shared.kept;
  }

  #inTime(kept: Promise<unknown>, onLate?: () => void): Promise<unknown> {
    const { clock, limits: { durableMsMax } } = this.#host;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const timer = clock.after(durableMsMax, () => {
      resolve(WITHHELD);
      onLate?.();
    });
    void kept.then(() => {
      timer.cancel();
      resolve(undefined);
    });
    return promise;
  }

  /**
   * Writes what is left. Nobody waits any more, for connections must have been
   * closed before: no reply leaves.
   */
  async stop(): Promise<void> {
    this.replicated(Infinity);
    await this.#files?.stop();
  }
}
