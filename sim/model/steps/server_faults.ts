/**
 * The list of faults of servers' processes.
 *
 * @module
 */
import { crash } from "./crash.ts";
import { kill } from "./kill.ts";
import { pause } from "./pause.ts";
import { restart } from "./restart.ts";
import { resume } from "./resume.ts";
import { revive } from "./revive.ts";
import { wipe } from "./wipe.ts";
import type { Course, ServerStep } from "./server_fault.ts";

export const SERVER_FAULTS = [
  kill,
  wipe,
  crash,
  revive,
  restart,
  pause,
  resume,
] as const;

export type ProcessFault = typeof SERVER_FAULTS[number]["kind"];

/** A step that puts a fault on several servers at once. */
export type FaultStep = ServerStep<ProcessFault>;

const COURSES: ReadonlyMap<string, Course> = new Map(
  SERVER_FAULTS.map(({ kind, course }) => [kind, course]),
);

export function courseOf(kind: ProcessFault): Course {
  return COURSES.get(kind)!;
}

/** Whether a step, or a command, is a fault of servers' processes. */
export function isFaultStep<T extends { readonly kind: string }>(
  step: T,
): step is Extract<T, { readonly kind: ProcessFault }> {
  return COURSES.has(step.kind);
}
