/**
 * What a server knows: the newest fix of each client.
 *
 * A client has a number, by which all else refers to it: 0, 1, 2 and so on, in
 * the order in which they were first heard of. No client is ever forgotten.
 *
 * @module
 */
import { ByteBlock, copyBytes, isSame } from "../bytes/block.ts";
import { type Buckets, leafOf } from "./buckets.ts";
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
/** Where in a row what is told of a client's fix. */
const NANOS = 2;
const PLACE = 3;
const UNITS = 4;
const LENGTH = 5;
/** Where in its line a client's ID begins. */
const CLIENT_START = 6;
const CLIENT_LENGTH = 7;
/** A line that grows by less than this is written in the place it has. */
const LINE_SLACK_BYTES = 4;

/** A short account of what a store holds. Equal digests: equal fixes. */
export interface Digest {
  readonly count: number;
  /** The sum modulo 2⁶⁴ of the hashes of all fixes, as 16 hex digits. */
  readonly fingerprint: string;
}

/** How a store, and all that works on it, is set up. */
export interface StoreOptions {
  /** Constants that decide which code runs; the usual ones by default. */
  readonly tuning?: Tuning;
  /** A bug that is planted on purpose. */
  readonly plantedBug?: PlantedBug | undefined;
}

/** The newest fix of each client, and nothing else. */
export class Store {
  /** What it goes by, and all that works on it. */
  readonly tuning: Tuning;
  /** A bug that is planted on purpose. */
  readonly plantedBug: PlantedBug | undefined;
  readonly #index: ClientIndex;
  readonly #isNewer: typeof isNewer;
  readonly #slab = new Slab();
  #count = 0;
  #merges = 0;
  /** A row for each client: in columns, each would cost a cache miss. */
  #words = new Int32Array(ROWS_MIN * ROW_WORDS);
  /** The same memory, for the seconds that each row begins with. */
  #doubles = new Float64Array(this.#words.buffer);
  readonly #fingerprint: Fingerprint;

  /**
   * Holds nothing yet.
   *
   * @param seed See {@linkcode ClientIndex}.
   */
  constructor(
    seed: number,
    { tuning = DEFAULT_TUNING, plantedBug }: StoreOptions = {},
  ) {
    this.tuning = tuning;
    this.plantedBug = plantedBug;
    this.#index = new ClientIndex(seed, tuning.indexSlots);
    this.#isNewer = plantedBug === "time-only" ? isLater : isNewer;
    this.#fingerprint = new Fingerprint({
      count: () => this.#count,
      hashFix: (client) => this.#hashFix(client),
      leafOf: (client) => this.#leafOf(client),
    }, this);
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of memory that the fixes take up, in whole segments. */
  get bytes(): number {
    return this.#slab.bytes;
  }

  /** How many fixes were kept so far: it changes when what is held does. */
  get merges(): number {
    return this.#merges;
  }

  /** The number of the client whose ID this is; -1 if it was never heard of. */
  find(block: ByteBlock, start: number, end: number): number {
    return this.#find(
      this.#index.hash(block.bytes, start, end),
      block,
      start,
      end,
    );
  }

  /** As {@linkcode Store.find}, by an ID on its own. */
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
   * Keeps a fix if it is newer than what is held.
   *
   * @returns The number of the client, or -1 if it was not newer.
   * @throws {RangeError} If the line is too long for {@linkcode Slab}. What is
   * held stays as it was.
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

  /** Whether the fix that is held of a client is this one, byte for byte. */
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

  /** By numbers where they decide, and then by bytes: most lines make no object. */
  #isNewerThanHeld(fix: FixSpan, client: number): boolean {
    const seconds = fix.seconds - this.#doubles[client * ROW_DOUBLES]!;
    if (seconds !== 0 && !Number.isNaN(seconds)) return seconds > 0;
    const nanos = fix.nanos - this.#words[client * ROW_WORDS + NANOS]!;
    if (nanos !== 0) return nanos > 0;
    return !this.isHeld(fix, client) && this.#isNewer(fix, this.fix(client));
  }

  /** The fix that is held of a client; valid until the next merge. */
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

  /** Writes `<client> <time> <tie>`: which version is held. */
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

  #hashFix(client: number): Hash {
    const { block, start, end } = this.fix(client);
    return hashOf(block.bytes, start, end);
  }

  #leafOf(client: number): number {
    const { block, clientStart, clientEnd } = this.fix(client);
    return leafOf(hashOf(block.bytes, clientStart, clientEnd));
  }

  hashOf(client: number): Hash {
    return this.#fingerprint.hashOf(client);
  }

  /** The digest. Only fixes that came since the last one are hashed. */
  digest(): Digest {
    const fingerprint = this.#fingerprint.sumText();
    return { count: this.#count, fingerprint };
  }

  /** The sums by bucket, as of now. */
  buckets(): Buckets {
    return this.#fingerprint.buckets();
  }

  /**
   * Hashes some of the fixes that came since the last digest, so that the next
   * one takes no long time.
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
