/**
 * How the step `expect` is written: a client's fix,
 * convergence, or how servers stand with their supervisor.
 *
 * @module
 */
import * as z from "zod";
import type {
  ExpectAlwaysStep,
  ExpectConvergedStep,
  ExpectFixStep,
  ExpectServersStep,
} from "./scenario.ts";
import {
  client,
  CLIENTS_MAX,
  duration,
  position,
  servers,
  wholeNumber,
  yesOrNo,
} from "./fields.ts";
import { RESTARTS_MAX } from "../restart.ts";
import { STANDING_STATES } from "../standing.ts";

const KILLED_WITHIN_MS_MAX = 10_000;

const expectConverged = z.strictObject({
  converged: servers("Servers that must come to hold equal records."),
  within: duration("How long that may take; 5s by default.").default(5_000),
  lost: wholeNumber(
    "Clients whose newest acknowledged fix may be lost; 0 by default.",
    0,
    CLIENTS_MAX,
  ).exactOptional(),
  unless_killed_within: duration(
    "A fix may be lost, and is reported apart, if its server was killed so " +
      "shortly after it could first have told another; 0s by default.",
    KILLED_WITHIN_MS_MAX,
  ).exactOptional(),
});

const exactly = yesOrNo(
  "Whether it must be this fix: a newer one does not do.",
).exactOptional();

const expectFix = z.strictObject({
  client: client(),
  position: position().exactOptional(),
  exactly,
  on: servers("Servers that must hold the fix.").exactOptional(),
  within: duration("How long that may take; 1s by default.").exactOptional(),
  never: servers("Servers that must not get the fix.").exactOptional(),
  for: duration("How long they are watched; 1s by default.").exactOptional(),
});

const expectServers = z.strictObject({
  servers: servers("Servers, or all of the herd."),
  state: z.enum(STANDING_STATES).exactOptional().meta({
    description: "The state that each must be in.",
  }),
  restarts: wholeNumber(
    "How often each must have been restarted by its supervisor.",
    0,
    RESTARTS_MAX,
  ).exactOptional(),
  backoff: duration("How long its last restart must have been put off.")
    .exactOptional(),
  limit_reached: yesOrNo("Whether it crashed too often, and is down for that.")
    .exactOptional(),
  within: duration("How long that may take; 5s by default.").default(5_000),
});

/** Of these fields at least one is needed. */
const WANTED = ["state", "restarts", "backoff", "limit_reached"];

/**
 * What stands below `expect`.
 * @internal
 */
export function expectation(): z.ZodType<
  ExpectConvergedStep | ExpectFixStep | ExpectServersStep
> {
  return z.union([
    z.literal("converged").transform(() =>
      toConverged({ converged: ["all"], within: 5_000 })
    ),
    expectConverged.transform(toConverged),
    expectFix.superRefine(checkFix).transform(toFix),
    expectServers.refine(
      ({ servers: _, within: __, ...standing }) =>
        Object.keys(standing).length > 0,
      { message: `expect of servers needs ${WANTED.join(", ")} or several` },
    ).transform(toServers),
  ]);
}

const always = z.strictObject({
  client: client(),
  position: position().exactOptional(),
  exactly,
  on: servers("Servers that must hold the fix all the while."),
  for: duration("How long they are watched; 1s by default.").default(1_000),
});

/**
 * What stands below `always`.
 * @internal
 */
export function constancy(): z.ZodType<ExpectAlwaysStep> {
  return always.transform(
    ({ for: forMs, exactly, ...rest }): ExpectAlwaysStep => ({
      kind: "expect-always",
      ...rest,
      ...exactly && { isExact: true },
      forMs,
    }),
  );
}

/** The fields of `always`, by name. */
export const ALWAYS_FIELDS: Readonly<Record<string, unknown>> = always.shape;

/** The fields of either form of `expect`, by name. */
export const EXPECT_FIELDS: Readonly<Record<string, unknown>> = {
  ...expectConverged.shape,
  ...expectFix.shape,
  ...expectServers.shape,
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

function toServers(
  fields: z.output<typeof expectServers>,
): ExpectServersStep {
  const { servers, within, state, restarts, backoff, limit_reached } = fields;
  return {
    kind: "expect-servers",
    servers,
    standing: {
      ...state !== undefined && { state },
      ...restarts !== undefined && { restarts },
      ...backoff !== undefined && { backoffMs: backoff },
      ...limit_reached !== undefined && { limitReached: limit_reached },
    },
    withinMs: within,
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
  if (fields.exactly !== undefined && on === undefined) {
    complain("exactly goes with on");
  }
  if (duration !== undefined && never === undefined) {
    complain("for goes with never (within goes with on)");
  }
}

function toFix(fields: z.output<typeof expectFix>): ExpectFixStep {
  const { client, position, exactly, on, within, never, for: duration } =
    fields;
  return {
    kind: "expect-fix",
    client,
    ...(position === undefined ? {} : { position }),
    ...exactly && { isExact: true },
    on: on ?? [],
    withinMs: within ?? 1_000,
    never: never ?? [],
    forMs: duration ?? 1_000,
  };
}
