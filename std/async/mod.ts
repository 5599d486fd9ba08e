/**
 * Those parts of `@std/async` that this project uses, with the same code, from
 * npm.
 *
 * @module
 */
// @ts-types="./mod.d.ts"
export { abortable } from "deno-std/async/abortable.js";
// @ts-types="./mod.d.ts"
export { delay } from "deno-std/async/delay.js";
