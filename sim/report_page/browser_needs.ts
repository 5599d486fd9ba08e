/**
 * What a browser needs to run a herd.
 *
 * @module
 */
/// <reference lib="dom" />

/**
 * Why no herd can run in this browser, if so. Its script declares resources by
 * `using`: with an older browser, all of it would be one error of syntax.
 */
export function whyNoHerd(): string | undefined {
  const isNew = "AsyncDisposableStack" in globalThis &&
    "getOrInsertComputed" in Map.prototype;
  return isNew ? undefined : "this browser can't run a herd: it lacks what " +
    "Chrome and Edge have from 145 on, and Firefox from 144 on";
}
