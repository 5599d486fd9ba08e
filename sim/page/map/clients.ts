/**
 * Which clients are listed beside the map, and who lacks their fixes.
 *
 * @module
 */
import type { SeenFix } from "../../model/web/batch.ts";

/** What narrows the list. */
export interface Narrowing {
  /** What a client's ID has in it; empty: any. */
  readonly search: string;
  /** The server that lacks the newest fix; empty: any, or none. */
  readonly lacking: string;
}

/** The clients that are listed, and how many there are in all. */
export interface Listed {
  /** Those that have room. */
  readonly shown: readonly SeenFix[];
  /** All that match. */
  readonly total: number;
}

/** Those that match: first whose fix is not everywhere, then by name. */
export function listed(
  fixes: Iterable<SeenFix>,
  { search, lacking }: Narrowing,
  max: number,
): Listed {
  const wanted = search.toLowerCase();
  const found: SeenFix[] = [];
  for (const fix of fixes) {
    if (!isMatch(fix, wanted, lacking)) continue;
    found.push(fix);
  }
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

/** How many fixes each server lacks; those that lack none are left out. */
export function lacks(fixes: Iterable<SeenFix>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { behind } of fixes) {
    for (const server of behind) {
      counts.set(server, (counts.get(server) ?? 0) + 1);
    }
  }
  return counts;
}
