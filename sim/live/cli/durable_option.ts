/**
 * The option `--durable`.
 *
 * @module
 */
import { DURABILITY, type Durability } from "../../../herd/core/durability.ts";
import { oneOf } from "./usage_error.ts";

/** The section of `--help`. */
export const DURABLE_HELP =
  `  --durable LEVEL     when a fix is acknowledged: ${DURABILITY.join(", ")}
                      (once it is in memory; on disk; held by a neighbour too;
                      by all that are linked; default: the topology's, else disk
                      with a folder for data, and none without one)`;

/**
 * The level that the option gives, if it is used.
 *
 * @throws {UsageError} If there is no such level.
 */
export function durableOf(
  word: string | undefined,
): { durable: Durability } | undefined {
  return word === undefined
    ? undefined
    : { durable: oneOf("durable", word, DURABILITY) };
}
