/**
 * The types of those parts of `@std/async` 1.0 that this project uses; its npm
 * package has none.
 *
 * @module
 */

/** Resolves as the promise does, or rejects once the signal is aborted. */
export function abortable<T>(p: Promise<T>, signal: AbortSignal): Promise<T>;

/** Resolves after `ms` milliseconds of the machine's own time. */
export function delay(ms: number): Promise<void>;
