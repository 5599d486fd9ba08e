/**
 * What a link sends other than updates and syncs: single lines, and lists of
 * clients.
 *
 * @module
 */
import { type ByteString, LF } from "../bytes/bytes.ts";
import { ClientQueue } from "./client_queue.ts";
import type { Store } from "../store/store.ts";
import { ByteWriter } from "../bytes/writer.ts";

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
  /** The list that is being built. */
  readonly #list = new ByteWriter();

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
      this.#pullList("GRAFT", out, stop, (list) => {
        const [client] = this.#grafts;
        if (client === undefined) return false;
        this.#grafts.delete(client);
        list.text(client);
        return true;
      });
    }
  }

  /** Writes one list of released announcements, if there are any. */
  pullAnnouncements(out: ByteWriter, bytesMax: number): void {
    const stop = out.length + bytesMax;
    while (this.#released > 0 && out.length < stop) {
      this.#pullList("IHAVE", out, stop, (list) => this.#pullVersion(list));
    }
  }

  #pullVersion(list: ByteWriter): boolean {
    if (this.#released === 0) return false;
    this.#store.writeVersion(this.#announcements.shift(), list);
    this.#released = this.hasAnnouncements ? this.#released - 1 : 0;
    return true;
  }

  /** Writes a list; `next` writes a line of it, until there are none left. */
  #pullList(
    command: string,
    out: ByteWriter,
    stop: number,
    next: (list: ByteWriter) => boolean,
  ): void {
    const list = this.#list;
    list.clear();
    let count = 0;
    const { listLines } = this.#store.tuning;
    while (count < listLines && out.length + list.length < stop) {
      if (!next(list)) break;
      list.byte(LF);
      count++;
    }
    out.text(`${command} ${count}\n`);
    out.copy(list.block, 0, list.length);
    this.#onWritten(command, count + 1);
  }
}
