/**
 * Clients that wait for something, each at most once, in little memory: a bit
 * for each known client, and four to eight bytes for each waiting one. A `Set`
 * takes five times as much.
 *
 * @module
 */
import type { Store } from "../store/store.ts";
import { DEFAULT_TUNING } from "../tuning.ts";

/** A larger ring is not kept once it is empty. */
const SLOTS_KEPT_MAX = 16_384;
const BITMAP_BYTES_MIN = 32;
/** Heartbeats that are remembered; above it, every second one is dropped. */
const MARKS_MAX = 64;

/** The queue as it was at a heartbeat. */
interface Mark {
  /** Clients that waited then are before this place in the order. */
  end: number;
  readonly heartbeat: number;
}

/** A queue of client numbers. */
export class ClientQueue {
  /** A bit for each client: whether it waits. */
  #waits = new Uint8Array(BITMAP_BYTES_MIN);
  #size = 0;
  /**
   * The order of the clients. One that was removed stays here, and is skipped
   * because its bit is not set.
   */
  #ring: Uint32Array;
  /**
   * The first place in the order. Places only count up; the ring wraps around.
   */
  #first = 0;
  #used = 0;
  #passed = 0;
  /** By ascending `end`. */
  #marks: Mark[] = [];
  #heartbeat = 0;
  readonly #slotsMin: number;
  readonly #reusesSlots: boolean;

  /**
   * @param slots Initial size, a power of two.
   * @param reusesSlots A bug that can be planted: a client added to a full
   * queue takes the place of the one that has waited longest.
   */
  constructor(
    slots: number = DEFAULT_TUNING.queueSlots,
    reusesSlots: boolean = false,
  ) {
    this.#slotsMin = slots;
    this.#reusesSlots = reusesSlots;
    this.#ring = new Uint32Array(slots);
  }

  /** A queue with the settings of a store. */
  static of({ tuning, plantedBug }: Store): ClientQueue {
    return new ClientQueue(tuning.queueSlots, plantedBug === "slot-reused");
  }

  /** Number of clients that wait. */
  get size(): number {
    return this.#size;
  }

  /** Number of places passed so far. */
  get passed(): number {
    return this.#passed;
  }

  /**
   * The place after all clients that wait now: once it is passed, they are all
   * gone. Their number would not do, since a client that was removed and added
   * again keeps its old place.
   */
  get end(): number {
    return this.#passed + this.#used;
  }

  /** Number of clients that there is memory for. */
  get slots(): number {
    return this.#ring.length;
  }

  has(client: number): boolean {
    const at = client >> 3;
    // Reading beyond the end would make all reads here slower.
    return at < this.#waits.length &&
      (this.#waits[at]! & 1 << (client & 7)) !== 0;
  }

  /** Call it at each heartbeat, to measure how long clients wait. */
  heartbeat(): void {
    this.#heartbeat++;
    this.#forgetPassed();
    if (this.#size === 0) return;
    const end = this.#first + this.#used;
    if (this.#marks.at(-1)?.end === end) return;
    if (this.#marks.length === MARKS_MAX) {
      this.#marks = this.#marks.filter((_, at) => at % 2 === 0);
    }
    this.#marks.push({ end, heartbeat: this.#heartbeat });
  }

  /** Drops marks whose clients are all gone, and keeps place numbers small. */
  #forgetPassed(): void {
    const round = this.#first & (this.#ring.length - 1);
    const rounds = this.#first - round;
    this.#marks = this.#marks.filter(({ end }) => end > this.#first)
      .map(({ end, heartbeat }) => ({ end: end - rounds, heartbeat }));
    this.#first = round;
  }

  /** Whole heartbeats that the longest-waiting client has waited, at least. */
  get waitedHeartbeats(): number {
    if (this.#size === 0) return 0;
    let first = this.#first;
    while (!this.has(this.#ring[first & (this.#ring.length - 1)]!)) first++;
    const mark = this.#marks.find(({ end }) => end > first);
    return mark === undefined ? 0 : this.#heartbeat - mark.heartbeat;
  }

  /** Adds a client, unless it waits already. */
  add(client: number): void {
    if (client >> 3 >= this.#waits.length) this.#growBitmap(client);
    else if (this.has(client)) return;
    if (this.#used === this.#ring.length) this.#makeRoom();
    this.#mark(client);
    this.#ring[(this.#first + this.#used++) & (this.#ring.length - 1)] = client;
  }

  /** Removes a client, if it waits. */
  delete(client: number): void {
    if (!this.has(client)) return;
    this.#unmark(client);
    if (this.#size === 0) this.#empty();
  }

  /** Takes the next client; -1 if none waits. */
  shift(): number {
    while (this.#used > 0) {
      const client = this.#ring[this.#first++ & (this.#ring.length - 1)]!;
      this.#used--;
      this.#passed++;
      if (!this.has(client)) continue;
      this.#unmark(client);
      if (this.#size === 0) this.#empty();
      return client;
    }
    return -1;
  }

  #mark(client: number): void {
    this.#waits[client >> 3]! |= 1 << (client & 7);
    this.#size++;
  }

  #unmark(client: number): void {
    this.#waits[client >> 3]! &= ~(1 << (client & 7));
    this.#size--;
  }

  #empty(): void {
    this.#first += this.#used;
    this.#passed += this.#used;
    this.#used = 0;
    if (this.#ring.length > SLOTS_KEPT_MAX) {
      this.#ring = new Uint32Array(this.#slotsMin);
    }
  }

  #growBitmap(client: number): void {
    const grown = new Uint8Array(Math.max(this.#waits.length, client >> 3) * 2);
    grown.set(this.#waits);
    this.#waits = grown;
  }

  /** Drops removed clients from the ring, and grows it if room is short. */
  #makeRoom(): void {
    if (this.#reusesSlots) return void this.shift();
    const isFull = this.#size > this.#ring.length / 2;
    const ring = new Uint32Array(this.#ring.length * (isFull ? 2 : 1));
    this.#forgetPassed();
    const start = this.#first;
    let used = 0;
    let passed = 0;
    // A client that was added again is in the ring twice: clear its bit, and
    // set it again only at the end.
    while (this.#used > 0) {
      const client = this.#ring[this.#first++ & (this.#ring.length - 1)]!;
      this.#used--;
      if (this.has(client)) {
        this.#unmark(client);
        ring[(start + used++) & (ring.length - 1)] = client;
      }
      while (this.#marks[passed]?.end === this.#first) {
        this.#marks[passed++]!.end = start + used;
      }
    }
    for (let at = start; at < start + used; at++) {
      this.#mark(ring[at & (ring.length - 1)]!);
    }
    this.#ring = ring;
    this.#first = start;
    this.#used = used;
  }
}
