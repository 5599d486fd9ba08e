/**
 * How a places service may misbehave.
 *
 * @module
 */

/**
 * How the embedded service misbehaves: it never answers, it fails, it is
 * overloaded, it sends half of its JSON, it resets the connection, its key is
 * over quota; or `none`.
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
