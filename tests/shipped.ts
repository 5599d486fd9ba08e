/**
 * What is shipped, by JSR and by npm: what a user needs, and nothing else.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";

const NEEDED = [
  "LICENSE",
  "README.md",
  "sim/scenarios/cascade.yaml",
  "topologies/2014.yaml",
];
const NOT_SHIPPED = /(?:^|\/)(?:tests?|bench|docs|examples|testing|\.\w+)\//;

/**
 * Asserts that the right files are shipped.
 * @param more What is needed beside what every user needs.
 */
export function assertShipped(
  files: readonly string[],
  more: readonly string[],
): void {
  for (const name of [...NEEDED, ...more]) assert(files.includes(name), name);
  assertEquals(files.filter((name) => NOT_SHIPPED.test(name)), []);
}
