/**
 * What can be seen of servers from where a herd is driven. What needs more than
 * can be seen is skipped with the reason, and never passed.
 *
 * @module
 */

/**
 * Something of servers that can be seen:
 * - `answers`: by which fix of a client each answers who asks it;
 * - `records`: which fixes they hold;
 * - `links`: which links are up, and what becomes of their syncs;
 * - `deliveries`: each update that comes to one, or is written to a link;
 * - `memory`: what they keep waiting and count, as the lengths of queues.
 */
export type Sight = "answers" | "records" | "links" | "deliveries" | "memory";

/** All that there is to see. */
export const ALL_SIGHTS: readonly Sight[] = [
  "answers",
  "records",
  "links",
  "deliveries",
  "memory",
];

/**
 * Why something can't be told that needs to see so much; `undefined` if it can.
 *
 * @param world What the servers run in.
 */
export function unseenText(
  needs: readonly Sight[],
  sees: ReadonlySet<Sight>,
  world: string,
): string | undefined {
  const missing = needs.filter((sight) => !sees.has(sight));
  if (missing.length === 0) return undefined;
  return `${missing.join(" and ")} can't be seen in the world ${world}`;
}
