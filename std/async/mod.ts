/**
 * Stand-in for `@std/async`: of the very same code, from npm, what this project
 * uses.
 *
 * @module
 */
// @ts-types="./abortable.d.ts"
export { abortable } from "deno-std/async/abortable.js";
