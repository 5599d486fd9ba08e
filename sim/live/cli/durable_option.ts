/**
 * The option `--durable`.
 *
 * @module
 */
import { DURABILITY } from "../../../herd/core/durability.ts";
import { oneWordOf } from "./command_line.ts";

/** The option, and what reads it. */
export const DURABLE_VALUES = { durable: oneWordOf(DURABILITY) };

/** The section of `--help`. */
export const DURABLE_HELP =
  `  --durable LEVEL     when a fix is acknowledged: ${DURABILITY.join(", ")}
                      (once it is in memory; on disk; held by a neighbour too;
                      by all that are linked; default: the topology's, else disk
                      with a folder for data, and none without one)`;
