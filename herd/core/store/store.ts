/**
 * What a server knows: the newest fix of each client.
 *
 * Everything else refers to a client by its number: 0, 1, 2 and so on, in the
 * order in which clients were first heard of. No client is ever forgotten.
 *
 * @module
 */
import { ByteBlock, copyBytes, isSame } from "../bytes/block.ts";
import { type Buckets, leafAt, leafOf } from "./buckets.ts";
import { bytesOf, type ByteString, SPACE } from "../bytes/bytes.ts";
import { ClientIndex } from "./client_index.ts";
import { Fingerprint } from "./fingerprint.ts";
import { type FixSpan, isLater, isNewer, timeStart } from "../wire/fix.ts";
import { type Hash, hashOf, writeHash } from "../bytes/hash.ts";
import type { PlantedBug } from "../planted_bug.ts";
import { bytesIn, Slab, unitsFor } from "./slab.ts";
import { DEFAULT_TUNING, type Tuning } from "../tuning.ts";
import type { ByteWriter } from "../bytes/writer.ts";

const ROWS_MIN = 32;
/** Words of 32 bits in a client's row, which begins with a double. */
const ROW_WORDS = 8;
const ROW_DOUBLES = ROW_WORDS / 2;
/** Word offsets in a row. */
const NANOS = 2;
const PLACE = 3;
const UNITS = 4;
const LENGTH = 5;
/** Where the client's ID begins in its line. */
const CLIENT_START = 6;
const CLIENT_LENGTH = 7;
/** A line that grows by less than this stays in its place. */
const LINE_SLACK_BYTES = 4;

/** A summary of what a store holds. Equal digests mean equal fixes. */
export interface Digest {
  readonly count: number;
  /** The sum of the hashes of all fixes, modulo 2⁶⁴, as 16 hex digits. */
  readonly fingerprint: string;
}

export interface StoreOptions {
  /** Constants that decide which code runs. */
  readonly tuning?: Tuning;
  /** A bug that is planted on purpose. */
  readonly plantedBug?: PlantedBug | undefined;
}

/** The newest fix of each client. */
export class Store {
  /** Constants for the store and everything that works on it. */
  readonly tuning: Tuning;
  /** A bug that is planted on purpose. */
  readonly plantedBug: PlantedBug | undefined;
  readonly #index: ClientIndex;
  readonly #isNewer: typeof isNewer;
  readonly #slab = new Slab();
  #count = 0;
  #merges = 0;
  /** One row per client: columns would cost a cache miss each. */
  #words = new Int32Array(ROWS_MIN * ROW_WORDS);
  /** The same memory, for the seconds at the start of each row. */
  #doubles = new Float64Array(this.#words.buffer);
  readonly #fingerprint = new Fingerprint(this);

  /** @param seed See {@linkcode ClientIndex}. */
  constructor(
    seed: number,
    { tuning = DEFAULT_TUNING, plantedBug }: StoreOptions = {},
  ) {
    this.tuning = tuning;
    this.plantedBug = plantedBug;
    this.#index = new ClientIndex(seed, tuning.indexSlots);
    this.#isNewer = plantedBug === "time-only" ? isLater : isNewer;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of memory for fixes, in whole segments. */
  get bytes(): number {
    return this.#slab.bytes;
  }

  /** Number of fixes stored so far: it changes whenever the content does. */
  get merges(): number {
    return this.#merges;
  }

  /** The number of the client with this ID; -1 if it is unknown. */
  find(block: ByteBlock, start: number, end: number): number {
    return this.#find(
      this.#index.hash(block.bytes, start, end),
      block,
      start,
      end,
    );
  }

  /** As {@linkcode Store.find}, with the ID as text. */
  findClient(client: ByteString): number {
    return this.find(new ByteBlock(bytesOf(client)), 0, client.length);
  }

  #find(hash: number, block: ByteBlock, start: number, end: number): number {
    let client = this.#index.first(hash);
    while (client >= 0 && !this.#isClient(client, block, start, end)) {
      client = this.#index.next();
    }
    return client;
  }

  #isClient(
    client: number,
    block: ByteBlock,
    start: number,
    end: number,
  ): boolean {
    const length = end - start;
    const words = this.#words;
    const row = client * ROW_WORDS;
    if (words[row + CLIENT_LENGTH] !== length) return false;
    const place = words[row + PLACE]!;
    const at = this.#slab.offset(place) + words[row + CLIENT_START]!;
    return isSame(block, start, this.#slab.block(place), at, length);
  }

  /**
   * Stores a fix if it is newer than the held one.
   *
   * @returns The number of the client, or -1 if it was not newer.
   * @throws {RangeError} If the line is too long for {@linkcode Slab}. The held
   * fix stays as it was.
   */
  merge(fix: FixSpan): number {
    const { block, clientStart, clientEnd } = fix;
    const hash = this.#index.hash(block.bytes, clientStart, clientEnd);
    const client = this.#find(hash, block, clientStart, clientEnd);
    if (client < 0) return this.#insert(hash, fix);
    if (!this.#isNewerThanHeld(fix, client)) return -1;
    this.#fingerprint.replaced(client);
    this.#write(client, fix);
    return client;
  }

  #insert(hash: number, fix: FixSpan): number {
    const client = this.#count;
    if (client * ROW_WORDS === this.#words.length) this.#growRows();
    this.#write(client, fix);
    this.#index.add(hash, client);
    this.#count++;
    return client;
  }

  /** Whether this fix is held, or a newer one of the same client. */
  holds(fix: FixSpan): boolean {
    const client = this.find(fix.block, fix.clientStart, fix.clientEnd);
    return client >= 0 && !this.#isNewerThanHeld(fix, client);
  }

  /** Whether the held fix of a client is this one, byte for byte. */
  isHeld(fix: FixSpan, client: number): boolean {
    const words = this.#words;
    const row = client * ROW_WORDS;
    const place = words[row + PLACE]!;
    const length = fix.end - fix.start;
    return words[row + LENGTH] === length &&
      isSame(
        fix.block,
        fix.start,
        this.#slab.block(place),
        this.#slab.offset(place),
        length,
      );
  }

  /**
   * Compares numbers first, and bytes only if those are equal: most lines
   * allocate no object.
   */
  #isNewerThanHeld(fix: FixSpan, client: number): boolean {
    const seconds = fix.seconds - this.#doubles[client * ROW_DOUBLES]!;
    if (seconds !== 0 && !Number.isNaN(seconds)) return seconds > 0;
    const nanos = fix.nanos - this.#words[client * ROW_WORDS + NANOS]!;
    if (nanos !== 0) return nanos > 0;
    return !this.isHeld(fix, client) && this.#isNewer(fix, this.fix(client));
  }

  /** The held fix of a client, valid until the next merge. */
  fix(client: number): FixSpan {
    const words = this.#words;
    const row = client * ROW_WORDS;
    const place = words[row + PLACE]!;
    const start = this.#slab.offset(place);
    const clientStart = start + words[row + CLIENT_START]!;
    return {
      block: this.#slab.block(place),
      start,
      end: start + words[row + LENGTH]!,
      clientStart,
      clientEnd: clientStart + words[row + CLIENT_LENGTH]!,
      seconds: this.#doubles[client * ROW_DOUBLES]!,
      nanos: words[row + NANOS]!,
    };
  }

  /** Writes the AT line of a client, without a line feed. */
  writeLine(client: number, out: ByteWriter): void {
    const words = this.#words;
    const row = client * ROW_WORDS;
    const place = words[row + PLACE]!;
    const start = this.#slab.offset(place);
    out.copy(this.#slab.block(place), start, start + words[row + LENGTH]!);
  }

  /** Writes the held version: `<client> <time> <tie>`. */
  writeVersion(client: number, out: ByteWriter): void {
    const fix = this.fix(client);
    out.copy(fix.block, fix.clientStart, fix.clientEnd);
    out.byte(SPACE);
    out.copy(fix.block, timeStart(fix), fix.end);
    out.byte(SPACE);
    writeHash(this.hashOf(client), out);
  }

  #write(client: number, fix: FixSpan): void {
    const { block, start, end, clientStart, clientEnd } = fix;
    const length = end - start;
    const words = this.#words;
    const row = client * ROW_WORDS;
    if (length > bytesIn(words[row + UNITS]!)) this.#move(words, row, length);
    const place = words[row + PLACE]!;
    const at = this.#slab.offset(place);
    copyBytes(block, start, end, this.#slab.block(place), at);
    words[row + LENGTH] = length;
    words[row + CLIENT_START] = clientStart - start;
    words[row + CLIENT_LENGTH] = clientEnd - clientStart;
    words[row + NANOS] = fix.nanos;
    this.#doubles[client * ROW_DOUBLES] = fix.seconds;
    this.#merges++;
  }

  #move(words: Int32Array, row: number, length: number): void {
    const units = unitsFor(length + LINE_SLACK_BYTES);
    const place = this.#slab.allocate(units);
    const unitsHeld = words[row + UNITS]!;
    if (unitsHeld > 0) this.#slab.release(words[row + PLACE]!, unitsHeld);
    words[row + UNITS] = units;
    words[row + PLACE] = place;
  }

  #growRows(): void {
    const words = this.#words;
    this.#words = new Int32Array(words.length * 2);
    this.#words.set(words);
    this.#doubles = new Float64Array(this.#words.buffer);
  }

  /** The hash of a client's fix, computed anew. */
  hashFix(client: number): Hash {
    const { block, start, end } = this.fix(client);
    return hashOf(block.bytes, start, end);
  }

  /** The leaf of a client's ID in the buckets. */
  leafOf(client: number): number {
    const { block, clientStart, clientEnd } = this.fix(client);
    return leafOf(hashOf(block.bytes, clientStart, clientEnd));
  }

  hashOf(client: number): Hash {
    return this.#fingerprint.hashOf(client);
  }

  /** The digest. Only fixes stored since the last one are hashed. */
  digest(): Digest {
    const fingerprint = this.#fingerprint.sumText();
    return { count: this.#count, fingerprint };
  }

  /** Current sums by bucket. */
  buckets(): Buckets {
    return this.#fingerprint.buckets();
  }

  /** All clients, and those added meanwhile. */
  *clients(): IterableIterator<number> {
    for (let client = 0; client < this.#count; client++) yield client;
  }

  /** The clients in some leaves of a bucket. */
  *clientsIn(
    bucket: number,
    leaves: readonly number[],
  ): IterableIterator<number> {
    for (const leaf of leaves) {
      yield* this.buckets().clients(leafAt(bucket, leaf));
    }
  }

  /**
   * Hashes some of the fixes stored since the last digest, so that the next one
   * is quick.
   *
   * @returns Whether more are left than are hashed in one go.
   */
  tidy(): boolean {
    this.#fingerprint.refresh(this.tuning.tidyFixes);
    return !this.isTidy;
  }

  /** Whether a digest takes no more than a millisecond or two. */
  get isTidy(): boolean {
    return this.#fingerprint.backlog <= this.tuning.tidyFixes;
  }
}
