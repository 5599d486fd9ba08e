/**
 * Those parts of `@std/assert` that this project uses, with the same code, from
 * npm.
 *
 * @module
 */
// @ts-types="./mod.d.ts"
export { AssertionError } from "deno-std/assert/assertion_error.js";
// @ts-types="./mod.d.ts"
export { assert } from "deno-std/assert/assert.js";
// @ts-types="./mod.d.ts"
export { assertAlmostEquals } from "deno-std/assert/almost_equals.js";
// @ts-types="./mod.d.ts"
export { assertEquals } from "deno-std/assert/equals.js";
// @ts-types="./mod.d.ts"
export { assertMatch } from "deno-std/assert/match.js";
// @ts-types="./mod.d.ts"
export { assertNotEquals } from "deno-std/assert/not_equals.js";
// @ts-types="./mod.d.ts"
export { assertRejects } from "deno-std/assert/rejects.js";
// @ts-types="./mod.d.ts"
export { assertStrictEquals } from "deno-std/assert/strict_equals.js";
// @ts-types="./mod.d.ts"
export { assertStringIncludes } from "deno-std/assert/string_includes.js";
// @ts-types="./mod.d.ts"
export { assertThrows } from "deno-std/assert/throws.js";
// @ts-types="./mod.d.ts"
export { fail } from "deno-std/assert/fail.js";
