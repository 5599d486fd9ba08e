/**
 * The cost of a sync between two servers that hold nearly the same.
 *
 * @module
 */
import { loadTopology } from "../../sim/live/herd/load.ts";
import { PureNetwork, type Traffic } from "./pure_network.ts";

const FIRST_SECOND = 1_600_000_000;
const CHUNK = 10_000;

/** Two servers with the same number of records, and a link between them. */
export class SyncPair {
  readonly #network = new PureNetwork(loadTopology("line:2"), {
    mode: "flood",
  });
  readonly #records: number;
  #second = FIRST_SECOND;

  constructor(records: number) {
    this.#records = records;
    for (let client = 0; client < records; client++) {
      this.#move(client);
      if (client % CHUNK === CHUNK - 1) this.#network.settle();
    }
    this.#network.settle();
  }

  #move(client: number): void {
    const name = `phone-${String(client).padStart(7, "0")}`;
    const line =
      `IAMAT ${name} +34.068930-118.445127 ${this.#second}.959498503`;
    this.#network.clientLine("s0", line, 0);
  }

  /**
   * Cuts the link, moves `differing` clients at one of the two, and heals the
   * link. Returns what is sent over it until both hold the same again.
   *
   * @throws {Error} If they do not.
   */
  heal(differing: number): Traffic {
    const network = this.#network;
    network.cut("s0", "s1");
    this.#second++;
    const stride = Math.floor(this.#records / Math.max(1, differing));
    for (let i = 0; i < differing; i++) this.#move(i * stride);
    network.settle();
    network.take();
    network.heal("s0", "s1");
    network.settle();
    const [a, b] = [network.digest("s0"), network.digest("s1")];
    if (a.count !== b.count || a.fingerprint !== b.fingerprint) {
      throw new Error("The sync has not made both sides equal");
    }
    return network.take();
  }
}
