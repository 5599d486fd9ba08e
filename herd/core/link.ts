/**
 * A link to one neighbour, as far as it can be told without a socket: what its
 * lines mean, and what is to be sent.
 *
 * Output is pulled, never pushed. Between two pulls a link holds at most one fix
 * per client, so a slow neighbour costs bounded memory, and is sent the newest
 * instead of all.
 *
 * @module
 */
import type { ByteString } from "./bytes.ts";
import type { Fix } from "./fix.ts";
import {
  type At,
  type BadLine,
  parseLinkLine,
  parseVersion,
  parseWanted,
} from "./message.ts";
import type { Held, Store } from "./store.ts";
import { Sync, type SyncOutcome } from "./sync.ts";

/** Unanswered PINGs after which a neighbour counts as down. */
const PINGS_MISSED_MAX = 3;

/** What a link tells the node. */
export interface LinkHooks {
  /** The neighbour has sent a fix. */
  at(at: At): void;
  /** A sync has come to its end. */
  synced(outcome: SyncOutcome): void;
}

/** One neighbour, from link-up to link-down. */
export class Link {
  /** The neighbour's name. */
  readonly peer: ByteString;
  readonly #hooks: LinkHooks;
  readonly #sync: Sync;
  /** What every AT line ends with: the sender, which is this server. */
  readonly #atEnd: ByteString;
  readonly #queue = new Map<ByteString, Fix>();
  /** A list under way: its lines still to come. */
  #list: { readonly kind: "have" | "want"; left: number } | undefined;
  #pingNumber = 0;
  #pingsMissed = 0;
  #isPingDue = false;
  #pongDue: number | undefined;

  /** Begins with a sync. */
  constructor(
    self: ByteString,
    peer: ByteString,
    store: Store,
    hooks: LinkHooks,
  ) {
    this.peer = peer;
    this.#hooks = hooks;
    this.#atEnd = ` ${self}\n`;
    this.#sync = new Sync(
      store,
      [self, peer],
      (held) => this.queue(held),
      (outcome) => hooks.synced(outcome),
    );
    this.#sync.start();
  }

  /** Fixes that wait to be sent. */
  get queued(): number {
    return this.#queue.size;
  }

  /** Whether there is something to send. */
  get hasOutput(): boolean {
    return this.#queue.size > 0 || this.#isPingDue ||
      this.#pongDue !== undefined || this.#sync.hasOutput;
  }

  /** Has a fix sent; it takes the place of an older one of the same client. */
  queue({ client, fix }: Held): void {
    this.#queue.set(client, fix);
  }

  /** The neighbour holds this client's newest fix already. */
  unqueue(client: ByteString): void {
    this.#queue.delete(client);
  }

  /** A line from the neighbour; names what is wrong with it, if anything is. */
  onLine(text: ByteString, start: number, end: number): BadLine | undefined {
    if (this.#list !== undefined) return this.#onListLine(text, start, end);
    const message = parseLinkLine(text, start, end, this.peer);
    switch (message.kind) {
      case "at":
        this.#hooks.at(message);
        return undefined;
      case "sync":
        this.#sync.onDigest(message);
        return undefined;
      case "have":
      case "want":
        if (message.lines > 0) {
          this.#list = { kind: message.kind, left: message.lines };
        } else if (message.kind === "have") this.#sync.onListEnd();
        return undefined;
      case "ping":
        this.#pongDue = message.number;
        return undefined;
      case "pong":
        this.#pingsMissed = 0;
        return undefined;
      case "blank":
        return undefined;
      case "bad":
        return message.why;
    }
  }

  #onListLine(
    text: ByteString,
    start: number,
    end: number,
  ): BadLine | undefined {
    const list = this.#list!;
    if (--list.left === 0) this.#list = undefined;
    if (list.kind === "have") {
      const version = parseVersion(text, start, end);
      if ("kind" in version) return version.why;
      this.#sync.onVersion(version);
    } else {
      const client = parseWanted(text, start, end);
      if (typeof client !== "string") return client.why;
      this.#sync.onWanted(client);
    }
    return undefined;
  }

  /** Once a second: has a PING sent. `false` if too many went unanswered. */
  beat(): boolean {
    if (this.#pingsMissed >= PINGS_MISSED_MAX) return false;
    this.#pingsMissed++;
    this.#pingNumber++;
    this.#isPingDue = true;
    return true;
  }

  /**
   * Takes lines to be sent: about `bytesMax` bytes, or less if there is less.
   *
   * @param sent Hears how many AT lines were taken.
   */
  pull(bytesMax: number, sent: (fixes: number) => void): ByteString {
    let text = this.#pullBeats() + this.#sync.pullLines(bytesMax);
    let fixes = 0;
    for (const [client, fix] of this.#queue) {
      if (text.length >= bytesMax) break;
      this.#queue.delete(client);
      text += fix.line + this.#atEnd;
      fixes++;
    }
    while (text.length < bytesMax) {
      const fix = this.#sync.pullFix();
      if (fix === undefined) break;
      text += fix.line + this.#atEnd;
      fixes++;
    }
    sent(fixes);
    return text;
  }

  #pullBeats(): ByteString {
    let text = "";
    if (this.#pongDue !== undefined) text += `PONG ${this.#pongDue}\n`;
    if (this.#isPingDue) text += `PING ${this.#pingNumber}\n`;
    this.#pongDue = undefined;
    this.#isPingDue = false;
    return text;
  }
}
