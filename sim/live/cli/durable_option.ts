/**
 * The option `--durable`.
 *
 * @module
 */
import { DURABILITY, type Durability } from "../../../herd/core/durability.ts";
import { oneOf } from "./usage_error.ts";

/** What is said of it. */
export const DURABLE_HELP =
  `  --durable LEVEL     when a fix is acknowledged: ${DURABILITY.join(", ")}
                      (once it is in memory; on disk; held by a neighbour too;
                      by all that are linked; default: the topology's, else disk
                      with a folder for data, and none without one)`;

/**
 * The level that the option names, if it is given.
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
