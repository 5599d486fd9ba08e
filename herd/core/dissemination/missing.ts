/**
 * Versions that neighbours announced and that have not come yet.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import { clientText, compareTimes } from "../wire/fix.ts";
import type { Link } from "../link/link.ts";
import { ownVersion, type Version } from "../link/version.ts";

/**
 * Ticks from an announcement until it is asked for. An announcement is late by
 * itself, so this need only bear the tree's being a little later.
 */
const MISS_TICKS = 2;
/**
 * Ticks from an announcement until it is asked for although its tree brings
 * others, and many: by far the most of what is missing then is only late.
 */
const LATE_TICKS = 20;
/** Ticks that an answer to a GRAFT is waited for before another one is asked. */
const GRAFT_TICKS = 10;

/** A client whose newest fix has been announced. */
interface Entry {
  version: Version;
  /** Who announced it, and was not asked yet; the first first. */
  sources: Link[];
  /** Who was asked last. */
  asked: Link | undefined;
  /** Until then, it may only be late. */
  lateTick: number;
  dueTick: number;
}

/** What versions that are missing have of their mode. */
export interface MissingHost {
  mayLack(version: Version): boolean;
  /** Whether the tree that a version comes by is bringing others, and many. */
  isFlowing(version: Version): boolean;
  isUp(link: Link): boolean;
}

/** At most one version of each client, the newest. */
export class Missing {
  readonly #host: MissingHost;
  readonly #entries = new Map<ByteString, Entry>();
  #hasAsked = false;

  constructor(host: MissingHost) {
    this.#host = host;
  }

  /** Clients that may be missing a fix. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether a neighbour may have been asked for one of them. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  /** A neighbour has a version that may be missing here. */
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

  /** Whether it was this neighbour who was asked last for a client. */
  isAsked(client: ByteString, source: Link): boolean {
    return this.#entries.get(client)?.asked === source;
  }

  /** Asks neighbours, by `graft`, for what is due. */
  tick(tick: number, graft: (client: ByteString, source: Link) => void): void {
    const { mayLack, isFlowing, isUp } = this.#host;
    for (const [client, entry] of this.#entries) {
      if (entry.dueTick > tick) continue;
      const source = mayLack(entry.version)
        ? entry.sources.find(isUp)
        : undefined;
      // If nobody is left to ask, the next sync finds what is missing.
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
