/**
 * Reads the columns that `sim/model/report/columns.ts` writes.
 *
 * @module
 */

/** Reads whole numbers one after the other. */
export class ColumnReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  /** Starts at the first number of a text. */
  constructor(text: string) {
    const bytes = atob(text.trim());
    this.#bytes = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i++) {
      this.#bytes[i] = bytes.charCodeAt(i);
    }
  }

  /** How many numbers are left. */
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

  /** The next number, which may be negative. */
  nextSigned(): number {
    const number = this.next();
    return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
  }
}

/** The messages of a run, in the order of sending. */
export type MessageTable = Readonly<ReturnType<typeof readMessages>>;

/** In `isNew`: not known whether the message arrived. */
export const UNKNOWN = 2;

const NUMBERS_PER_MESSAGE = 6;

export function readMessages(text: string) {
  const column = new ColumnReader(text);
  const length = column.count() / NUMBERS_PER_MESSAGE;
  const table = {
    length,
    /** In milliseconds since the start. */
    sentMs: new Float64Array(length),
    /** NaN if the message is not known to have arrived. */
    receivedMs: new Float64Array(length),
    /**
     * 1 if the message was newer than what the receiver held. For one that is
     * not known to have arrived, `UNKNOWN` if it may have, or still may.
     */
    isNew: new Uint8Array(length),
    /**
     * The index of the sender; the index after the last server's stands for
     * clients.
     */
    from: new Uint16Array(length),
    /** The index of the receiver. */
    to: new Uint16Array(length),
    /** The index of the update that the message carries. */
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
export type RequestTable = Readonly<ReturnType<typeof readRequests>>;

const NUMBERS_PER_REQUEST = 7;

export function readRequests(text: string) {
  const column = new ColumnReader(text);
  const length = column.count() / NUMBERS_PER_REQUEST;
  const table = {
    length,
    /** In milliseconds since the start. */
    dueMs: new Float64Array(length),
    invokedMs: new Float64Array(length),
    /** NaN if it never ended. */
    endedMs: new Float64Array(length),
    /** 0 ok, 1 fail, 2 unknown. */
    outcome: new Uint8Array(length),
    /** The index of the server. */
    server: new Uint16Array(length),
    /** The index of its update, or -1. */
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
    // The operation, which the page does not tell.
    column.next();
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

  /** The messages that carry an update, in the order of sending. */
  of(update: number): Uint32Array {
    return this.#messages.subarray(
      this.#starts[update],
      this.#starts[update + 1],
    );
  }
}
