/**
 * All sections, in the order in which they are run.
 *
 * @module
 */
import type { Section } from "./section.ts";
import { oneServer } from "./sections/one_server.ts";

/** All sections. */
export const SECTIONS: readonly Section[] = [oneServer];
