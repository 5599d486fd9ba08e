/**
 * Reads the columns that `sim/model/report/columns.ts` writes.
 *
 * @module
 */

/** Reads whole numbers, one after the other. */
export class ColumnReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  /** Begins with the first number of a text. */
  constructor(text: string) {
    const bytes = atob(text.trim());
    this.#bytes = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i++) {
      this.#bytes[i] = bytes.charCodeAt(i);
    }
  }

  /** Numbers that are left. */
  count(): number {
    let count = 0;
    for (let i = this.#at; i < this.#bytes.length; i++) {
      if (this.#bytes[i]! < 128) count++;
    }
    return count;
  }

  next(): number {
    let number = 0;
    for (let unit = 1;; unit *= 128) {
      const byte = this.#bytes[this.#at++]!;
      if (byte < 128) return number + byte * unit;
      number += (byte - 128) * unit;
    }
  }

  /** The next number, which may be below 0. */
  nextSigned(): number {
    const number = this.next();
    return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
  }
}

/** The messages of a run, in the order in which they were sent. */
export interface MessageTable {
  readonly length: number;
  /** When each was sent, in milliseconds since the start. */
  readonly sentMs: Float64Array;
  /** When each came; NaN: it is not known to have come. */
  readonly receivedMs: Float64Array;
  /**
   * 1 if it was newer than what the receiver held; of one that is not known to
   * have come, `UNKNOWN` if it may have, or still may.
   */
  readonly isNew: Uint8Array;
  /** The sender's number; that after the last server's is a client. */
  readonly from: Uint16Array;
  /** The receiver's number. */
  readonly to: Uint16Array;
  /** The number of the update that it carries. */
  readonly update: Uint32Array;
}

/** Of a message: nobody knows whether it came. */
export const UNKNOWN = 2;

const NUMBERS_PER_MESSAGE = 6;

export function readMessages(text: string): MessageTable {
  const column = new ColumnReader(text);
  const length = column.count() / NUMBERS_PER_MESSAGE;
  const table = {
    length,
    sentMs: new Float64Array(length),
    receivedMs: new Float64Array(length),
    isNew: new Uint8Array(length),
    from: new Uint16Array(length),
    to: new Uint16Array(length),
    update: new Uint32Array(length),
  };
  let sentUs = 0;
  let update = 0;
  for (let i = 0; i < length; i++) {
    sentUs += column.nextSigned();
    const took = column.next();
    table.sentMs[i] = sentUs / 1_000;
    table.receivedMs[i] = took === 0 ? NaN : (sentUs + took - 1) / 1_000;
    table.isNew[i] = column.next();
    table.from[i] = column.next();
    table.to[i] = column.next();
    update += column.nextSigned();
    table.update[i] = update;
  }
  return table;
}

/** The requests of a run, in the order in which they were made. */
export interface RequestTable {
  readonly length: number;
  /** When each was due, in milliseconds since the start. */
  readonly dueMs: Float64Array;
  /** When each was made. */
  readonly invokedMs: Float64Array;
  /** When each ended; NaN: it never did. */
  readonly endedMs: Float64Array;
  /** 0 iamat, 1 whatsat, 2 send. */
  readonly operation: Uint8Array;
  /** 0 ok, 1 fail, 2 unknown. */
  readonly outcome: Uint8Array;
  /** The server's number. */
  readonly server: Uint16Array;
  /** The number of its update, or -1. */
  readonly update: Int32Array;
}

const NUMBERS_PER_REQUEST = 7;

export function readRequests(text: string): RequestTable {
  const column = new ColumnReader(text);
  const length = column.count() / NUMBERS_PER_REQUEST;
  const table = {
    length,
    dueMs: new Float64Array(length),
    invokedMs: new Float64Array(length),
    endedMs: new Float64Array(length),
    operation: new Uint8Array(length),
    outcome: new Uint8Array(length),
    server: new Uint16Array(length),
    update: new Int32Array(length),
  };
  let invokedUs = 0;
  for (let i = 0; i < length; i++) {
    invokedUs += column.nextSigned();
    const late = column.next();
    const took = column.next();
    table.invokedMs[i] = invokedUs / 1_000;
    table.dueMs[i] = (invokedUs - late) / 1_000;
    table.endedMs[i] = took === 0 ? NaN : (invokedUs + took - 1) / 1_000;
    table.operation[i] = column.next();
    table.outcome[i] = column.next();
    table.server[i] = column.next();
    table.update[i] = column.next() - 1;
  }
  return table;
}

export class UpdateIndex {
  readonly #starts: Uint32Array;
  readonly #messages: Uint32Array;

  constructor({ length, update }: MessageTable, updates: number) {
    this.#starts = new Uint32Array(updates + 1);
    for (let i = 0; i < length; i++) this.#starts[update[i]! + 1]!++;
    for (let i = 0; i < updates; i++) {
      this.#starts[i + 1]! += this.#starts[i]!;
    }
    this.#messages = new Uint32Array(length);
    const next = this.#starts.slice();
    for (let i = 0; i < length; i++) this.#messages[next[update[i]!]!++] = i;
  }

  /** The messages that carry an update, in the order of their sending. */
  of(update: number): Uint32Array {
    return this.#messages.subarray(
      this.#starts[update],
      this.#starts[update + 1],
    );
  }
}
