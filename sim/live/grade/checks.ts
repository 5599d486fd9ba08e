/**
 * All that a grade checks: what clients are told, and what passes between
 * servers, for that is what can be seen of anybody's.
 *
 * @module
 */
import type { GradeCheck } from "./check.ts";
import { AGREEMENT_CHECKS } from "./checks/agreement.ts";
import { BAD_INPUT_CHECKS } from "./checks/bad_input.ts";
import { MESSAGE_CHECKS } from "./checks/messages.ts";
import { REPLY_CHECKS } from "./checks/replies.ts";
import { SPREADING_CHECKS } from "./checks/spreading.ts";
import { TROUBLE_CHECKS } from "./checks/trouble.ts";

/** All checks, by the names that a rubric gives points to. */
export const GRADE_CHECKS = {
  ...REPLY_CHECKS,
  ...BAD_INPUT_CHECKS,
  ...SPREADING_CHECKS,
  ...MESSAGE_CHECKS,
  ...AGREEMENT_CHECKS,
  ...TROUBLE_CHECKS,
} as const satisfies Record<string, GradeCheck>;

/** The name of a check. */
export type GradeCheckName = keyof typeof GRADE_CHECKS;

/** The names of all checks. */
export const CHECK_NAMES = Object.keys(GRADE_CHECKS) as GradeCheckName[];
