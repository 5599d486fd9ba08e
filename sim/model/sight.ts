/**
 * What can be observed of servers from outside. Checks that need more are
 * skipped with the reason, and never pass.
 *
 * @module
 */

/**
 * Something observable of servers:
 * - `answers`: which fix of a client each answers with;
 * - `records`: which fixes they hold;
 * - `links`: which links are up, and how their syncs went;
 * - `deliveries`: each update received, or written to a link;
 * - `memory`: what they queue and count.
 */
export type Sight = keyof typeof NOT_SHOWN;

/** The predicate of a sentence about what servers do not show. */
const NOT_SHOWN = {
  answers: "by which fix they answer",
  records: "which fixes they hold",
  links: "which of their links are up",
  deliveries: "what they send each other",
  memory: "what they count and keep waiting",
} as const;

export const ALL_SIGHTS = Object.keys(NOT_SHOWN) as readonly Sight[];

/**
 * Why something can't be checked that needs these observations; `undefined` if
 * it can.
 *
 * @param world Name of the world that ran the servers.
 */
export function unseenText(
  needs: readonly Sight[],
  sees: ReadonlySet<Sight>,
  world: string,
): string | undefined {
  const missing = needs.filter((sight) => !sees.has(sight));
  if (missing.length === 0) return undefined;
  const what = missing.map((sight) => NOT_SHOWN[sight]).join(", nor ");
  return `${world} do not show ${what}`;
}
