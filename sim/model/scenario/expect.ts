/**
 * How the step `expect` is written: a client's fix, or convergence.
 *
 * @module
 */
import * as z from "zod";
import { KILLED_WITHIN_MS_MAX } from "../ledger.ts";
import type {
  ExpectAlwaysStep,
  ExpectConvergedStep,
  ExpectFixStep,
} from "./scenario.ts";
import {
  client,
  CLIENTS_MAX,
  duration,
  position,
  servers,
  wholeNumber,
} from "./fields.ts";

const expectConverged = z.strictObject({
  converged: servers("Servers that must come to hold equal records."),
  within: duration("How long that may take; 5s unless told.").default(5_000),
  lost: wholeNumber(
    "Clients whose newest acknowledged fix may be lost; 0 unless told.",
    0,
    CLIENTS_MAX,
  ).exactOptional(),
  unless_killed_within: duration(
    "A fix acknowledged so shortly before its server was killed may be lost, " +
      "and is reported apart; 0s unless told.",
    KILLED_WITHIN_MS_MAX,
  ).exactOptional(),
});

const expectFix = z.strictObject({
  client: client(),
  position: position().exactOptional(),
  on: servers("Servers that must hold the fix.").exactOptional(),
  within: duration("How long that may take; 1s unless told.").exactOptional(),
  never: servers("Servers that must not get the fix.").exactOptional(),
  for: duration("How long they are watched; 1s unless told.").exactOptional(),
});

/**
 * What stands below `expect`.
 * @internal
 */
export function expectation(): z.ZodType<ExpectConvergedStep | ExpectFixStep> {
  return z.union([
    z.literal("converged").transform(() =>
      toConverged({ converged: ["all"], within: 5_000 })
    ),
    expectConverged.transform(toConverged),
    expectFix.superRefine(checkFix).transform(toFix),
  ]);
}

const always = z.strictObject({
  client: client(),
  position: position().exactOptional(),
  on: servers("Servers that must hold the fix all the while."),
  for: duration("How long they are watched; 1s unless told.").default(1_000),
});

/**
 * What stands below `always`.
 * @internal
 */
export function constancy(): z.ZodType<ExpectAlwaysStep> {
  return always.transform(({ for: forMs, ...rest }): ExpectAlwaysStep => ({
    kind: "expect-always",
    ...rest,
    forMs,
  }));
}

/** The fields of `always`, by name. */
export const ALWAYS_FIELDS: Readonly<Record<string, unknown>> = always.shape;

/** The fields of either form of `expect`, by name. */
export const EXPECT_FIELDS: Readonly<Record<string, unknown>> = {
  ...expectConverged.shape,
  ...expectFix.shape,
};

function toConverged(
  fields: z.output<typeof expectConverged>,
): ExpectConvergedStep {
  return {
    kind: "expect-converged",
    servers: fields.converged,
    withinMs: fields.within,
    lost: fields.lost ?? 0,
    killedWithinMs: fields.unless_killed_within ?? 0,
  };
}

function checkFix(
  fields: z.output<typeof expectFix>,
  context: z.core.$RefinementCtx,
): void {
  const { on, never, within, for: duration } = fields;
  const complain = (message: string) => {
    context.addIssue({ code: "custom", message });
  };
  if (on === undefined && never === undefined) {
    complain("expect of a client needs on, never or both");
  }
  if (within !== undefined && on === undefined) {
    complain("within goes with on (for goes with never)");
  }
  if (duration !== undefined && never === undefined) {
    complain("for goes with never (within goes with on)");
  }
}

function toFix(fields: z.output<typeof expectFix>): ExpectFixStep {
  const { client, position, on, within, never, for: duration } = fields;
  return {
    kind: "expect-fix",
    client,
    ...(position === undefined ? {} : { position }),
    on: on ?? [],
    withinMs: within ?? 1_000,
    never: never ?? [],
    forMs: duration ?? 1_000,
  };
}
