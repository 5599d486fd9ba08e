/**
 * The ledger of a drill: which fixes were acknowledged by whom and when, and
 * which servers ended. From it follows what the herd must hold.
 *
 * A server keeps its records in memory, and acknowledges a fix when it has
 * stored it and queued it for its neighbours. One that is killed or crashes a
 * moment later may take the fix with it. That is the price of having no database, and is
 * told apart from a fix that the herd lost.
 *
 * @module
 */
import { utf8 } from "../../herd/core/bytes/bytes.ts";
import { type FixSpan, isNewer } from "../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../herd/core/wire/message.ts";
import type { ServerState } from "./lifecycle.ts";

export interface Acknowledged {
  /** The client, as people read it. */
  readonly client: string;
  /** The server that acknowledged it. */
  readonly server: string;
  /** The AT line, as people read it. */
  readonly line: string;
  /** When the acknowledgement came, in milliseconds since the epoch. */
  readonly atMs: number;
}

/** A fix that died with the server that acknowledged it. */
export interface Died extends Acknowledged {
  /** From the acknowledgement to that end; below 0 if it came after it. */
  readonly beforeEndMs: number;
}

/** A client whose newest acknowledged fix is not where it must be. */
export interface Lost extends Acknowledged {
  /** The servers that hold it or a newer one; none: it is lost outright. */
  readonly heldBy: readonly string[];
  readonly missingOn: readonly string[];
}

/** What became of the acknowledged fixes. */
export interface Verdict {
  /** Clients that have an acknowledged fix. */
  readonly clients: number;
  readonly acknowledged: number;
  /** Those that died with their server, oldest acknowledgement first. */
  readonly died: readonly Died[];
  /** Those that are lost or stale, by client. */
  readonly lost: readonly Lost[];
}

/** A fix that a server holds, as a client reads it. */
export interface Held {
  /** The client, as people read it. */
  readonly client: string;
  /** The AT line, as people read it. */
  readonly line: string;
}

/** A fix that was acknowledged, and as which one. */
interface Entry {
  readonly fix: Acknowledged;
  /** From 1, in the order of the acknowledgements. */
  readonly number: number;
}

/** A server was killed, or crashed. */
interface End {
  readonly atMs: number;
  upAgainMs: number;
}

/**
 * When the server ended with which a fix died that no server holds any more, in
 * milliseconds since the epoch; nothing if it did not die, and is lost.
 */
export type EndOf = (fix: Acknowledged) => number | undefined;

/** Of what kind of herd a ledger is. */
export interface LedgerOptions {
  /**
   * Whether fixes stay where they were made, as in mode `ondemand`: then one
   * that no server holds died with its server, whenever that ended.
   */
  readonly staysPut?: boolean;
  /**
   * Whether what is acknowledged outlasts its server: then no end explains by
   * itself that no server holds it, unless it stays put on one that is down.
   */
  readonly isKept?: boolean;
}

export class Ledger {
  readonly #staysPut: boolean;
  readonly #isKept: boolean;
  /** By client, the newest fix last. */
  readonly #entries = new Map<string, Entry[]>();
  readonly #ends = new Map<string, End[]>();
  #acknowledged = 0;

  constructor({ staysPut = false, isKept = false }: LedgerOptions = {}) {
    this.#staysPut = staysPut;
    this.#isKept = isKept;
  }

  /**
   * Writes an acknowledgement down.
   *
   * @param reply What the server replied; other things than AT lines are
   * passed over.
   * @param atMs Milliseconds since the epoch.
   */
  acknowledge(
    reply: { client: string; server: string; line: string },
    atMs: number,
  ): void {
    const { client, server, line } = reply;
    const fix = parseAtLine(utf8(line));
    if (fix === undefined) return;
    this.#acknowledged++;
    const entries = this.#entries.get(client) ?? [];
    // Mostly it is the newest.
    const before = entries.findLastIndex((it) => !isNewer(fixOf(it.fix), fix));
    const entry = {
      fix: { client, server, line, atMs },
      number: this.#acknowledged,
    };
    entries.splice(before + 1, 0, entry);
    this.#entries.set(client, entries);
  }

  /**
   * Takes note of a server's state: with an end, be it a kill or a crash, go
   * its records, and so may what it acknowledges until it is up again, for
   * replies of its last moments are read after it.
   */
  state(server: string, state: ServerState, atMs: number): void {
    const ends = this.#ends.get(server) ?? [];
    const last = ends.at(-1);
    const isDown = last !== undefined && last.upAgainMs === Infinity;
    if (isDown && state === "up") last.upAgainMs = atMs;
    if (isDown || state !== "stopped" && state !== "crashed") return;
    ends.push({ atMs, upAgainMs: Infinity });
    this.#ends.set(server, ends);
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** The newest fix of a client that was acknowledged, if any was. */
  newest(client: string): Acknowledged | undefined {
    return this.#entries.get(client)?.at(-1)?.fix;
  }

  /** Whether the server that acknowledged a fix has ended since. */
  hasEndedSince(fix: Acknowledged): boolean {
    return this.#endAfter(fix, Infinity) !== undefined;
  }

  /**
   * Judges what servers hold: each must hold, of each client, the newest
   * acknowledged fix or a newer one. If no server holds it, it may have died
   * with its server; what must be held then is the one before it.
   *
   * @param held What each live server holds.
   * @param endOf Which fixes died; by default, those whose acknowledgement was
   * read after their server had ended.
   * @param asked How many fixes were acknowledged when servers were asked what
   * they hold: an answer need not have what was acknowledged after its question.
   */
  judge(
    held: ReadonlyMap<string, readonly Held[]>,
    endOf: EndOf = (fix) => this.#endAfter(fix, 0),
    asked: number = this.#acknowledged,
  ): Verdict {
    const end: EndOf = this.#staysPut
      ? (fix) => this.#endAfter(fix, Infinity)
      : endOf;
    const stores = new Map<string, Map<string, FixSpan>>();
    for (const [server, fixes] of held) stores.set(server, storeOf(fixes));
    const died: Died[] = [];
    const lost: Lost[] = [];
    let clients = 0;
    for (const [client, all] of this.#entries) {
      const entries = all.flatMap(({ fix, number }) =>
        number <= asked ? [fix] : []
      );
      if (entries.length > 0) clients++;
      for (const entry of entries.toReversed()) {
        const wanted = fixOf(entry);
        const [heldBy, missingOn] = partition([...stores], ([, store]) => {
          const fix = store.get(client);
          return fix !== undefined && !isNewer(wanted, fix);
        });
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

  /** When the server ended, if that was soon after the acknowledgement. */
  #endAfter(entry: Acknowledged, withinMs: number): number | undefined {
    return this.#ends.get(entry.server)?.find(({ atMs, upAgainMs }) =>
      entry.atMs >= atMs - withinMs && entry.atMs <= upAgainMs &&
      (!this.#isKept || this.#staysPut && upAgainMs === Infinity)
    )?.atMs;
  }
}

function fixOf({ line }: Acknowledged): FixSpan {
  return parseAtLine(utf8(line))!;
}

function storeOf(fixes: readonly Held[]): Map<string, FixSpan> {
  return new Map(fixes.flatMap(({ client, line }) => {
    const fix = parseAtLine(utf8(line));
    return fix === undefined ? [] : [[client, fix]];
  }));
}

function partition(
  stores: [string, Map<string, FixSpan>][],
  holds: (store: [string, Map<string, FixSpan>]) => boolean,
): [string[], string[]] {
  const { yes = [], no = [] } = Object.groupBy(
    stores,
    (store) => holds(store) ? "yes" : "no",
  );
  return [yes.map(([name]) => name), no.map(([name]) => name)];
}
