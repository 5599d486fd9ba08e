/**
 * Stand-in for `@std/assert`: the very same code, from npm.
 *
 * @module
 */
// @ts-types="./mod.d.ts"
export * from "deno-std/assert/mod.js";
