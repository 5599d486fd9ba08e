/**
 * All sections, in the order in which they are run.
 *
 * @module
 */
import type { Section } from "./sections/section.ts";
import { beside } from "./sections/beside.ts";
import { converged } from "./sections/converged.ts";
import { crossover } from "./sections/crossover.ts";
import { durability } from "./sections/durability.ts";
import { fairness } from "./sections/fairness.ts";
import { growth } from "./sections/growth.ts";
import { hub } from "./sections/hub.ts";
import { messages } from "./sections/messages.ts";
import { oneServer } from "./sections/one_server.ts";
import { page } from "./sections/page.ts";
import { propagation } from "./sections/propagation.ts";
import { recovery } from "./sections/recovery.ts";
import { start } from "./sections/start.ts";
import { trees } from "./sections/trees.ts";

export const SECTIONS: readonly Section[] = [
  oneServer,
  durability,
  fairness,
  beside,
  converged,
  propagation,
  messages,
  crossover,
  trees,
  page,
  start,
  recovery,
  hub,
  growth,
];
