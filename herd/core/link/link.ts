/**
 * A link to one neighbour, without its socket: what the lines that arrive mean,
 * and what is to be sent.
 *
 * Output is pulled, never pushed. Between two pulls a link holds at most one
 * fix per client, so a slow neighbour costs bounded memory, and is sent the
 * newest fix instead of all of them.
 *
 * @module
 */
import { type ByteString, LF } from "../bytes/bytes.ts";
import { IdleCheck } from "./idle_check.ts";
import { ClientQueue } from "./client_queue.ts";
import type { Line } from "../wire/line.ts";
import type { LinkClocks } from "./link_clocks.ts";
import type { LinkCounts, LinkWatcher, OnSent } from "./link_watcher.ts";
import type { At } from "../wire/fix_messages.ts";
import {
  type LinkMessage,
  type ListKind,
  type ListMessage,
  parseLinkLine,
  parseWanted,
} from "../wire/link_message.ts";
import type { Bad, BadLine } from "../wire/message.ts";
import { ControlQueue } from "./control_queue.ts";
import type { Digest, Store } from "../store/store.ts";
import { Marks } from "./marks.ts";
import { Sync } from "./sync.ts";
import { parseVersion } from "./version.ts";
import type { ByteWriter } from "../bytes/writer.ts";

/** Heartbeats without a line from the neighbour until it counts as down. */
const SILENT_HEARTBEATS_MAX = 3;
/**
 * The same before its first line, which may take as long as a handshake line.
 */
const FIRST_HEARTBEATS_MAX = 5;
/** Heartbeats without a line after which none is expected soon. */
const SILENT_HEARTBEATS = 2;
/** The word under which all lines of syncs and checks are counted. */
const SYNC = "SYNC";

/** One neighbour, from link-up to link-down. */
export class Link {
  readonly peer: ByteString;
  readonly #watcher: LinkWatcher;
  readonly #sync: Sync;
  readonly #check: IdleCheck | undefined;
  /** The end of every AT line: the sender, which is this server. */
  readonly #atEnd: ByteString;
  readonly #store: Store;
  /** Clients whose fix is to be sent, as held when their turn comes. */
  readonly #queue: ClientQueue;
  /** A list that is being received, and its remaining lines. */
  #list: { readonly kind: ListKind; left: number } | undefined;
  /** What is to be sent other than updates, syncs and heartbeats. */
  readonly control: ControlQueue;
  #linesIn = 0;
  #linesOut = 0;
  #pingNumber = 0;
  /** Heartbeats since the neighbour's last line. */
  #silentHeartbeats = 0;
  #isPingDue = false;
  #pongDue: number | undefined;
  readonly #marks: Marks;
  clocks: LinkClocks | undefined;

  /** Starts a sync, if `hasSync`. */
  constructor(
    self: ByteString,
    peer: ByteString,
    store: Store,
    watcher: LinkWatcher,
    hasSync = true,
    hasMarks = false,
  ) {
    this.peer = peer;
    this.#queue = ClientQueue.of(store);
    const say = (line: ByteString) => this.control.say(line);
    this.#marks = new Marks(hasMarks, this.#queue, watcher, say);
    this.#watcher = watcher;
    this.#atEnd = ` ${self}\n`;
    this.#store = store;
    this.#sync = new Sync(store, self < peer, {
      send: (client) => this.queue(client),
      done: (outcome) => watcher.synced(outcome),
    });
    this.control = new ControlQueue(
      store,
      (command, lines) => this.#wrote(command, lines),
    );
    if (!hasSync) return;
    this.#sync.start();
    this.#check = new IdleCheck(store, self < peer);
  }

  /** Number of lines received; also the number of the line being handled. */
  get linesIn(): number {
    return this.#linesIn;
  }

  get counts(): LinkCounts {
    return {
      linesIn: this.#linesIn,
      linesOut: this.#linesOut,
      queued: this.queued,
      waitedS: this.#queue.waitedHeartbeats,
    };
  }

  get queued(): number {
    return this.#queue.size;
  }

  get hasUpdates(): boolean {
    return this.#queue.size > 0;
  }

  get hasOutput(): boolean {
    return this.#queue.size > 0 || this.#isPingDue ||
      this.#pongDue !== undefined || this.#sync.hasOutput ||
      this.control.hasOutput || this.#isCheckDue || this.#marks.isDue;
  }

  /** Only then everything held was sent, as a check says. */
  get #isCheckDue(): boolean {
    return !!this.#check?.hasOutput && !this.owes && !this.#sync.hasOutput;
  }

  /** Whether there are updates or announcements to send, now or later. */
  get owes(): boolean {
    return this.#queue.size > 0 || this.control.hasAnnouncements;
  }

  /** Seconds since link-up, approximately. */
  get heartbeats(): number {
    return this.#pingNumber;
  }

  /** Whether nothing has come from the neighbour for more than a second. */
  get isSilent(): boolean {
    return this.#silentHeartbeats >= SILENT_HEARTBEATS;
  }

  /** Sets who is told of each fix that is written, if anybody. */
  hearSent(sent: OnSent | undefined): void {
    this.#watcher.sent = sent;
  }

  queue(client: number): void {
    this.#queue.add(client);
  }

  /**
   * Asks the neighbour to confirm, for `ticket`, that it holds everything
   * queued so far. Only on links with marks.
   */
  want(ticket: number): void {
    this.#marks.want(ticket);
  }

  /** The neighbour holds this client's newest fix already. */
  unqueue(client: number): void {
    this.#queue.delete(client);
    this.control.unannounce(client);
  }

  /** Prepares a sync by a short step; returns whether another one is needed. */
  tidy(): boolean {
    return this.#store.tidy();
  }

  down(): void {
    this.#watcher.down();
  }

  /**
   * Handles a line from the neighbour; returns what is wrong with it, if it is.
   */
  onLine(line: Line): BadLine | undefined {
    this.#linesIn++;
    this.#silentHeartbeats = 0;
    if (this.#list !== undefined) return this.#onListLine(line);
    const message = parseLinkLine(line, this.peer);
    if (message.kind === "at") {
      this.#check?.onTraffic();
      this.#marks.heard(line);
      this.#watcher.at(message.fix);
      return undefined;
    }
    if (message.kind === "bad") return message.why;
    this.#onMessage(message);
    return undefined;
  }

  #onMessage(message: Exclude<LinkMessage, At | Bad>): void {
    switch (message.kind) {
      case "sync":
        this.#check?.onTraffic();
        return this.#sync.onDigest(message);
      case "check":
        return this.#check?.onCheck(message);
      case "unequal":
        return this.#onUnequal(message);
      case "sums":
        return this.#sync.onSums(message.bucket, message.sums);
      case "diff":
        return this.#sync.onDifference(message.bucket, message.children);
      case "have":
      case "want":
      case "ihave":
      case "graft":
        return this.#onList(message);
      case "prune":
        return this.#watcher.pruned(message.server);
      case "query":
        return this.#watcher.query(message);
      case "answer":
        return this.#watcher.answer(message);
      case "mark":
      case "held":
      case "missed":
        return this.#marks.onMessage(message);
      case "ping":
        this.clocks?.pinged(message.number);
        this.#pongDue = message.number;
        return;
      case "pong":
        return this.clocks?.ponged(message.number);
    }
  }

  #onList({ kind, lines }: ListMessage): void {
    if (lines > 0) this.#list = { kind, left: lines };
    else if (kind === "have") this.#sync.onListEnd();
  }

  #onUnequal(theirs: Digest): void {
    const difference = this.#check?.onUnequal(theirs);
    if (difference === undefined) return;
    this.#watcher.differs(difference);
    this.#sync.start();
  }

  #onListLine(line: Line): BadLine | undefined {
    const list = this.#list!;
    if (--list.left === 0) this.#list = undefined;
    if (list.kind === "have" || list.kind === "ihave") {
      const version = parseVersion(line);
      if ("kind" in version) return version.why;
      if (list.kind === "have") this.#sync.onVersion(version);
      else this.#watcher.announced(version);
    } else {
      const client = parseWanted(line);
      if (typeof client !== "string") return client.why;
      if (list.kind === "want") this.#sync.onWanted(client);
      else this.#watcher.grafted(client);
    }
    return undefined;
  }

  /**
   * Call it once a second: it sends a PING, so that there is something to
   * answer.
   *
   * @returns `false` if the neighbour has been silent for too long. Any line is
   * a sign of life: under load, a PONG waits behind everything sent before it.
   */
  heartbeat(): boolean {
    this.#store.tidy();
    this.#check?.heartbeat();
    this.#queue.heartbeat();
    this.#marks.heartbeat();
    const max = this.#linesIn > 0
      ? SILENT_HEARTBEATS_MAX
      : FIRST_HEARTBEATS_MAX;
    if (this.#silentHeartbeats >= max) return false;
    this.#silentHeartbeats++;
    this.#pingNumber++;
    this.#isPingDue = true;
    return true;
  }

  /**
   * Writes lines to be sent: about `bytesMax` bytes, or less.
   *
   * @returns How many of them are AT lines.
   */
  pull(out: ByteWriter, bytesMax: number): number {
    // The queue only grows between two pulls, so it is longest now.
    const { queued } = this;
    const stop = out.length + bytesMax;
    this.#pullBeats(out);
    if (this.#marks.isFirstDue) this.#pullMark(out);
    const start = out.length;
    const fixes = this.#pullRest(out, bytesMax, stop);
    if (this.#marks.isDue) this.#pullMark(out);
    if (out.length > start) this.#check?.onTraffic();
    if (this.#isCheckDue) this.#counted(out, () => this.#check!.pull(out));
    this.#watcher.pulled(queued, fixes);
    return fixes;
  }

  #pullMark(out: ByteWriter): void {
    this.#marks.pull(out);
    this.#wrote("MARK", 1);
  }

  #pullRest(out: ByteWriter, bytesMax: number, stop: number): number {
    this.control.pullLines(out, bytesMax);
    this.#counted(out, () => this.#sync.pullLines(out, bytesMax));
    let fixes = 0;
    while (this.#queue.size > 0) {
      if (out.length >= stop) return fixes;
      this.#pullFix(this.#queue.shift(), out);
      fixes++;
    }
    this.control.pullAnnouncements(out, stop - out.length);
    while (out.length < stop) {
      const client = this.#sync.pullClient();
      if (client < 0) break;
      this.#pullFix(client, out);
      fixes++;
    }
    return fixes;
  }

  /** Counts the lines of a sync or a check that `write` writes. */
  #counted(out: ByteWriter, write: () => void): void {
    const start = out.length;
    write();
    if (out.length === start) return;
    const { bytes } = out.block;
    let lines = 0;
    for (let at = start; at < out.length; at++) if (bytes[at] === LF) lines++;
    this.#wrote(SYNC, lines);
  }

  #wrote(command: ByteString, lines: number): void {
    const number = this.#linesOut + 1;
    this.#linesOut += lines;
    this.#watcher.wrote(command, lines, number);
  }

  #pullFix(client: number, out: ByteWriter): void {
    this.control.unannounce(client);
    const start = out.length;
    this.#store.writeLine(client, out);
    out.text(this.#atEnd);
    this.#marks.wrote(out, start);
    const number = ++this.#linesOut;
    this.#watcher.sent?.(this.#store.fix(client), number);
  }

  #pullBeats(out: ByteWriter): void {
    if (this.#pongDue !== undefined) {
      this.#linesOut++;
      out.text(`PONG ${this.#pongDue}\n`);
    }
    if (this.#isPingDue) {
      this.#linesOut++;
      out.text(`PING ${this.clocks?.stamp() ?? this.#pingNumber}\n`);
    }
    this.#pongDue = undefined;
    this.#isPingDue = false;
  }
}
