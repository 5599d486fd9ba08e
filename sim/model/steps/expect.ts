/**
 * How the step `expect` is written: a client's fix,
 * convergence, or how servers stand with their supervisor.
 *
 * @module
 */
import { given } from "../given.ts";
import * as z from "zod";
import {
  client,
  CLIENTS_MAX,
  duration,
  position,
  servers,
  wholeNumber,
  yesOrNo,
} from "./fields.ts";
import { formatDuration } from "../duration.ts";
import { RESTARTS_MAX } from "../restart.ts";
import { expectationText, EXPECTED_STATES } from "../server_expectation.ts";
import { SERVER_WORDS } from "../topology/topology.ts";
import { ALL, names, planCodec, type StepKind } from "./kind.ts";

/**
 * Stands for all servers that are up, each compared only with those it can
 * reach: active faults may partition the herd.
 */
export const REACHABLE = "reachable";

const KILLED_WITHIN_MS_MAX = 10_000;

const expectConverged = z.strictObject({
  converged: servers("Servers that must come to hold equal records."),
  within: duration("How long that may take; 5s by default.").default(5_000),
  lost: wholeNumber(
    "Clients whose newest acknowledged fix may be lost; 0 by default.",
    0,
    CLIENTS_MAX,
  ).default(0),
  unless_killed_within: duration(
    "A fix may be lost, and is reported apart, if its server was killed so " +
      "shortly after it could first have told another; 0s by default.",
    KILLED_WITHIN_MS_MAX,
  ).default(0),
});

const convergedStep = planCodec("expect-converged", expectConverged, {
  converged: "servers",
  within: "withinMs",
  unless_killed_within: "killedWithinMs",
});

/**
 * Servers must come to hold equal records, and no acknowledged fix be lost: of
 * `lost` clients it is borne, which are counted if all servers converge. A fix
 * that was acknowledged at most `killedWithinMs` before its server was killed,
 * and is on no server, died with that server: it is reported apart.
 */
export type ExpectConvergedStep = z.output<typeof convergedStep>;

export const exactly = yesOrNo(
  "Whether it must be this fix: a newer one does not do.",
).exactOptional();

const expectFix = z.strictObject({
  client,
  position: position.exactOptional(),
  exactly,
  on: servers("Servers that must hold the fix.").exactOptional(),
  within: duration("How long that may take; 1s by default.").exactOptional(),
  never: servers("Servers that must not get the fix.").exactOptional(),
  for: duration("How long they are watched; 1s by default.").exactOptional(),
});

const fixStep = planCodec("expect-fix", expectFix.superRefine(checkFix), {
  exactly: "isExact",
  within: "withinMs",
  for: "forMs",
}).transform((
  { on = [], withinMs = 1_000, never = [], forMs = 1_000, ...rest },
) => ({ ...rest, on, withinMs, never, forMs }));

/**
 * A client's newest acknowledged fix, or the one at a position if that is told,
 * must come to be on servers `withinMs`, and must not get to others `forMs`. A
 * newer one does as well, unless it `isExact`.
 */
export type ExpectFixStep = z.output<typeof fixStep>;

const expectServers = z.strictObject({
  servers: servers("Servers, or all of the herd."),
  state: z.enum(EXPECTED_STATES).exactOptional().meta({
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

/** At least one of these fields is required. */
const WANTED = ["state", "restarts", "backoff", "limit_reached"];

const serversStep = expectServers.refine(
  ({ servers: _, within: __, ...expected }) => Object.keys(expected).length > 0,
  { message: `expect of servers needs ${WANTED.join(", ")} or several` },
).transform(({ servers, within, backoff, limit_reached, ...rest }) => ({
  kind: "expect-servers" as const,
  servers,
  expected: given({
    ...rest,
    backoffMs: backoff,
    limitReached: limit_reached,
  }),
  withinMs: within,
}));

/**
 * Servers must reach a certain status, all at the same time; absent fields are
 * not compared.
 */
export type ExpectServersStep = z.output<typeof serversStep>;

/** What servers must hold, or which status they must reach. */
export type ExpectStep =
  | ExpectConvergedStep
  | ExpectFixStep
  | ExpectServersStep;

export const expect: StepKind<ExpectStep> = {
  name: "expect",
  isCheck: true,
  kinds: ["expect-fix", "expect-converged", "expect-servers"],
  does: "What must hold within a time.",
  schema: z.union([
    z.literal("converged").transform((word) =>
      convergedStep.parse({ [word]: "all" })
    ),
    convergedStep,
    fixStep,
    serversStep,
  ]),
  servers: [
    { path: ["on"], words: ALL },
    { path: ["never"], words: SERVER_WORDS },
    { path: ["converged"], words: [...ALL, REACHABLE] },
    { path: ["servers"], words: ALL },
  ],
  describe(step) {
    switch (step.kind) {
      case "expect-fix":
        return fixText(step);
      case "expect-converged":
        return `expect converged on ${names(step.servers)} within ` +
          formatDuration(step.withinMs);
      case "expect-servers":
        return `expect ${names(step.servers)} ${
          expectationText(step.expected)
        } ` +
          `within ${formatDuration(step.withinMs)}`;
    }
  },
};

export const eventually: StepKind<ExpectStep> = {
  ...expect,
  name: "eventually",
  kinds: [],
  does: "Like expect, retried until it holds or the time is over.",
};

function fixText(step: ExpectFixStep): string {
  const { client, on, never, withinMs, forMs } = step;
  return [
    `expect ${client}`,
    ...fixWords(step),
    ...(on.length === 0
      ? []
      : [`on ${names(on)} within ${formatDuration(withinMs)}`]),
    ...(never.length === 0
      ? []
      : [`never on ${names(never)} for ${formatDuration(forMs)}`]),
  ].join(" ");
}

/**
 * Which fix of a client is expected, and whether a newer one counts, in words.
 */
export function fixWords(
  { position, isExact, on }: Pick<ExpectFixStep, "position" | "isExact" | "on">,
): string[] {
  return [
    ...(position === undefined ? [] : [`at ${position}`]),
    ...(isExact
      ? ["exactly"]
      : position === undefined || on.length === 0
      ? []
      : ["or newer"]),
  ];
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
