/**
 * The bugs that can be planted, and for each the drill that ships whose seeds find
 * it in virtual time.
 *
 * @module
 */
import type { PlantedBug } from "../../../../herd/core/planted_bug.ts";

export const FINDERS: readonly (readonly [PlantedBug, drill: string])[] = [
  ["no-sync", "fuzz"],
  ["time-only", "fuzz"],
  ["prune-superseded", "fuzz-tree"],
  ["graft-forgotten", "fuzz-cut"],
  ["echo-of-older", "fuzz"],
  ["bucket-not-marked", "fuzz-links"],
  ["slot-reused", "fuzz"],
  ["redial-not-woken", "fuzz-links"],
  ["both-connections", "fuzz-links"],
  ["half-line-kept", "fuzz-links"],
  ["first-answer", "fuzz-ondemand"],
];
