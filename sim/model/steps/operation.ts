/**
 * Fields of all operations of clients.
 *
 * @module
 */
import { duration, may, server } from "./fields.ts";
import { via } from "./via.ts";

/** The plan's names of these fields. */
export const OPERATION = { within: "withinMs", may: "mayFail" } as const;

export const OPERATION_FIELDS = {
  to: server,
  within: duration("How long the answer may take; 12s by default.")
    .default(12_000),
  via,
  may,
};
