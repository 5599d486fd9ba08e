/**
 * Clients that wait for something, each at most once, in little memory: a bit
 * for each client that is known, and four to eight bytes for each that waits. A
 * `Set` takes five times as much.
 *
 * @module
 */
import type { Store } from "../store/store.ts";
import { DEFAULT_TUNING } from "../tuning.ts";

/** A larger ring is not kept when it has been emptied. */
const SLOTS_KEPT_MAX = 16_384;
const BITMAP_BYTES_MIN = 32;
/** Heartbeats that are remembered; of more than that, every second one. */
const MARKS_MAX = 64;

/** What waited at a heartbeat. */
interface Mark {
  /** Who waited then stands before this place in the order. */
  end: number;
  readonly heartbeat: number;
}

/** A queue of clients' numbers. */
export class ClientQueue {
  /** Where each bit tells whether a client waits. */
  #waits = new Uint8Array(BITMAP_BYTES_MIN);
  #size = 0;
  /**
   * Their order. A client that was taken out stays in it, and is passed over: it
   * does not wait.
   */
  #ring: Uint32Array;
  /** The first place in the order; places are counted on, the ring goes round. */
  #first = 0;
  #used = 0;
  #passed = 0;
  /** Ends only grow. */
  #marks: Mark[] = [];
  #heartbeat = 0;
  readonly #slotsMin: number;
  readonly #reusesSlots: boolean;

  /**
   * Nobody waits; there is room for so many, a power of two, at first.
   *
   * @param reusesSlots A bug that can be planted: who comes to a full queue takes the
   * place of who has waited longest.
   */
  constructor(
    slots: number = DEFAULT_TUNING.queueSlots,
    reusesSlots: boolean = false,
  ) {
    this.#slotsMin = slots;
    this.#reusesSlots = reusesSlots;
    this.#ring = new Uint32Array(slots);
  }

  /** A queue as the clients of a store need it. */
  static of({ tuning, plantedBug }: Store): ClientQueue {
    return new ClientQueue(tuning.queueSlots, plantedBug === "slot-reused");
  }

  /** The number of clients that wait. */
  get size(): number {
    return this.#size;
  }

  /** Places of the order that were passed so far. */
  get passed(): number {
    return this.#passed;
  }

  /**
   * Who waits now stands before this place: once it is passed they have all gone.
   * Not their number, for who was taken out and added again keeps its old place.
   */
  get end(): number {
    return this.#passed + this.#used;
  }

  /** Numbers that there is memory for. */
  get slots(): number {
    return this.#ring.length;
  }

  /** Whether a client waits. */
  has(client: number): boolean {
    const at = client >> 3;
    // A read beyond the end would make all reads here slower.
    return at < this.#waits.length &&
      (this.#waits[at]! & 1 << (client & 7)) !== 0;
  }

  /** To be called at each heartbeat, so that it is known how long clients wait. */
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

  /** Forgets the marks of those who have all gone, and keeps numbers small. */
  #forgetPassed(): void {
    const round = this.#first & (this.#ring.length - 1);
    const rounds = this.#first - round;
    this.#marks = this.#marks.filter(({ end }) => end > this.#first)
      .map(({ end, heartbeat }) => ({ end: end - rounds, heartbeat }));
    this.#first = round;
  }

  /** Whole heartbeats that the client has waited, at least, who waits longest. */
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

  /** Takes a client out, if it waits. */
  delete(client: number): void {
    if (!this.has(client)) return;
    this.#unmark(client);
    if (this.#size === 0) this.#empty();
  }

  /** Takes the next client out; -1 if none waits. */
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

  /** Leaves out who does not wait any more, and grows if too little is left. */
  #makeRoom(): void {
    if (this.#reusesSlots) return void this.shift();
    const isFull = this.#size > this.#ring.length / 2;
    const ring = new Uint32Array(this.#ring.length * (isFull ? 2 : 1));
    this.#forgetPassed();
    const start = this.#first;
    let used = 0;
    let passed = 0;
    // Who was added again is in it twice: no bit is set while the first stays.
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
