/**
 * What of a store has still to be published to a hub, which joins herds: a
 * broker that keeps the last message of each subject, and forwards every
 * message.
 *
 * It is a queue by client, as a link has one. Beside it, for each client, is
 * the sequence number at which the hub has the fix that is held here. Whatever
 * the hub turns out to lack is published again, so it may lose everything.
 *
 * A subject stands for one client at the server that received its fix. The hub
 * keeps the last message of a subject, even if it is older: two gateways of one
 * herd may both write it. A gateway that sees this publishes the newer one
 * again.
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

const ROWS_MIN = 64;
/** Marks a client of which the hub has sent nothing since the last check. */
const UNHEARD = -0.5;
/** Offset of the server's name in an AT line. */
const SERVER_AT = 3;

/** A fix to be published. */
export interface Publication {
  readonly client: number;
  readonly fix: FixSpan;
  readonly origin: ByteString;
  readonly name: ByteString;
  /**
   * The same for the same fix, whoever publishes it and however often; a
   * different one if the hub was seen to lack it: see `after`.
   */
  readonly id: string;
  /** A sequence number up to which the hub lacks it; 0: unknown. */
  readonly after: number;
}

/** Counters of a hub's gateway. */
export interface OutboxStats {
  /** Fixes that the hub has acknowledged. */
  readonly published: number;
  /** Messages of the hub that were read. */
  readonly read: number;
  /** Those that were newer than what was held here. */
  readonly merged: number;
  /** Fixes that the hub turned out to lack, and that were queued again. */
  readonly putBack: number;
  /** Messages of the hub that are not AT lines, or too long ones. */
  readonly bad: number;
}

/** What one gateway has still to publish to the hub. */
export class Outbox {
  readonly #store: Store;
  readonly #herd: ReadonlySet<ByteString>;
  readonly #merge: (fix: FixSpan) => boolean;
  readonly #waiting = new ClientQueue();
  /**
   * By client. Above 0: the sequence number at which the hub has the held fix.
   * Below 0: the number up to which it lacks it. 0: unknown.
   */
  #places = new Float64Array(ROWS_MIN);
  readonly #stats = { published: 0, read: 0, merged: 0, putBack: 0, bad: 0 };
  #isCaughtUp = false;

  /**
   * @param herd The servers of this herd: their fixes are this herd's to
   * publish.
   * @param merge Merges a fix from the hub into the store; returns whether it
   * was newer.
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

  /** Called when there is something to publish. */
  onWaiting = (): void => {};

  /** Fixes that wait to be published. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Whether the hub has sent everything it had when the connection began. */
  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  get stats(): OutboxStats {
    return { ...this.#stats };
  }

  /** A client's fix has changed, from whatever source. */
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

  /** Whether a server of this herd received the fix from its client. */
  #isOwn(client: number): boolean {
    return this.#herd.has(originOf(this.#store.fix(client)));
  }

  /** A connection begins: what the hub has is unknown now. */
  begin(): void {
    this.#places.fill(0);
    this.#isCaughtUp = false;
  }

  /**
   * The hub has sent everything up to sequence number `length`. What servers of
   * this herd received and the hub lacks is queued again.
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
   * Queues other herds' fixes that the hub lacks: those herds may have lost
   * them. Call it some time after they could have published them themselves,
   * and not in all herds at once.
   */
  putBackOthers(): void {
    if (!this.#isCaughtUp) return;
    for (let client = 0; client < this.#store.count; client++) {
      const place = this.#placeOf(client);
      // What came from a neighbour may be on its way from the hub too.
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
   * Takes the next fix to publish, as it is held now; none before the hub has
   * sent everything it has. What the hub has of a subject may be newer than
   * what is held here, and exist nowhere else: publishing at once would
   * overwrite it with the older fix.
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
   * The hub has acknowledged a publication, which has this sequence number in
   * its stream.
   *
   * @returns Whether that is possible: the hub can't have it at a sequence
   * number up to which it was seen to lack it, unless its stream has begun
   * anew.
   */
  acknowledged(
    { client, fix, after }: Publication,
    sequence: number,
  ): boolean {
    this.#stats.published++;
    // The fix held now is queued itself.
    if (!this.#store.isHeld(fix, client)) return true;
    const place = this.#placeOf(client);
    if (sequence > Math.abs(place)) this.#place(client, sequence);
    else if (place < 0) {
      if (after >= sequence) return false;
      // An older one has overwritten it meanwhile.
      this.#putBack(client);
    }
    return true;
  }

  /** It is unknown whether the hub has a publication: queue it again. */
  failed({ client }: Publication): void {
    if (this.#placeOf(client) <= 0) this.#waiting.add(client);
  }

  /** A message of the hub is left out, since it could not be sent on. */
  leaveOut(): void {
    this.#stats.read++;
    this.#stats.bad++;
  }

  /**
   * A message of the hub has arrived, with its sequence number in the stream.
   */
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
      // It is an older fix, at the subject where the newer one belongs.
      this.#place(client, -sequence);
      if (place > 0 && this.#isOwn(client)) this.#putBack(client);
    }
  }
}

/** The server that received a fix from its client. */
function originOf({ block: { bytes }, start }: FixSpan): ByteString {
  const from = start + SERVER_AT;
  return byteString(bytes.subarray(from, bytes.indexOf(SPACE, from)));
}
