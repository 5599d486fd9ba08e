/**
 * Versions that neighbours have announced and that have not arrived.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import { clientText, compareTimes } from "../wire/fix.ts";
import type { Link } from "../link/link.ts";
import { ownVersion, type Version } from "../link/version.ts";

/**
 * Ticks from an announcement until the fix is asked for. Announcements are
 * delayed already, so this only has to cover the tree being slightly later.
 */
const MISS_TICKS = 2;
/**
 * The same while the tree is bringing many other updates: most of what is
 * missing then is only late.
 */
const LATE_TICKS = 20;
/** Ticks to wait for an answer to a GRAFT before another neighbour is asked. */
const GRAFT_TICKS = 10;

interface Entry {
  version: Version;
  /** Who announced it and was not asked yet, in order. */
  sources: Link[];
  /** The neighbour that was asked last. */
  asked: Link | undefined;
  /** Until this tick, it may only be late. */
  lateTick: number;
  dueTick: number;
}

/** What the list of missing versions needs from its mode. */
export interface MissingNeeds {
  mayLack(version: Version): boolean;
  /** Whether the tree of a version is bringing many other updates. */
  isFlowing(version: Version): boolean;
  isUp(link: Link): boolean;
}

/** At most one version of each client, the newest. */
export class Missing {
  readonly #host: MissingNeeds;
  readonly #entries = new Map<ByteString, Entry>();
  #hasAsked = false;

  constructor(host: MissingNeeds) {
    this.#host = host;
  }

  /** Number of clients that may lack a fix. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether a neighbour may have been asked for any of them. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  /** A neighbour has announced a version that may be missing here. */
  add(version: Version, source: Link, tick: number): void {
    const client = clientText(version);
    const entry = this.#entries.get(client);
    if (entry === undefined) {
      this.#entries.set(client, {
        version: ownVersion(version),
        sources: [source],
        asked: undefined,
        lateTick: tick + LATE_TICKS,
        dueTick: tick + MISS_TICKS,
      });
      return;
    }
    const order = compareTimes(version, entry.version);
    if (order < 0) return;
    if (order > 0) {
      entry.version = ownVersion(version);
      entry.sources = [source];
      entry.dueTick = Math.max(entry.dueTick, tick + MISS_TICKS);
    } else if (!entry.sources.includes(source)) entry.sources.push(source);
  }

  /** Whether this neighbour was the last one asked for a client. */
  isAsked(client: ByteString, source: Link): boolean {
    return this.#entries.get(client)?.asked === source;
  }

  /** Asks neighbours, by `graft`, for the versions that are due. */
  tick(tick: number, graft: (client: ByteString, source: Link) => void): void {
    const { mayLack, isFlowing, isUp } = this.#host;
    for (const [client, entry] of this.#entries) {
      if (entry.dueTick > tick) continue;
      const source = mayLack(entry.version)
        ? entry.sources.find(isUp)
        : undefined;
      // With nobody left to ask, the next sync finds what is missing.
      if (source === undefined) this.#entries.delete(client);
      else if (tick < entry.lateTick && isFlowing(entry.version)) {
        entry.dueTick = tick + MISS_TICKS;
      } else {
        entry.sources = entry.sources.filter((link) => link !== source);
        entry.asked = source;
        entry.dueTick = tick + GRAFT_TICKS;
        this.#hasAsked = true;
        graft(client, source);
      }
    }
    if (this.#entries.size === 0) this.#hasAsked = false;
  }
}
