/**
 * A hostile client on a connection of its own, of which the server sees bytes
 * and nothing else.
 *
 * @module
 */
import {
  bytesOf,
  type ByteString,
  byteString,
  readable,
} from "../../../herd/core/bytes/bytes.ts";
import { writeAll } from "../../../herd/net/disk.ts";
import {
  type Address,
  type Connection,
  isOver,
  type Platform,
} from "../../../herd/net/platform.ts";
import type { Visit } from "../../model/faults/visit.ts";

const READ_BYTES = 4_096;
const SHOWN_MAX = 80;

/** Is told how a visit went. */
export interface VisitHearer {
  /** It was answered as it must be. */
  onAnswered(): void;
  onWrong(what: string): void;
  /** The server has closed a connection that was to be kept. */
  onClosed(): void;
}

/** One visit. It does not mind if its server dies. */
export class Visitor {
  readonly over: Promise<void>;
  readonly #visit: Visit;
  readonly #hearer: VisitHearer;
  #conn: Connection | undefined;
  #came = "";
  #isAnswered = false;
  #isClosed = false;

  constructor(
    { network }: Pick<Platform, "network">,
    address: Address,
    visit: Visit,
    hearer: VisitHearer,
  ) {
    this.#visit = visit;
    this.#hearer = hearer;
    this.over = this.#run(network.connect(address));
  }

  /** Whether an answer is still due. */
  get isWaiting(): boolean {
    return !this.#visit.isKept && !this.#isAnswered && !this.#isClosed;
  }

  async #run(connecting: Promise<Connection>): Promise<void> {
    const conn = await connecting.catch(() => undefined);
    if (conn === undefined) return;
    this.#conn = conn;
    if (this.#isClosed) return conn.close();
    try {
      const bytes = bytesOf(this.#visit.bytes);
      do await writeAll(conn, bytes); while (this.#visit.isDeaf);
      await this.#read(conn);
    } catch (error) {
      if (!isOver(error)) throw error;
    }
    if (!this.#isClosed && this.#visit.isKept) this.#hearer.onClosed();
    this.close();
  }

  async #read(conn: Connection): Promise<void> {
    const into = new Uint8Array(READ_BYTES);
    for (;;) {
      const count = await conn.read(into);
      if (count === null || this.#isClosed) return;
      this.#came += byteString(into.subarray(0, count));
      if (this.#isAnswered) continue;
      const { answers, isKept } = this.#visit;
      if (answers.some((it) => this.#came.startsWith(it))) {
        this.#isAnswered = true;
        this.#hearer.onAnswered();
        if (!isKept) return;
      } else if (!answers.some((it) => it.startsWith(this.#came))) {
        this.#hearer.onWrong(wrongText(this.#came, answers[0]));
        return;
      }
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#conn?.close();
  }
}

/** What came in the place of what was due, if anything was. */
export function wrongText(reply: ByteString, due: string | undefined): string {
  const wanted = due === undefined ? "silence" : shown(due);
  return `${shown(reply)} instead of ${wanted}`;
}

function shown(text: string): string {
  return JSON.stringify(readable(text).slice(0, SHOWN_MAX));
}
