/**
 * The types of what this project uses of `@std/async` 1.0, whose npm build has
 * none.
 *
 * @module
 */

/** What a promise brings, or a rejection once the signal is aborted. */
export function abortable<T>(p: Promise<T>, signal: AbortSignal): Promise<T>;

/** Resolves after so many milliseconds of the machine's own time. */
export function delay(ms: number): Promise<void>;
