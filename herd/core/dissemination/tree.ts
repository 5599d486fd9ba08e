/**
 * Plumtree: an update is pushed along a tree, and announced on all other links,
 * so that a neighbour that the tree does not reach can graft itself onto it
 * (Leitão, Pereira, Rodrigues: Epidemic Broadcast Trees, SRDS 2007).
 *
 * There is a tree for each server that receives fixes from clients, so that
 * each grows along the links by which its updates arrive first. All links begin
 * eager; duplicates cause prunes.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import { clientText, type FixSpan } from "../wire/fix.ts";
import type { Link } from "../link/link.ts";
import type { Store } from "../store/store.ts";
import { clientOf, mayLack, type Version } from "../link/version.ts";
import type { Dissemination, DisseminationNeeds } from "./dissemination.ts";
import { Missing } from "./missing.ts";
import { type Root, Roots, type Way, wayOf } from "./roots.ts";

/**
 * Ticks during which announcements are collected. By then the tree has
 * delivered, so an announcement of something missing means a fault.
 */
const ANNOUNCE_TICKS = 10;
/**
 * More ticks at the end of a link whose name sorts last: mostly the other end
 * announces the same first, and this one need not.
 */
const YIELD_TICKS = 4;
/** Heartbeats after which a neighbour that still pushes is pruned again. */
const PRUNE_AGAIN_BEATS = 5;
const SOURCES_MIN = 64;
/**
 * From this many updates in a tick on, a server counts as busy for a while. It
 * is also the number of announcements that each link may then carry in a tick:
 * they only matter if something is lost, and must not get in the way of
 * updates.
 */
const BUSY_UPDATES = 256;

export class Tree implements Dissemination {
  /** The sync brings what was missed while a link was down. */
  readonly syncs = true;
  readonly #self: ByteString;
  readonly #store: Store;
  readonly #host: DisseminationNeeds;
  readonly #roots: Roots;
  readonly #missing: Missing;
  /**
   * By client: the number of the neighbour that sent its fix first; 0: none.
   */
  #sources = new Uint16Array(SOURCES_MIN);
  /** Links with pending announcements, and the tick in which these go out. */
  readonly #announcing = new Map<Link, number>();
  #tick = 0;
  /** The tick in which the last new update came. */
  #heardTick = -Infinity;
  /** Updates since the last tick. */
  #updates = 0;
  /** The last tick in which there were many. */
  #busyTick = -Infinity;

  constructor(host: DisseminationNeeds, self: ByteString, store: Store) {
    this.#self = self;
    this.#store = store;
    this.#host = host;
    this.#roots = new Roots(host.links);
    this.#missing = new Missing({
      mayLack: (version) => mayLack(store, version),
      isFlowing: (version) => this.#isFlowing(version),
      isUp: (link) => host.links.get(link.peer) === link,
    });
  }

  spread(client: number, fix: FixSpan, source: Link | undefined): void {
    const root = this.#roots.of(fix);
    root.heardTick = this.#heardTick = this.#tick;
    this.#updates++;
    let from = 0;
    for (const way of root.ways) {
      if (way.link === source) {
        from = way.number;
        this.#adopt(root, fix, way);
      } else if (way.isLazy) this.#announce(way.link, client);
      else way.link.queue(client);
    }
    if (client >= this.#sources.length) this.#growSources(client);
    this.#sources[client] = from;
  }

  #growSources(client: number): void {
    const grown = new Uint16Array(client * 2);
    grown.set(this.#sources);
    this.#sources = grown;
  }

  #announce(link: Link, client: number): void {
    link.control.announce(client);
    if (this.#announcing.has(link)) return;
    const ticks = ANNOUNCE_TICKS + (this.#self < link.peer ? 0 : YIELD_TICKS);
    this.#announcing.set(link, this.#tick + ticks);
    this.#host.arm();
  }

  /**
   * A link has brought something new: it may become the parent in this tree.
   */
  #adopt(root: Root, fix: FixSpan, source: Way): void {
    if (root.parent === source) return;
    if (this.#isGrafted(fix, source.link)) source.prunedAt = -1;
    if (this.#isWay(source)) root.parent ??= source;
  }

  #isGrafted(fix: FixSpan, source: Link): boolean {
    return this.#missing.hasAsked &&
      this.#missing.isAsked(clientText(fix), source);
  }

  /**
   * Of two links that brought the same fix, the first one stays. Only an
   * identical fix shows a duplicate: one that is merely older may have been
   * overtaken.
   */
  repeated(client: number, fix: FixSpan, link: Link): void {
    const root = this.#roots.of(fix);
    const source = wayOf(root, link);
    if (source === undefined || !this.#isSettled(link)) return;
    if (this.#isGrafted(fix, link)) source.prunedAt = -1;
    if (source.prunedAt >= 0) {
      // Either the update was sent before the PRUNE arrived, or the link was
      // grafted again, or the neighbour ignores PRUNE.
      if (link.heartbeats - source.prunedAt >= PRUNE_AGAIN_BEATS) {
        this.#prune(root, source);
      }
      return;
    }
    const isOurs = root.name === this.#self;
    if (!isOurs && (root.parent === undefined || root.parent === source)) {
      // Without another link that works, this one stays.
      root.parent = this.#firstOf(client, root) ?? source;
    }
    if (root.parent !== source) this.#prune(root, source);
  }

  /**
   * The link that brought a client's fix first, if updates may still use it.
   */
  #firstOf(client: number, { ways }: Root): Way | undefined {
    const number = this.#sources[client];
    return ways.find((way) => way.number === number && this.#isWay(way));
  }

  #prune({ name }: Root, source: Way): void {
    source.prunedAt = source.link.heartbeats;
    source.link.control.prune(name);
  }

  announced(version: Version, source: Link): void {
    this.#missing.add(version, source, this.#tick);
    this.#host.arm();
  }

  /** The neighbour is pushed to again. */
  grafted(client: number, source: Link): void {
    if (this.#store.plantedBug === "graft-forgotten") return;
    const way = wayOf(this.#roots.of(this.#store.fix(client)), source);
    if (way !== undefined) way.isLazy = false;
    source.queue(client);
  }

  /** The neighbour has another parent: updates are only announced to it. */
  pruned(server: ByteString, source: Link): void {
    const way = wayOf(this.#roots.named(server), source);
    if (way !== undefined) way.isLazy = true;
  }

  /** Everything is pushed on a new link. */
  linkUp(link: Link): void {
    this.#roots.join(link);
  }

  /** Trees that used this link are repaired by GRAFT. */
  linkDown(link: Link): void {
    this.#roots.forget(link);
    this.#announcing.delete(link);
  }

  tick(): boolean {
    this.#tick++;
    if (this.#updates > BUSY_UPDATES) this.#busyTick = this.#tick;
    this.#updates = 0;
    const isBusy = this.#isBusy;
    for (const [link, dueTick] of this.#announcing) {
      if (dueTick > this.#tick) continue;
      link.control.releaseAnnouncements(isBusy ? BUSY_UPDATES : Infinity);
      // If busy, the remaining announcements go out in the next ticks.
      if (!isBusy || !link.control.hasAnnouncements) {
        this.#announcing.delete(link);
      }
    }
    this.#missing.tick(
      this.#tick,
      (client, source) => source.control.graft(client),
    );
    return this.#announcing.size > 0 || this.#missing.size > 0;
  }

  get #isBusy(): boolean {
    return this.#tick - this.#busyTick < ANNOUNCE_TICKS;
  }

  /**
   * Whether the server is so busy that announcements overtake updates, and the
   * tree of this version's client is bringing some. This is a guess: the client
   * may have moved to another server.
   */
  #isFlowing(version: Version): boolean {
    if (!this.#isBusy) return false;
    const client = clientOf(this.#store, version);
    const heardTick = client < 0
      ? this.#heardTick
      : this.#roots.of(this.#store.fix(client)).heardTick;
    return heardTick >= this.#tick - 1;
  }

  /** Whether updates may come by this link. */
  #isWay({ link, prunedAt }: Way): boolean {
    return this.#isSettled(link) && prunedAt < 0;
  }

  #isSettled(link: Link): boolean {
    return link.heartbeats >= this.#store.tuning.settledHeartbeats;
  }
}
