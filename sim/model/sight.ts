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

/** What is not shown, as people say it of servers. */
const NOT_SHOWN: Readonly<Record<Sight, string>> = {
  answers: "by which fix they answer",
  records: "which fixes they hold",
  links: "which of their links are up",
  deliveries: "what they send each other",
  memory: "what they count and keep waiting",
};

/**
 * Why something can't be told that needs to see so much; `undefined` if it can.
 *
 * @param world What the servers are called: of which world they are.
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
