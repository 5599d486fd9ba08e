/**
 * A server without sockets, clock or timers: lines and events go in, effects
 * come out.
 *
 * @module
 */
import { Ahead } from "./wire/ahead.ts";
import { AtLine } from "./wire/at_line.ts";
import { type ByteString, LF } from "./bytes/bytes.ts";
import type { Instant } from "./bytes/decimal.ts";
import type {
  Dissemination,
  DisseminationNeeds,
} from "./dissemination/dissemination.ts";
import { MODE_CLASSES } from "./dissemination/modes.ts";
import { type Found, Queries } from "./dissemination/queries.ts";
import { HUB } from "./hub/name.ts";
import defer * as outboxes from "./hub/outbox.ts";
import defer * as journals from "./journal/journal.ts";
import { type FixSpan, lineText } from "./wire/fix.ts";
import type { Effects } from "./effects.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { Line } from "./wire/line.ts";
import { Link } from "./link/link.ts";
import type { OnSent } from "./link/link_watcher.ts";
import { parseClientLine } from "./wire/message.ts";
import type { NodeOptions } from "./node_options.ts";
import { Questions } from "./questions.ts";
import { isReplicated } from "./durability.ts";
import defer * as replication from "./replicas.ts";
import { Room } from "./store/room.ts";
import { type NodeStats, zeroStats } from "./stats.ts";
import { type Digest, Store } from "./store/store.ts";
import { clientOf, heldOrder, type Version } from "./link/version.ts";
import type { Iamat } from "./wire/fix_messages.ts";
import type { ByteWriter } from "./bytes/writer.ts";

/** The reason for which a question about an unknown client is refused. */
const UNKNOWN_CLIENT = "unknown-client";

export class Node<C> {
  readonly #options: NodeOptions;
  readonly #effects: Effects<C>;
  readonly #store: Store;
  readonly #atLine: AtLine;
  readonly #links = new Map<ByteString, Link>();
  #longestQueue = 0;
  readonly #mode: Dissemination;
  readonly #queries: Queries;
  readonly #questions: Questions<C>;
  readonly #room: Room;
  readonly #ahead: Ahead;
  readonly #refused = new Map<string, number>();
  readonly #stats = zeroStats();
  /** What has still to be published to the hub, if there is one. */
  readonly outbox: outboxes.Outbox | undefined;
  /** What has still to be written to disk, if the server has one. */
  readonly journal: journals.Journal | undefined;
  /** Which neighbours hold clients' fixes, if durability asks for that. */
  readonly replicas: replication.Replicas | undefined;

  constructor(options: NodeOptions, effects: Effects<C>) {
    this.#options = options;
    this.#effects = effects;
    const { name, seed, mode = "flood", durable = "none" } = options;
    const { placesBody, hubHerd } = options;
    this.#store = new Store(seed, options);
    this.journal = options.hasJournal
      ? new journals.Journal(this.#store)
      : undefined;
    const learn = (fix: FixSpan) => this.#learn(fix, undefined, HUB) >= 0;
    this.outbox = hubHerd && new outboxes.Outbox(this.#store, hubHerd, learn);
    this.#atLine = new AtLine(options.name);
    const host: DisseminationNeeds = {
      links: this.#links,
      arm: () => effects.arm(),
    };
    if (isReplicated(durable)) {
      const held = (group: number) => effects.replicated?.(group);
      this.replicas = new replication.Replicas(
        durable === "all",
        this.#links,
        held,
      );
    }
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#room = new Room(this.#store, limits);
    this.#ahead = new Ahead(limits.futureMsMax);
    this.#mode = new MODE_CLASSES[mode](host, name, this.#store);
    this.#queries = new Queries(
      `${name}.${(seed >>> 0).toString(36)}.`,
      limits,
      {
        ...host,
        store: this.#store,
        held: (client) => this.#questions.held(client),
        full: () => effects.limited?.("queries-full"),
      },
    );
    this.#questions = new Questions({
      store: this.#store,
      stats: this.#stats,
      effects,
      placesBody,
      refuse: () => this.#refuse(UNKNOWN_CLIENT),
      queries: mode === "ondemand" ? this.#queries : undefined,
      learn: (fix, from) => this.#learn(fix, this.#links.get(from), from),
    });
  }

  /** Fixes received from clients, whether newer than the held ones or not. */
  get iamats(): number {
    return this.#stats.iamat;
  }

  get stats(): NodeStats {
    return { ...this.#stats };
  }

  /** Names of the neighbours whose link is up. */
  get linked(): ByteString[] {
    return [...this.#links.keys()];
  }

  /** Fixes waiting for neighbours, on all links together. */
  get queued(): number {
    let queued = 0;
    for (const link of this.#links.values()) queued += link.queued;
    return queued;
  }

  /** The most fixes that have ever waited for one neighbour. */
  get longestQueue(): number {
    for (const { queued } of this.#links.values()) this.#noteQueue(queued);
    return this.#longestQueue;
  }

  #noteQueue(queued: number): void {
    if (queued > this.#longestQueue) this.#longestQueue = queued;
  }

  /** The limit that keeps new clients out; `undefined` if there is room. */
  get full(): ByteString | undefined {
    return this.#room.full;
  }

  get count(): number {
    return this.#store.count;
  }

  digest(): Digest {
    return this.#store.digest();
  }

  /** The AT line of every client's newest fix. */
  *lines(): IterableIterator<ByteString> {
    for (const client of this.#store.clients()) {
      yield lineText(this.#store.fix(client));
    }
  }

  /** Whether this fix is held, or a newer one of the same client. */
  holds(fix: FixSpan): boolean {
    return this.#store.holds(fix);
  }

  /**
   * Finds a client's newest fix, as a WHATSAT would: here, or, if updates stay
   * where they were made, in the whole herd. `end` may be called immediately.
   */
  find(client: ByteString, end: (found: Found) => void): void {
    this.#questions.find(client, end);
  }

  /** Handles a client's line. Its reply is written to `out`, or comes later. */
  onClientLine(connection: C, line: Line, out: ByteWriter, now: Instant): void {
    const message = parseClientLine(line);
    let why: string;
    switch (message.kind) {
      case "iamat": {
        const isFar = this.#ahead.mayBeFar(message, now);
        const limit = isFar && this.#ahead.isTooFar(message, now)
          ? "time-too-far"
          : this.journal?.isFull
          ? "disk-full"
          : this.#room.limitMet(message);
        if (limit === undefined) {
          return this.#onIamat(message, out, now, isFar);
        }
        this.#effects.limited?.(limit);
        why = limit;
        break;
      }
      case "whatsat":
        if (this.#questions.onWhatsat(connection, line, out)) return;
        why = UNKNOWN_CLIENT;
        break;
      case "blank":
        return;
      case "bad":
        why = message.why;
        break;
    }
    this.#refuse(why);
    out.text("? ");
    out.copy(line.block, line.start, line.end);
    out.byte(LF);
  }

  #refuse(why: string): void {
    this.#stats.bad++;
    this.#refused.set(why, (this.#refused.get(why) ?? 0) + 1);
  }

  /** Refused client lines, those answered by `?`, by reason. */
  get refused(): ReadonlyMap<string, number> {
    return this.#refused;
  }

  /** The reply is the AT line, which is stored and forwarded from there. */
  #onIamat(
    iamat: Iamat,
    out: ByteWriter,
    now: Instant,
    isFar: boolean,
  ): void {
    this.#stats.iamat++;
    const fix = this.#atLine.write(iamat, out, now);
    const client = this.#learn(fix, undefined);
    if (client >= 0) this.#stats.told++;
    this.replicas?.told(client >= 0 ? client : this.#clientOf(fix));
    const aheadMs = isFar ? this.#ahead.farMs(iamat, now) : undefined;
    if (aheadMs !== undefined) this.#effects.timeAhead?.(fix, aheadMs);
    out.byte(LF);
  }

  /**
   * Stores a fix if it is newer, and spreads it as the mode does.
   *
   * @param number The number of the line on the link that brought it; 0: none.
   * @returns The client's number, or -1 if the fix was not newer.
   */
  #learn(
    fix: FixSpan,
    source: Link | undefined,
    from: ByteString | undefined = source?.peer,
    number = 0,
  ): number {
    const client = this.#store.merge(fix);
    this.#effects.delivered?.(fix, from, client >= 0, number);
    if (client < 0) return client;
    this.#stats.stored++;
    this.journal?.add(client);
    this.outbox?.add(client);
    this.#mode.spread(client, fix, source);
    this.#effects.stored(fix);
    return client;
  }

  /**
   * A link to a neighbour is up, after its handshake. If there was one before,
   * that one is down now.
   *
   * @returns The link, to be used until it is down.
   */
  onLinkUp(peer: ByteString): Link {
    this.#links.get(peer)?.down();
    const link: Link = new Link(
      this.#options.name,
      peer,
      this.#store,
      {
        at: (fix) => this.#onAt(link, fix),
        announced: (version) => this.#onAnnounced(link, version),
        grafted: (client) => this.#onGrafted(link, client),
        pruned: (server) => this.#mode.pruned?.(server, link),
        query: ({ id, ms, client }) =>
          this.#queries.onQuery(id, ms, client, link),
        answer: ({ id, unanswered, fix }) =>
          this.#queries.onAnswer(id, unanswered, fix, link),
        marked: (answer) =>
          this.#effects.marked(() => link.control.say(answer)),
        held: (group) => this.replicas?.heldBy(link, group),
        missed: () => this.replicas?.again(link),
        wrote: (command, lines, number) =>
          this.#onWrote(peer, command, lines, number),
        synced: (outcome) => this.#effects.synced(peer, outcome),
        differs: (difference) => {
          this.#stats.repairs++;
          this.#effects.repairing?.(peer, difference);
        },
        sent: this.#onSent(peer),
        pulled: (queued, fixes) => {
          this.#noteQueue(queued);
          this.#stats.atOut += fixes;
        },
        down: () => this.#onLinkDown(link),
      },
      this.#mode.syncs && this.#options.plantedBug !== "no-sync",
      this.replicas !== undefined,
    );
    this.#links.set(peer, link);
    this.#mode.linkUp?.(link);
    this.replicas?.again(link);
    return link;
  }

  #onSent(peer: ByteString): OnSent | undefined {
    const { sent } = this.#effects;
    return sent && ((fix, number) => sent(fix, peer, number));
  }

  /** Call it when `Effects.sent` has changed. */
  retrace(): void {
    for (const [peer, link] of this.#links) link.hearSent(this.#onSent(peer));
  }

  #onLinkDown(link: Link): void {
    // It may have been replaced before.
    if (this.#links.get(link.peer) !== link) return;
    this.#links.delete(link.peer);
    this.#mode.linkDown?.(link);
    this.#queries.linkDown(link);
    this.replicas?.linkDown(link);
  }

  #onAt(link: Link, fix: FixSpan): void {
    this.#stats.atIn++;
    const stored = this.#learn(fix, link, link.peer, link.linesIn);
    if (stored < 0) this.#stats.duplicates++;
    const held = stored >= 0 ? stored : this.#repeated(link, fix);
    // The neighbour holds this very fix: it need not be sent back.
    if (held >= 0 && this.#options.echoCancellation && link.owes) {
      link.unqueue(held);
    }
  }

  #clientOf({ block, clientStart, clientEnd }: FixSpan): number {
    return this.#store.find(block, clientStart, clientEnd);
  }

  /**
   * The client whose held fix is this one; -1 if none, or if it does not
   * matter.
   */
  #repeated(link: Link, fix: FixSpan): number {
    if (this.#mode.repeated === undefined && !link.owes) return -1;
    const client = this.#clientOf(fix);
    const isSame = this.#store.isHeld(fix, client);
    if (isSame || this.#store.plantedBug === "prune-superseded") {
      this.#mode.repeated?.(client, fix, link);
    }
    return isSame || this.#store.plantedBug === "echo-of-older" ? client : -1;
  }

  #onAnnounced(link: Link, version: Version): void {
    const client = clientOf(this.#store, version);
    const held = heldOrder(this.#store, client, version);
    if (held === "same") link.unqueue(client);
    else if (held !== "newer") this.#mode.announced?.(version, link);
  }

  /** There is always an answer: the announced fix is held, or a newer one. */
  #onGrafted(link: Link, name: ByteString): void {
    const client = this.#store.findClient(name);
    if (client >= 0) this.#mode.grafted(client, link);
  }

  #onWrote(
    to: ByteString,
    command: ByteString,
    lines: number,
    number: number,
  ): void {
    if (command === "SYNC") this.#stats.syncOut += lines;
    else this.#stats.controlOut += lines;
    this.#effects.wrote?.(command, lines, to, number);
  }

  /**
   * Takes a step of a millisecond or two to prepare a digest or a sync.
   *
   * @returns Whether another step is needed, without which it would take
   * longer.
   */
  tidy(): boolean {
    return this.#store.tidy();
  }

  /**
   * Call it `tickMs` after `Effects.arm` asked for it.
   *
   * @returns Whether another tick is needed, as if asked for by `arm`.
   */
  tick(): boolean {
    const isModeBusy = this.#mode.tick?.() ?? false;
    return this.#queries.tick() || isModeBusy;
  }
}
