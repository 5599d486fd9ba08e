/**
 * How a places service may misbehave.
 *
 * @module
 */

/**
 * How the embedded service misbehaves: it never answers, it fails, it is
 * overloaded, it sends half of its JSON, it resets the connection, its key is
 * over quota, it gives thousands of results, nests JSON without end, sends
 * megabytes; or `none`.
 */
export const MISBEHAVIOURS = [
  "stall",
  "http-500",
  "http-503",
  "broken-json",
  "reset",
  "over-query-limit",
  "many-results",
  "deep-json",
  "too-large",
  "none",
] as const;

export type Misbehaviour = typeof MISBEHAVIOURS[number];
