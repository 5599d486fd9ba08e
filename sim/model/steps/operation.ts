/**
 * What all operations of a client have in common, as their steps say it.
 *
 * @module
 */
import { duration, may, server } from "./fields.ts";
import { via } from "./via.ts";

/** What plans call these fields. */
export const OPERATION = { within: "withinMs", may: "mayFail" } as const;

/**
 * The fields.
 * @internal
 */
export const OPERATION_FIELDS = {
  to: server(),
  within: duration("How long the answer may take; 12s by default.")
    .default(12_000),
  via,
  may,
};
