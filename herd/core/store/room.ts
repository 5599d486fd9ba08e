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
   * The limit that keeps a line from being stored; `undefined` if none does.
   */
  limitMet({ block, clientStart, clientEnd }: Iamat): ByteString | undefined {
    const isTooLong = clientEnd - clientStart > this.#clientBytesMax;
    if (isTooLong) return "client-too-long";
    const { full } = this;
    if (full === undefined) return undefined;
    // A known client may always update its fix.
    const client = this.#store.find(block, clientStart, clientEnd);
    return client < 0 ? full : undefined;
  }

  /** The limit that keeps new clients out; `undefined` if there is room. */
  get full(): ByteString | undefined {
    const store = this.#store;
    if (store.count >= this.#clientsMax) return "clients-full";
    return store.bytes >= this.#recordBytesMax ? "records-full" : undefined;
  }
}
