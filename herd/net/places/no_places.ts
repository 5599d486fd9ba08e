/**
 * What a server without a places service answers.
 *
 * @module
 */
import type { ByteString } from "../../core/bytes/bytes.ts";

/** The body of its replies, like that of a lookup that has failed. */
export const NO_PLACES: ByteString = `{
   "error_message" : "The places service is not set: there is none to ask.",
   "html_attributions" : [],
   "results" : [],
   "status" : "UNKNOWN_ERROR"
}`;
