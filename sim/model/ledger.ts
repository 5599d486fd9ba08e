/**
 * The ledger of a drill: which server acknowledged which fixes and when, and
 * which servers ended. It determines what the herd must hold.
 *
 * A server keeps its records in memory, and acknowledges a fix when it has
 * stored it and queued it for its neighbours. If it is killed or crashes a
 * moment later, the fix may be lost with it. That is the price of not having a
 * database, and is told apart from a fix that the herd lost.
 *
 * @module
 */
import { utf8 } from "../../herd/core/bytes/bytes.ts";
import { type FixSpan, isNewer } from "../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../herd/core/wire/message.ts";
import type { ServerState } from "./lifecycle.ts";

export interface Acknowledged {
  /** The client's ID, readable. */
  readonly client: string;
  /** The server that acknowledged it. */
  readonly server: string;
  /** The AT line, readable. */
  readonly line: string;
  /** When the acknowledgement arrived, in milliseconds since the epoch. */
  readonly atMs: number;
}

/** A fix that died with the server that acknowledged it. */
export interface Died extends Acknowledged {
  /**
   * Milliseconds from the acknowledgement to that end; negative if it came
   * after it.
   */
  readonly beforeEndMs: number;
}

/** A client whose newest acknowledged fix is missing on some servers. */
export interface Lost extends Acknowledged {
  /** The servers that hold it or a newer one; if none, it is lost. */
  readonly heldBy: readonly string[];
  readonly missingOn: readonly string[];
}

/** The state of the acknowledged fixes. */
export interface Verdict {
  /** Number of clients that have an acknowledged fix. */
  readonly clients: number;
  readonly acknowledged: number;
  /** Fixes that died with their server, oldest acknowledgement first. */
  readonly died: readonly Died[];
  /** Fixes that are lost or stale, by client. */
  readonly lost: readonly Lost[];
}

/** A fix that a server holds, as a client reads it. */
export interface Held {
  /** The client's ID, readable. */
  readonly client: string;
  /** The AT line, readable. */
  readonly line: string;
}

/** An acknowledged fix, with its number. */
interface Entry {
  readonly fix: Acknowledged;
  /** From 1, in order of the acknowledgements. */
  readonly number: number;
}

/** A server was killed, or crashed. */
interface End {
  readonly atMs: number;
  upAgainMs: number;
}

/**
 * For a fix that no server holds: when the server with which it died ended, in
 * milliseconds since the epoch; `undefined` if it is lost.
 */
export type EndOf = (fix: Acknowledged) => number | undefined;

/** The kind of herd that a ledger is for. */
export interface LedgerOptions {
  /**
   * Whether fixes stay where they were made, as in mode `ondemand`: then one
   * that no server holds died with its server, whenever that ended.
   */
  readonly staysPut?: boolean;
  /**
   * Whether acknowledged fixes survive their server: then its end alone does
   * not explain that no server holds one, unless it stays on a server that is
   * down.
   */
  readonly isKept?: boolean;
  /** Parses an AT line; `undefined` for any other. */
  readonly fixOf?: (line: string) => FixSpan | undefined;
}

/** The acknowledged fixes of a client. */
interface Entries {
  /** The newest last. */
  readonly all: Entry[];
  /** The last of them, parsed. */
  newest: FixSpan;
}

export class Ledger {
  readonly #staysPut: boolean;
  readonly #isKept: boolean;
  readonly #fixOf: (line: string) => FixSpan | undefined;
  /** By client. */
  readonly #entries = new Map<string, Entries>();
  readonly #ends = new Map<string, End[]>();
  #acknowledged = 0;

  constructor(
    { staysPut = false, isKept = false, fixOf = parse }: LedgerOptions = {},
  ) {
    this.#staysPut = staysPut;
    this.#isKept = isKept;
    this.#fixOf = fixOf;
  }

  /**
   * Records an acknowledgement.
   *
   * @param reply The server's reply; anything but an AT line is ignored.
   * @param atMs Milliseconds since the epoch.
   */
  acknowledge(
    reply: { client: string; server: string; line: string },
    atMs: number,
  ): void {
    const { client, server, line } = reply;
    const fix = this.#fixOf(line);
    if (fix === undefined) return;
    this.#acknowledged++;
    const entry = {
      fix: { client, server, line, atMs },
      number: this.#acknowledged,
    };
    const its = this.#entries.get(client);
    if (its === undefined) {
      this.#entries.set(client, { all: [entry], newest: fix });
    } else if (isNewer(its.newest, fix)) {
      const before = its.all.findLastIndex(({ fix: { line } }) =>
        !isNewer(this.#fixOf(line)!, fix)
      );
      its.all.splice(before + 1, 0, entry);
    } else {
      its.all.push(entry);
      its.newest = fix;
    }
  }

  /**
   * Records a server's state. When it ends, whether killed or crashed, its
   * records are lost, and so may be what it acknowledges until it is up again:
   * replies of its last moments are read later.
   */
  state(server: string, state: ServerState, atMs: number): void {
    const ends = this.#ends.getOrInsertComputed(server, () => []);
    const last = ends.at(-1);
    const isDown = last !== undefined && last.upAgainMs === Infinity;
    if (isDown && state === "up") last.upAgainMs = atMs;
    if (isDown || state !== "stopped" && state !== "crashed") return;
    ends.push({ atMs, upAgainMs: Infinity });
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** The newest acknowledged fix of a client, if there is one. */
  newest(client: string): Acknowledged | undefined {
    return this.#entries.get(client)?.all.at(-1)?.fix;
  }

  /** Whether the server that acknowledged a fix has ended since. */
  hasEndedSince(fix: Acknowledged): boolean {
    return this.#endAfter(fix, Infinity) !== undefined;
  }

  /**
   * Judges what servers hold: each must hold, of each client, the newest
   * acknowledged fix or a newer one. If no server holds it, it may have died
   * with its server; then the one before it must be held.
   *
   * @param held What each live server holds.
   * @param endOf Which fixes died; by default, those whose acknowledgement was
   * read after their server had ended.
   * @param asked How many fixes were acknowledged when servers were asked what
   * they hold: an answer need not contain later ones.
   */
  judge(
    held: ReadonlyMap<string, readonly Held[]>,
    endOf: EndOf = (fix) => this.#endAfter(fix, 0),
    asked: number = this.#acknowledged,
  ): Verdict {
    const end: EndOf = this.#staysPut
      ? (fix) => this.#endAfter(fix, Infinity)
      : endOf;
    const stores = [...held].map(([server, fixes]) => ({
      server,
      store: this.#storeOf(fixes),
    }));
    const died: Died[] = [];
    const lost: Lost[] = [];
    let clients = 0;
    for (const [client, { all }] of this.#entries) {
      const entries = all.flatMap(({ fix, number }) =>
        number <= asked ? [fix] : []
      );
      if (entries.length > 0) clients++;
      for (const entry of entries.toReversed()) {
        const heldBy: string[] = [];
        const missingOn: string[] = [];
        for (const { server, store } of stores) {
          const isHeld = this.#covers(store.get(client), entry.line);
          (isHeld ? heldBy : missingOn).push(server);
        }
        if (missingOn.length === 0) break;
        const endedAtMs = heldBy.length > 0 ? undefined : end(entry);
        if (endedAtMs === undefined) {
          lost.push({ ...entry, heldBy, missingOn });
          break;
        }
        const beforeEndMs = endedAtMs - entry.atMs;
        died.push({ ...entry, beforeEndMs });
      }
    }
    died.sort((a, b) => a.atMs - b.atMs);
    return { clients, acknowledged: asked, died, lost };
  }

  /** What a server holds, by client; of two valid lines, the last one. */
  #storeOf(fixes: readonly Held[]): Map<string, string> {
    const store = new Map<string, string>();
    for (const { client, line } of fixes) {
      if (!store.has(client) || this.#fixOf(line)) store.set(client, line);
    }
    return store;
  }

  /** Whether a held line is of an acknowledged fix, or of a newer one. */
  #covers(held: string | undefined, wanted: string): boolean {
    if (held === wanted) return true;
    const fix = held === undefined ? undefined : this.#fixOf(held);
    return fix !== undefined && !isNewer(this.#fixOf(wanted)!, fix);
  }

  /** When the server ended, if that was soon after the acknowledgement. */
  #endAfter(entry: Acknowledged, withinMs: number): number | undefined {
    return this.#ends.get(entry.server)?.find(({ atMs, upAgainMs }) =>
      entry.atMs >= atMs - withinMs && entry.atMs <= upAgainMs &&
      (!this.#isKept || this.#staysPut && upAgainMs === Infinity)
    )?.atMs;
  }
}

function parse(line: string): FixSpan | undefined {
  return parseAtLine(utf8(line));
}
