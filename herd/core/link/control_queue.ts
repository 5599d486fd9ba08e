/**
 * What a link sends other than updates and syncs: single lines, and lists of
 * clients.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import { ClientQueue } from "./client_queue.ts";
import type { Store } from "../store/store.ts";
import type { ByteWriter } from "../bytes/writer.ts";
import { writeList, writeNames } from "./list.ts";

/** Called with the first word of a written message, and its number of lines. */
export type OnWritten = (command: ByteString, lines: number) => void;

/** Control lines to be sent to one neighbour. */
export class ControlQueue {
  readonly #store: Store;
  readonly #onWritten: OnWritten;
  #lines: ByteString[] = [];
  readonly #grafts = new Set<ByteString>();
  readonly #prunes = new Set<ByteString>();
  /** Clients whose version is to be announced, as held when it is sent. */
  readonly #announcements: ClientQueue;
  /** Number of announcements that may be sent. */
  #released = 0;

  constructor(store: Store, onWritten: OnWritten) {
    this.#store = store;
    this.#announcements = new ClientQueue(store.tuning.queueSlots);
    this.#onWritten = onWritten;
  }

  /** Whether there is something to send now. */
  get hasOutput(): boolean {
    return this.#lines.length > 0 || this.#grafts.size > 0 ||
      this.#prunes.size > 0 || this.#released > 0;
  }

  /** Whether there are announcements, released or not. */
  get hasAnnouncements(): boolean {
    return this.#announcements.size > 0;
  }

  /** Sends a line. */
  say(line: ByteString): void {
    this.#lines.push(line);
  }

  /** Asks for a client's fix, and for the updates of that tree from now on. */
  graft(client: ByteString): void {
    this.#grafts.add(client);
  }

  /** Asks the neighbour not to push updates of a server. */
  prune(server: ByteString): void {
    this.#prunes.add(server);
  }

  /** Announces a client's version, once announcements are released. */
  announce(client: number): void {
    this.#announcements.add(client);
  }

  /** The neighbour needs no announcement of a client. */
  unannounce(client: number): void {
    if (!this.hasAnnouncements) return;
    this.#announcements.delete(client);
    if (!this.hasAnnouncements) this.#released = 0;
  }

  /** Releases the first `count` announcements. */
  releaseAnnouncements(count: number): void {
    this.#released = this.hasAnnouncements ? count : 0;
  }

  /** Writes lines that must not wait: about `bytesMax` bytes, or less. */
  pullLines(out: ByteWriter, bytesMax: number): void {
    const { listLines } = this.#store.tuning;
    const stop = out.length + bytesMax;
    let written = 0;
    while (written < this.#lines.length && out.length < stop) {
      const line = this.#lines[written++]!;
      out.text(line + "\n");
      this.#onWritten(line.slice(0, line.indexOf(" ")), 1);
    }
    this.#lines = this.#lines.slice(written);
    for (const server of this.#prunes) {
      if (out.length >= stop) return;
      this.#prunes.delete(server);
      out.text(`PRUNE ${server}\n`);
      this.#onWritten("PRUNE", 1);
    }
    while (this.#grafts.size > 0 && out.length < stop) {
      const left = stop - out.length;
      const count = writeNames("GRAFT", listLines, out, left, this.#grafts);
      this.#onWritten("GRAFT", count + 1);
    }
  }

  /** Writes one list of released announcements, if there are any. */
  pullAnnouncements(out: ByteWriter, bytesMax: number): void {
    const { listLines } = this.#store.tuning;
    const stop = out.length + bytesMax;
    const next = (list: ByteWriter) => this.#pullVersion(list);
    while (this.#released > 0 && out.length < stop) {
      const left = stop - out.length;
      const count = writeList("IHAVE", listLines, out, left, next);
      this.#onWritten("IHAVE", count + 1);
    }
  }

  #pullVersion(list: ByteWriter): boolean {
    if (this.#released === 0) return false;
    this.#store.writeVersion(this.#announcements.shift(), list);
    this.#released = this.hasAnnouncements ? this.#released - 1 : 0;
    return true;
  }
}
