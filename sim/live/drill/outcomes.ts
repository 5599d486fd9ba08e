/**
 * How checks come out, as steps tell it.
 *
 * @module
 */
import type { Seen } from "../../model/checks/evidence.ts";
import type { Failure, StepResult } from "../../model/report/result.ts";
import { type Sight, unseenText } from "../../model/sight.ts";
import type { World } from "../../worlds/world.ts";
import { Undecided } from "../herd/undecided.ts";
import { Unmet } from "../herd/unmet.ts";
import type { Outcome, Stage } from "./stage.ts";

/** What came of a check of servers of which none can be asked. */
export const NOBODY_IS_UP = "No server is up";

export function skipped(why: string): Outcome {
  return { note: why, isSkipped: true };
}

/** Why a check that needs to see so much says nothing. */
export function unseenBy(
  { herd }: Stage,
  ...needs: Sight[]
): string | undefined {
  const { name, sees } = herd.world;
  return unseenText(needs, sees, name);
}

export function failed(
  expected: string,
  actual: string,
): { readonly failure: Failure } {
  return { failure: { expected, actual } };
}

/** The first of some texts, and how many more there are. */
export function firstOf(texts: readonly string[], max: number): string[] {
  const rest = texts.length - max;
  return rest > 0 ? [...texts.slice(0, max), `and ${rest} more`] : [...texts];
}

/** There was nothing to check. */
export function unknown(note: string): Outcome {
  return { note, isUnknown: true };
}

/** There was something to check, and nobody can tell how it came out. */
export function undecided(note: string): Outcome {
  return { ...unknown(note), isUndecided: true };
}

/** How an assertion came out; other errors pass. */
export async function outcomeOf(
  assertion: Promise<void>,
  expected: string,
): Promise<Outcome> {
  try {
    await assertion;
    return {};
  } catch (error) {
    if (error instanceof Undecided) return undecided(error.why);
    if (!(error instanceof Unmet)) throw error;
    return failed(expected, error.actual);
  }
}

/** What could be seen of servers, as checks want to know it. */
export function seenOf(
  { name, sees, cannot, ordersTies }: World,
  results: readonly StepResult[],
): Seen {
  return {
    world: name,
    sees,
    ...cannot && { cannot, leftOut: leftOutOf(cannot, results) },
    ...ordersTies !== undefined && { ordersTies },
  };
}

/** The faults that no servers of such a world can have, by their IDs. */
function leftOutOf(
  cannot: ReadonlyMap<string, string>,
  results: readonly StepResult[],
): Map<string, string> {
  const leftOut = new Map<string, string>();
  for (const { step } of results) {
    const why = cannot.get(step.kind);
    const { id } = step as { readonly id?: unknown };
    if (why !== undefined && typeof id === "string") leftOut.set(id, why);
  }
  return leftOut;
}
