/**
 * What is measured by turns, so that whatever else a machine does meets all
 * alike; and what the turns come to.
 *
 * @module
 */
import { median } from "../report/figures.ts";

/** Something of a turn; no number if it was not measured. */
type Maybe = number | null | undefined;

/** Measures each in each round, counted from 1; what came of each, by round. */
export async function byTurns<What extends string, Turn>(
  all: readonly What[],
  rounds: number,
  measure: (what: What, round: number) => Promise<Turn>,
): Promise<Record<What, Turn[]>> {
  const turns = Object.fromEntries(
    all.map((what): [What, Turn[]] => [what, []]),
  ) as Record<What, Turn[]>;
  for (let round = 1; round <= rounds; round++) {
    for (const what of all) turns[what].push(await measure(what, round));
  }
  return turns;
}

/** The ratios of each two turns of which both were measured. */
export function ratios(
  ours: readonly Maybe[],
  others: readonly Maybe[],
): number[] {
  return ours.flatMap((one, round) => {
    const other = others[round];
    const areKnown = typeof one === "number" && typeof other === "number";
    return areKnown ? [one / other] : [];
  });
}

/** The median of what was measured; `null` if nothing was. */
export function middle(values: readonly Maybe[]): number | null {
  const known = values.filter((it) => typeof it === "number");
  return known.length > 0 ? median(known) : null;
}

/** The medians of some fields of all turns. */
export function medians<Key extends string>(
  turns: readonly ({ readonly [K in NoInfer<Key>]?: Maybe } | undefined)[],
  keys: readonly Key[],
): Record<NoInfer<Key>, number | null> {
  return Object.fromEntries(
    keys.map((key) => [key, middle(turns.map((turn) => turn?.[key]))]),
  ) as Record<Key, number | null>;
}
