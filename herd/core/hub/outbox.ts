/**
 * What of a store is still to be told to a hub, which joins herds: a broker
 * that keeps the last message of each subject, and passes on all that come.
 *
 * It is a queue by client, as that of a link is. Beside it stands, for each
 * client, where the hub has the fix that is held here. Whatever the hub turns
 * out to lack is told to it again, so it may lose everything.
 *
 * A subject is a client's at the server that heard it. The hub keeps what was
 * written last there, be it older: two gateways of one herd may write both. Who
 * sees that puts back what is newer.
 *
 * @module
 */
import { type ByteString, byteString, SPACE } from "../bytes/bytes.ts";
import { hashOf, hashText } from "../bytes/hash.ts";
import { ClientQueue } from "../link/client_queue.ts";
import type { Store } from "../store/store.ts";
import { clientText, type FixSpan, ownFix } from "../wire/fix.ts";
import type { Line } from "../wire/line.ts";
import { parseStoredLine } from "../wire/message.ts";

/** What the hub is called where a neighbour's name would stand. */
export const HUB = "hub";

const ROWS_MIN = 64;
/** A place of which nothing was heard since it was last looked at. */
const UNHEARD = -0.5;
/** Where in an AT line the server begins. */
const SERVER_AT = 3;

/** A fix on its way to the hub. */
export interface Publication {
  /** The number of its client. */
  readonly client: number;
  readonly fix: FixSpan;
  /** The server that heard it. */
  readonly origin: ByteString;
  /** The client's ID. */
  readonly name: ByteString;
  /**
   * The same for the same fix, whoever publishes it and however often; another
   * one where the hub was seen to lack it: see `after`.
   */
  readonly id: string;
  /** A place in the stream up to which the hub lacks it; 0: that is unknown. */
  readonly after: number;
}

/** What the hub answered to a publication. */
export interface Acknowledged {
  /** Its place in the hub's stream, from 1. */
  readonly sequence: number;
}

/** What was counted of a hub. */
export interface OutboxStats {
  /** Fixes that the hub has acknowledged. */
  readonly published: number;
  /** Messages of the hub that were read. */
  readonly read: number;
  /** Those that were newer than what was held here. */
  readonly merged: number;
  /** Fixes that the hub turned out to lack, and was told again. */
  readonly putBack: number;
  /** Messages of the hub that are no AT lines. */
  readonly bad: number;
}

/** What one gateway has still to tell the hub. */
export class Outbox {
  readonly #store: Store;
  readonly #herd: ReadonlySet<ByteString>;
  readonly #merge: (fix: FixSpan) => boolean;
  readonly #waiting = new ClientQueue();
  /**
   * By client. Above 0: where the hub has the fix that is held. Below 0: it
   * lacks that up to there. 0: nobody knows.
   */
  #places = new Float64Array(ROWS_MIN);
  readonly #stats = { published: 0, read: 0, merged: 0, putBack: 0, bad: 0 };
  #isCaughtUp = false;

  /**
   * Nothing waits.
   *
   * @param herd The servers of this herd: what they heard is this herd's to tell.
   * @param merge Has a fix that the hub has told be held, if it is newer; whether
   * it is.
   */
  constructor(
    store: Store,
    herd: Iterable<ByteString>,
    merge: (fix: FixSpan) => boolean,
  ) {
    this.#store = store;
    this.#herd = new Set(herd);
    this.#merge = merge;
  }

  /** Called when something is to be told. */
  onWaiting = (): void => {};

  /** Fixes that are to be told. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Whether the hub has told all that it had when the connection began. */
  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  get stats(): OutboxStats {
    return { ...this.#stats };
  }

  /** A client's fix has changed, by whatever way. */
  add(client: number): void {
    this.#place(client, 0);
    if (!this.#isOwn(client)) return this.#waiting.delete(client);
    this.#waiting.add(client);
    this.onWaiting();
  }

  #place(client: number, place: number): void {
    if (client >= this.#places.length) {
      const grown = new Float64Array(client * 2);
      grown.set(this.#places);
      this.#places = grown;
    }
    this.#places[client] = place;
  }

  #placeOf(client: number): number {
    return client < this.#places.length ? this.#places[client]! : 0;
  }

  /** Whether a server of this herd was the first to hear of it. */
  #isOwn(client: number): boolean {
    return this.#herd.has(originOf(this.#store.fix(client)));
  }

  /** A connection begins: what the hub has, nobody knows any more. */
  begin(): void {
    this.#places.fill(0);
    this.#isCaughtUp = false;
  }

  /**
   * The hub has told all that it had when its stream was so long. What this herd
   * heard and the hub lacks is to be told again.
   */
  caughtUp(length: number): void {
    this.#isCaughtUp = true;
    for (let client = 0; client < this.#store.count; client++) {
      if (this.#placeOf(client) !== 0) continue;
      this.#place(client, -length);
      if (this.#isOwn(client)) this.#putBack(client);
    }
  }

  /**
   * What the hub lacks of other herds is to be told it too: they may have lost
   * it. To be called some time after they could have told it themselves, and not
   * by all herds at once.
   */
  putBackOthers(): void {
    if (!this.#isCaughtUp) return;
    for (let client = 0; client < this.#store.count; client++) {
      const place = this.#placeOf(client);
      // What came by a neighbour may be on its way from the hub too.
      if (place === 0) this.#place(client, UNHEARD);
      else if (place < 0) this.#putBack(client);
    }
  }

  #putBack(client: number): void {
    if (this.#waiting.has(client)) return;
    this.#stats.putBack++;
    this.#waiting.add(client);
  }

  /**
   * Takes the next fix that is to be told, as it is held by now; none before the
   * hub has told all that it has. What it has of a subject may be newer than what
   * is held here, and kept by nobody else: told at once, the older one would take
   * its place.
   */
  next(): Publication | undefined {
    if (this.#waiting.size === 0 || !this.#isCaughtUp) return undefined;
    const client = this.#waiting.shift();
    const fix = ownFix(this.#store.fix(client));
    const { block, clientStart, clientEnd } = fix;
    const after = Math.floor(Math.max(0, -this.#placeOf(client)));
    const hashes = [
      this.#store.hashOf(client),
      hashOf(block.bytes, clientStart, clientEnd),
    ];
    const id = hashes.map(hashText).join("") + (after > 0 ? `@${after}` : "");
    const [origin, name] = [originOf(fix), clientText(fix)];
    return { client, fix, origin, name, id, after };
  }

  /**
   * The hub has a publication.
   *
   * @returns Whether that can be: the hub can't have it at a place up to which it
   * was seen to lack it, unless its stream has begun anew.
   */
  acknowledged(
    { client, fix, after }: Publication,
    { sequence }: Acknowledged,
  ): boolean {
    this.#stats.published++;
    // What is held instead waits itself.
    if (!this.#store.isHeld(fix, client)) return true;
    const place = this.#placeOf(client);
    if (sequence > Math.abs(place)) this.#place(client, sequence);
    else if (place < 0) {
      if (after >= sequence) return false;
      // An older one was written over it meanwhile.
      this.#putBack(client);
    }
    return true;
  }

  /** Nobody knows whether the hub has a publication: it is told again. */
  failed({ client }: Publication): void {
    if (this.#placeOf(client) <= 0) this.#waiting.add(client);
  }

  /** A message of the hub has come, from this place of its stream. */
  read(line: Line, sequence: number): void {
    this.#stats.read++;
    const fix = parseStoredLine(line);
    if (fix === undefined) {
      this.#stats.bad++;
      return;
    }
    if (this.#merge(fix)) this.#stats.merged++;
    const client = this.#store.find(fix.block, fix.clientStart, fix.clientEnd);
    const place = this.#placeOf(client);
    if (sequence <= Math.abs(place)) return;
    if (this.#store.isHeld(fix, client)) {
      this.#place(client, sequence);
      this.#waiting.delete(client);
    } else if (originOf(fix) === originOf(this.#store.fix(client))) {
      // It stands, at its subject, where the newer one should.
      this.#place(client, -sequence);
      if (place > 0 && this.#isOwn(client)) this.#putBack(client);
    }
  }
}

/** The server that heard a fix. */
function originOf({ block: { bytes }, start }: FixSpan): ByteString {
  const from = start + SERVER_AT;
  return byteString(bytes.subarray(from, bytes.indexOf(SPACE, from)));
}
