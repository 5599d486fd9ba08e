/**
 * Which fixes have survived, and which of them servers must hold.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";
import type { Setup, Told } from "./setup.ts";
import { SmallServer } from "./small_server.ts";

/** The fixes of an exploration; several of them are a number, with a bit each. */
export class Fixes {
  /** The AT line of each. */
  readonly #lines: readonly ByteString[];
  readonly #reader: Setup;
  readonly #newestOf = new Map<number, readonly ByteString[]>();
  readonly #heldBy = new Map<string, number>();

  constructor(setup: Setup) {
    // What must be held is told by servers without a planted bug.
    const { plantedBug: _, ...rest } = setup;
    this.#reader = { ...rest, mode: "flood", isSlow: false };
    this.#lines = setup.told.map((told) => this.#lineOf(told));
  }

  #lineOf({ server, line }: Told): ByteString {
    const { standing } = new SmallServer(server, this.#reader)
      .meet({ kind: "told", line });
    return standing.held[0]!;
  }

  /** The newest fix of each client, among these AT lines. */
  #newest(lines: readonly ByteString[]): readonly ByteString[] {
    const reader = new SmallServer("reader", this.#reader);
    reader.meet({ kind: "up", peer: "writer" });
    return reader.meet({
      kind: "read",
      from: "writer",
      lines: lines.map((line) => `${line} writer`),
    }).standing.held;
  }

  /** The newest of some, of each client. */
  newestOf(some: number): readonly ByteString[] {
    return this.#newestOf.getOrInsertComputed(
      some,
      () => this.#newest(this.#lines.filter((_, at) => some & (1 << at))),
    );
  }

  /** Those of which a server holds each, or a newer one of the same client. */
  heldBy(held: readonly ByteString[]): number {
    const key = held.join("\n");
    return this.#heldBy.getOrInsertComputed(key, () => {
      let all = 0;
      for (const [at, line] of this.#lines.entries()) {
        const newest = this.#newest([...held, line]).join("\n");
        if (newest === key) all |= 1 << at;
      }
      return all;
    });
  }
}
