/**
 * Plumtree: an update is pushed along a tree, and announced on all other links,
 * so that a neighbour that the tree does not reach can graft itself onto it
 * (Leitão, Pereira, Rodrigues: Epidemic Broadcast Trees, SRDS 2007).
 *
 * There is a tree for each server that hears clients, so that each grows along
 * the ways by which its updates come first. All links begin eager; what comes
 * twice prunes.
 *
 * @module
 */
import type { ByteString } from "../bytes.ts";
import { clientText, type FixSpan } from "../fix.ts";
import type { Link } from "../link.ts";
import type { Version } from "../link_message.ts";
import type { Store } from "../store.ts";
import { mayLack } from "../version.ts";
import type { Dissemination, DisseminationHost } from "./dissemination.ts";
import { Missing } from "./missing.ts";
import { type Root, Roots } from "./roots.ts";

/**
 * Ticks in which announcements are gathered. By then the tree has delivered, so
 * that an announcement of what is missing tells of a fault.
 */
const ANNOUNCE_TICKS = 10;
/**
 * Ticks more at that end of a link whose name sorts last: mostly it is told
 * meanwhile what it would tell.
 */
const YIELD_TICKS = 4;
/**
 * Beats of a link before it shapes trees: until then, what comes twice mostly
 * does so by the sync.
 */
const SETTLED_BEATS = 2;
/** Beats after which a neighbour that pushes all the same is pruned again. */
const PRUNE_AGAIN_BEATS = 5;

/** One node's part in all trees. */
export class Tree implements Dissemination {
  /** What was missed while a link was down comes with the sync. */
  readonly syncs = true;
  /** A repeat shows a link that no tree needs. */
  readonly heedsRepeats = true;
  readonly #self: ByteString;
  readonly #store: Store;
  readonly #host: DisseminationHost;
  readonly #roots = new Roots();
  readonly #missing = new Missing();
  /** By client: the neighbour from whom the fix that is held came first. */
  readonly #sources: (ByteString | undefined)[] = [];
  /** Links with announcements, and when they go out. */
  readonly #announcing = new Map<Link, number>();
  #tick = 0;

  /** A mode for the node behind `host`, whose fixes are in `store`. */
  constructor(self: ByteString, store: Store, host: DisseminationHost) {
    this.#self = self;
    this.#store = store;
    this.#host = host;
  }

  /** As {@linkcode Dissemination.spread}. */
  spread(client: number, fix: FixSpan, source: Link | undefined): void {
    const root = this.#roots.of(fix);
    this.#sources[client] = source?.peer;
    if (source !== undefined) this.#adopt(root, fix, source);
    for (const link of this.#host.links.values()) {
      if (link === source) continue;
      if (root.lazy.has(link)) this.#announce(link, client);
      else link.queue(client);
    }
  }

  #announce(link: Link, client: number): void {
    link.announce(client);
    if (this.#announcing.has(link)) return;
    const ticks = ANNOUNCE_TICKS + (this.#self < link.peer ? 0 : YIELD_TICKS);
    this.#announcing.set(link, this.#tick + ticks);
    this.#host.arm();
  }

  /** Something new has come by a link: it may be the way of this tree. */
  #adopt(root: Root, fix: FixSpan, source: Link): void {
    if (this.#isGrafted(fix, source)) root.pruned.delete(source);
    if (isSettled(source) && !root.pruned.has(source)) root.parent ??= source;
  }

  #isGrafted(fix: FixSpan, source: Link): boolean {
    return this.#missing.size > 0 &&
      this.#missing.isAsked(clientText(fix), source);
  }

  /**
   * Of two links that brought the same, the one that was first stays. Only the
   * very same tells that: what is merely older may have been overtaken.
   */
  repeated(client: number, fix: FixSpan, source: Link): void {
    const root = this.#roots.of(fix);
    if (this.#isGrafted(fix, source)) root.pruned.delete(source);
    if (!isSettled(source)) return;
    const prunedAt = root.pruned.get(source);
    if (prunedAt !== undefined) {
      // On its way since before; or it was grafted, or it minds no PRUNE.
      if (source.beats - prunedAt >= PRUNE_AGAIN_BEATS) {
        this.#prune(root, source);
      }
      return;
    }
    const isOurs = root.name === this.#self;
    if (!isOurs && (root.parent === undefined || root.parent === source)) {
      // Without another way that works, this one stays.
      root.parent = this.#firstOf(client, root) ?? source;
    }
    if (root.parent !== source) this.#prune(root, source);
  }

  /** The link by which a client's fix came first, if it is still a way. */
  #firstOf(client: number, root: Root): Link | undefined {
    const peer = this.#sources[client];
    const link = peer === undefined ? undefined : this.#host.links.get(peer);
    const isWay = link !== undefined && isSettled(link) &&
      !root.pruned.has(link);
    return isWay ? link : undefined;
  }

  #prune(root: Root, source: Link): void {
    root.pruned.set(source, source.beats);
    source.prune(root.name);
  }

  /** As {@linkcode Dissemination.announced}. */
  announced(version: Version, source: Link): void {
    this.#missing.add(version, source, this.#tick);
    this.#host.arm();
  }

  /** The neighbour is pushed to again. */
  grafted(client: number, source: Link): void {
    this.#roots.of(this.#store.fix(client)).lazy.delete(source);
    source.queue(client);
  }

  /** The neighbour has another way: it is only told. */
  pruned(server: ByteString, source: Link): void {
    this.#roots.named(server).lazy.add(source);
  }

  /** Trees that went by the link grow anew, by GRAFT. */
  linkDown(link: Link): void {
    this.#roots.forget(link);
    this.#announcing.delete(link);
  }

  /** As {@linkcode Dissemination.tick}. */
  tick(): boolean {
    this.#tick++;
    for (const [link, dueTick] of this.#announcing) {
      if (dueTick > this.#tick) continue;
      this.#announcing.delete(link);
      link.releaseAnnouncements();
    }
    this.#missing.tick(
      this.#tick,
      (version) => mayLack(this.#store, version),
      (link) => this.#host.links.get(link.peer) === link,
      (client, source) => source.graft(client),
    );
    return this.#announcing.size > 0 || this.#missing.size > 0;
  }
}

function isSettled(link: Link): boolean {
  return link.beats >= SETTLED_BEATS;
}
