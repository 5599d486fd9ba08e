/**
 * Makes fixes durable before they are acknowledged: on disk, and with
 * neighbours.
 *
 * @module
 */
import { type Durability, isReplicated } from "../core/durability.ts";
import type { Node } from "../core/node.ts";
import defer * as journals from "./journal_files.ts";
import type { ServerOptions } from "./server_options.ts";
import type { ServerParts } from "./server_parts.ts";

/**
 * Resolved for replies that must not be sent: their fixes may not be durable.
 */
export const WITHHELD = Symbol("withheld");

/** A group that neighbours have to confirm; see `Replicas`. */
interface Waiting {
  readonly group: number;
  readonly resolve: () => void;
}

/** A server can't provide the durability that is asked for. */
export class NotDurable extends TypeError {
  override readonly name = "NotDurable";

  constructor(level: Durability, why: string) {
    super(`Cannot be durable by ${level}: ${why}`);
  }
}

/**
 * The durability of a server; by default `disk` with a folder, else `none`.
 *
 * @throws {NotDurable} If it lacks what the level needs.
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
  readonly #host: ServerParts;
  readonly #durable: Durability;
  #files: journals.JournalFiles | undefined;
  #replicas: Node<unknown>["replicas"];
  readonly #waiting: Waiting[] = [];
  /** Promises shared by all that wait for the same group of the disk. */
  #shared:
    | { readonly disk: Promise<void>; readonly kept: Promise<unknown> }
    | undefined;
  /** Whether a client has sent a fix whose reply must not leave yet. */
  #isDue = false;
  #isHasty = false;

  constructor(host: ServerParts, durable: Durability) {
    this.#host = host;
    this.#durable = durable;
  }

  /** Restores what the folder contains, if there is a folder. */
  async open(
    node: Pick<Node<unknown>, "journal" | "replicas" | "full" | "count">,
    { dataDir, plantedBug }: ServerOptions,
  ): Promise<void> {
    const { journal } = node;
    this.#replicas = node.replicas;
    this.#isHasty = plantedBug === "reply-before-sync";
    if (journal === undefined || dataDir === undefined) return;
    const { disk } = this.#host.platform;
    if (disk === undefined) {
      throw new TypeError("Cannot keep anything: this machine has no disk");
    }
    const host = this.#host;
    this.#files = await journals.JournalFiles
      .open(host, journal, disk, dataDir);
    // What was acknowledged is held, even if it is more than the limit.
    const { full, count } = node;
    if (full !== undefined) host.limitLog.met(full, { recovered: count });
  }

  stored(): void {
    this.#files?.note();
  }

  /**
   * A client has sent a fix: a new one, or one whose first reply may wait too.
   */
  told(): void {
    this.#isDue = this.isDurable;
  }

  /** Neighbours hold everything up to a group. */
  replicated(group: number): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.group <= group) {
      this.#waiting.shift()!.resolve();
    }
  }

  /** Calls `answer` once everything held now is on disk, if there is one. */
  marked(answer: () => void): void {
    if (this.#files === undefined) return answer();
    this.#host.tasks.add(
      this.#files.commit().then(() => {
        answer();
        this.#host.flush();
      }),
    );
  }

  /** Whether acknowledged fixes have to survive the server. */
  get isDurable(): boolean {
    return this.#durable !== "none";
  }

  /**
   * What replies to fixes have to wait for: that those are as durable as
   * required. It resolves to {@linkcode WITHHELD} if that takes too long.
   * `undefined` if nothing has to wait; other replies do not, since a disk may
   * be full.
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
    // A mark now follows what waits for neighbours.
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
   * Writes what is left. Connections must be closed before, so nobody waits and
   * no reply leaves.
   */
  async stop(): Promise<void> {
    this.replicated(Infinity);
    await this.#files?.stop();
  }
}
