/**
 * Versions that neighbours announced and that have not come yet.
 *
 * @module
 */
import type { ByteString } from "../bytes.ts";
import { compareDecimals } from "../decimal.ts";
import type { Link } from "../link.ts";
import type { Version } from "../link_message.ts";

/**
 * Ticks from an announcement until it is asked for. An announcement is late by
 * itself, so this need only bear the tree's being a little later.
 */
const MISS_TICKS = 2;
/** Ticks that an answer to a GRAFT is waited for before another one is asked. */
const GRAFT_TICKS = 10;

/** A client whose newest fix has been announced. */
interface Entry {
  version: Version;
  /** Who announced it, and was not asked yet; the first first. */
  sources: Link[];
  /** Who was asked last. */
  asked: Link | undefined;
  dueTick: number;
}

/** At most one version of each client, the newest. */
export class Missing {
  readonly #entries = new Map<ByteString, Entry>();

  /** Clients that may be missing a fix. */
  get size(): number {
    return this.#entries.size;
  }

  /** A neighbour has a version that may be missing here. */
  add(version: Version, source: Link, tick: number): void {
    const entry = this.#entries.get(version.client);
    if (entry === undefined) {
      this.#entries.set(version.client, {
        version,
        sources: [source],
        asked: undefined,
        dueTick: tick + MISS_TICKS,
      });
      return;
    }
    const order = compareDecimals(version.time, entry.version.time);
    if (order < 0) return;
    if (order > 0) {
      entry.version = version;
      entry.sources = [source];
      entry.dueTick = Math.max(entry.dueTick, tick + MISS_TICKS);
    } else if (!entry.sources.includes(source)) entry.sources.push(source);
  }

  /** Whether it was this neighbour who was asked last for a client. */
  isAsked(client: ByteString, source: Link): boolean {
    return this.#entries.get(client)?.asked === source;
  }

  /**
   * Asks for what is due.
   *
   * @param mayLack Whether a version has still not come.
   * @param isUp Whether a link is still up.
   * @param graft Asks a neighbour for a client's fix.
   */
  tick(
    tick: number,
    mayLack: (version: Version) => boolean,
    isUp: (link: Link) => boolean,
    graft: (client: ByteString, source: Link) => void,
  ): void {
    for (const [client, entry] of this.#entries) {
      if (entry.dueTick > tick) continue;
      const source = mayLack(entry.version)
        ? entry.sources.find(isUp)
        : undefined;
      // If nobody is left to ask, the next sync finds what is missing.
      if (source === undefined) this.#entries.delete(client);
      else {
        entry.sources = entry.sources.filter((link) => link !== source);
        entry.asked = source;
        entry.dueTick = tick + GRAFT_TICKS;
        graft(client, source);
      }
    }
  }
}
