/**
 * The ways in which a places service lets its clients down.
 *
 * @module
 */

/**
 * How the embedded service misbehaves: it never answers, it fails, it is
 * overloaded, it answers half of its JSON, it resets the connection, its key
 * was used too much; or `none`.
 */
export const MISBEHAVIOURS = [
  "stall",
  "http-500",
  "http-503",
  "broken-json",
  "reset",
  "over-query-limit",
  "none",
] as const;

export type Misbehaviour = typeof MISBEHAVIOURS[number];
