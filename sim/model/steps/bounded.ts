/**
 * Limits the number of actions in a step that repeats something.
 *
 * @module
 */

/**
 * Actions are planned and recorded one by one: more would use up all memory.
 */
const ACTIONS_MAX = 100_000;

/** The error if a step has too many actions. */
export function boundedBy(
  step: string,
): [
  check: (it: { readonly every: number; readonly for: number }) => boolean,
  wrong: string,
] {
  return [
    (it) => it.every === 0 || it.for / it.every <= ACTIONS_MAX,
    `${step} does at most ${ACTIONS_MAX} things: for is too long for every`,
  ];
}
