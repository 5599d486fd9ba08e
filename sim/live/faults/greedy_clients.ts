/**
 * Greedy clients: each repeats one line as fast as its server takes it.
 *
 * @module
 */
import { bytesOf, LF } from "../../../herd/core/bytes/bytes.ts";
import { writeAll } from "../../../herd/net/disk.ts";
import {
  type Address,
  type Connection,
  isOver,
  type Platform,
} from "../../../herd/net/platform.ts";
import { delay } from "../../../herd/net/timing.ts";
import type { GreedyTalk } from "../../model/faults/greedy.ts";
import { ANSWERED, SENT, SPARED, WRONG } from "./greedy_counts.ts";

export interface GreedyTarget {
  readonly address: Address;
  readonly talk: GreedyTalk;
}

/** The one message to the worker. */
export interface GreedyOrder {
  readonly ask: "begin";
  readonly targets: readonly GreedyTarget[];
  /** Connections to each target. */
  readonly clients: number;
  /** Where it counts; see `greedyMemory`. */
  readonly memory: SharedArrayBuffer;
}

const LOT_BYTES = 262_144;
const READ_BYTES = 262_144;
/**
 * The pause before it connects again to a server that has gone, in
 * milliseconds.
 */
const AGAIN_MS = 50;

/** One client of one server, over one connection after the other. */
class GreedyClient {
  readonly #target: GreedyTarget;
  readonly #counts: Int32Array;
  readonly #spared: number;
  readonly #reply: Uint8Array;
  #open: Connection | undefined;

  constructor(target: GreedyTarget, counts: Int32Array, index: number) {
    this.#target = target;
    this.#counts = counts;
    this.#spared = SPARED + index;
    this.#reply = bytesOf(target.talk.reply);
  }

  get #isSpared(): boolean {
    return Atomics.load(this.#counts, this.#spared) === 1;
  }

  async run({ clock, network }: Platform): Promise<void> {
    while (!this.#isSpared) {
      try {
        const conn = await network.connect(this.#target.address);
        this.#open = conn;
        try {
          if (this.#isSpared) return;
          await Promise.race([this.#write(conn), this.#read(conn)]);
        } finally {
          if (this.#open === conn) this.close();
        }
      } catch (error) {
        if (!isOver(error)) throw error;
        // The server has gone. It may come back.
      }
      await delay(clock, AGAIN_MS);
    }
  }

  /** Closes its connection, which ends what it is doing. */
  close(): void {
    const open = this.#open;
    this.#open = undefined;
    open?.close();
  }

  async #write(conn: Connection): Promise<void> {
    const { first, again } = this.#target.talk;
    if (first !== undefined) await this.#send(conn, bytesOf(`${first}\n`), 1);
    const lines = Math.ceil(LOT_BYTES / again.length);
    // Building it anew for each write would take longer than sending it.
    const lot = bytesOf(`${again}\n`.repeat(lines));
    while (!this.#isSpared) await this.#send(conn, lot, lines);
  }

  async #send(
    conn: Connection,
    bytes: Uint8Array,
    lines: number,
  ): Promise<void> {
    await writeAll(conn, bytes);
    Atomics.add(this.#counts, SENT, lines);
  }

  /** Checks the beginning of each reply. */
  async #read(conn: Connection): Promise<void> {
    const bytes = new Uint8Array(READ_BYTES);
    const reply = this.#reply;
    let [at, isWrong] = [0, false];
    for (;;) {
      const count = await conn.read(bytes);
      if (count === null) return;
      for (let i = 0; i < count;) {
        while (i < count && at < reply.length) {
          isWrong ||= bytes[i++] !== reply[at++];
        }
        const end = bytes.indexOf(LF, i);
        if (end < 0 || end >= count) break;
        Atomics.add(this.#counts, isWrong ? WRONG : ANSWERED, 1);
        [at, isWrong] = [0, false];
        i = end + 1;
      }
    }
  }
}

/**
 * Starts all of them; they count in the memory, and obey its flags.
 *
 * @returns Ends them all at once.
 */
export function beginGreedy(
  platform: Platform,
  { targets, clients: each, memory }: Omit<GreedyOrder, "ask">,
): () => void {
  const counts = new Int32Array(memory);
  const clients = targets.flatMap((target, index) =>
    Array.from({ length: each }, () => new GreedyClient(target, counts, index))
  );
  for (const client of clients) void client.run(platform);
  return () => {
    for (const index of targets.keys()) counts[SPARED + index] = 1;
    for (const client of clients) client.close();
  };
}
