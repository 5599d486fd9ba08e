/**
 * Stand-in for `@std/async`: of the very same code, from npm, what this project
 * uses.
 *
 * @module
 */
// @ts-types="./mod.d.ts"
export { abortable } from "deno-std/async/abortable.js";
// @ts-types="./mod.d.ts"
export { delay } from "deno-std/async/delay.js";
