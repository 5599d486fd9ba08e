/**
 * Whether there is room for what a client sends.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import type { Limits } from "../limits.ts";
import type { Store } from "./store.ts";
import type { Iamat } from "../wire/fix_messages.ts";

/** Limits on what is stored of clients. */
export type RoomLimits = Pick<
  Limits,
  "clientBytesMax" | "clientsMax" | "recordBytesMax"
>;

/**
 * The room that a server's limits leave for clients' lines. What neighbours
 * send is always stored, or servers would disagree for good.
 */
export class Room {
  readonly #store: Store;
  readonly #clientBytesMax: number;
  readonly #clientsMax: number;
  readonly #recordBytesMax: number;

  constructor(
    store: Store,
    { clientBytesMax, clientsMax, recordBytesMax }: RoomLimits,
  ) {
    this.#store = store;
    this.#clientBytesMax = clientBytesMax;
    this.#clientsMax = clientsMax;
    this.#recordBytesMax = recordBytesMax;
  }

  /**
   * Whether a line can be stored for certain; else ask {@linkcode limitMet}.
   */
  isFor(clientBytes: number): boolean {
    const store = this.#store;
    return clientBytes <= this.#clientBytesMax &&
      store.count < this.#clientsMax && store.bytes < this.#recordBytesMax;
  }

  /**
   * The limit that keeps a line from being stored; `undefined` if none does.
   */
  limitMet({ block, clientStart, clientEnd }: Iamat): ByteString | undefined {
    const clientBytes = clientEnd - clientStart;
    if (this.isFor(clientBytes)) return undefined;
    if (clientBytes > this.#clientBytesMax) return "client-too-long";
    // A known client may always update its fix.
    if (this.#store.find(block, clientStart, clientEnd) >= 0) return undefined;
    return this.full;
  }

  /** The limit that keeps new clients out; `undefined` if there is room. */
  get full(): ByteString | undefined {
    const store = this.#store;
    if (store.count >= this.#clientsMax) return "clients-full";
    return store.bytes >= this.#recordBytesMax ? "records-full" : undefined;
  }
}
