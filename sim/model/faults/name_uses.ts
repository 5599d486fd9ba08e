/**
 * Names that are reused: each use is a fault of its own.
 *
 * @module
 */

export class NameUses {
  readonly #uses = new Map<string, number>();

  /**
   * The ID of the next use of a name: `snip`, then `snip#2`.
   *
   * @example
   * ```ts
   * import { NameUses } from "./name_uses.ts";
   * import { assertEquals } from "@std/assert";
   *
   * const uses = new NameUses();
   * assertEquals([uses.next("snip"), uses.next("snip")], ["snip", "snip#2"]);
   * ```
   */
  next(name: string): string {
    const use = (this.#uses.get(name) ?? 0) + 1;
    this.#uses.set(name, use);
    return use === 1 ? name : `${name}#${use}`;
  }
}
