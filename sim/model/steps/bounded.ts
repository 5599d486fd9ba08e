/**
 * How much a step may do that does one thing after the other by itself.
 *
 * @module
 */

/** What is done is planned, and told, one by one: more takes all memory. */
const DEEDS_MAX = 100_000;

/** Whether so much is done in all as can be planned, and what is wrong else. */
export function boundedBy(
  step: string,
): [
  check: (it: { readonly every: number; readonly for: number }) => boolean,
  wrong: string,
] {
  return [
    (it) => it.every === 0 || it.for / it.every <= DEEDS_MAX,
    `${step} does at most ${DEEDS_MAX} things: for is too long for every`,
  ];
}
