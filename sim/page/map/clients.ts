/**
 * Selects the clients to list beside the map, and counts missing fixes.
 *
 * @module
 */
import type { SeenFix } from "../../model/web/batch.ts";

/** The filters of the list. */
export interface Narrowing {
  /** Part of a client's ID; empty matches all. */
  readonly search: string;
  /** A server that lacks the newest fix; empty matches all. */
  readonly lacking: string;
}

/**
 * The matching clients, by ID, and how many there are in all; those whose fix
 * is not everywhere come first.
 */
export function listed(
  fixes: Iterable<SeenFix>,
  { search, lacking }: Narrowing,
  max: number,
) {
  const wanted = search.toLowerCase();
  const found = [...fixes].filter((fix) => isMatch(fix, wanted, lacking));
  found.sort((a, b) =>
    Math.sign(b.behind.length) - Math.sign(a.behind.length) ||
    (a.client < b.client ? -1 : Number(a.client > b.client))
  );
  return { shown: found.slice(0, max), total: found.length };
}

function isMatch(fix: SeenFix, search: string, lacking: string): boolean {
  return (lacking === "" || fix.behind.includes(lacking)) &&
    (search === "" || fix.client.toLowerCase().includes(search));
}

/** How many fixes each server lacks; servers that lack none are left out. */
export function lacks(fixes: Iterable<SeenFix>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { behind } of fixes) {
    for (const server of behind) {
      counts.set(server, (counts.get(server) ?? 0) + 1);
    }
  }
  return counts;
}
