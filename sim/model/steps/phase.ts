/**
 * The step `phase`: a phase of the drill begins.
 *
 * @module
 */
import { word } from "./fields.ts";
import type { StepKind } from "./kind.ts";

/** A phase of the drill begins; it lasts until the next one. */
export interface PhaseStep {
  readonly kind: "phase";
  /** Its name in checks. */
  readonly name: string;
}

export const phase: StepKind<PhaseStep> = {
  name: "phase",
  does: "Begins a phase, which checks can name; it lasts until the next.",
  schema: word(
    "A phase begins, for checks to speak of; it lasts until the next.",
  ).transform((name): PhaseStep => ({ kind: "phase", name })),
  describe: ({ name }) => `phase ${name}`,
};
