/**
 * The step `wait`: nothing happens for a time.
 *
 * @module
 */
import { formatDuration } from "../duration.ts";
import { duration } from "./fields.ts";
import type { StepKind } from "./kind.ts";

export interface WaitStep {
  readonly kind: "wait";
  readonly durationMs: number;
}

export const wait: StepKind<WaitStep> = {
  name: "wait",
  does: "Waits for a time.",
  schema: duration("How long.").transform((durationMs): WaitStep => ({
    kind: "wait",
    durationMs,
  })),
  describe: ({ durationMs }) => `wait ${formatDuration(durationMs)}`,
  isTimed: true,
};
