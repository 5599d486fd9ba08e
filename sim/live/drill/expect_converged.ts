/**
 * The check that servers come to hold equal records, and have lost nothing.
 *
 * @module
 */
import { count } from "../../model/count.ts";
import { formatDuration } from "../../model/duration.ts";
import type { Failure } from "../../model/report/result.ts";
import { lostText } from "../../model/report/text.ts";
import {
  type ExpectConvergedStep,
  REACHABLE,
} from "../../model/steps/expect.ts";
import { describeStep } from "../../model/steps/kinds.ts";
import { components } from "../../model/topology/topology.ts";
import { endOfBy, mayHaveDied } from "./died_fixes.ts";
import {
  failed,
  firstOf,
  NOBODY_IS_UP,
  outcomeOf,
  skipped,
  unknown,
  unseenBy,
} from "./outcomes.ts";
import type { Outcome, Stage } from "./stage.ts";

/** How often it is looked whether something still holds. */
const LOOK_MS = 20;

/** Losses that a failure names; the others are counted. */
const NAMED_MAX = 10;

/**
 * Servers come to hold equal records. If all must, no acknowledged fix may be
 * lost either: each server that is up holds the newest of every client.
 */
export async function expectConverged(
  step: ExpectConvergedStep,
  stage: Stage,
): Promise<Outcome> {
  const { servers, withinMs } = step;
  const unseen = unseenBy(stage, "records");
  if (unseen !== undefined) return skipped(unseen);
  const endMs = stage.clock.nowMs() + withinMs;
  const isEach = servers.includes(REACHABLE);
  const parts = isEach ? reachableParts(stage) : [stage.upOf(servers)];
  if (parts.length === 0) {
    return failed("equal records on those who reach each other", NOBODY_IS_UP);
  }
  const outcomes = await Promise.all(parts.map((on) =>
    outcomeOf(
      stage.herd.converged({ on, withinMs }),
      `equal records on ${on.join(", ")} within ${formatDuration(withinMs)}`,
    )
  ));
  const failure = outcomes.find((it) => it.failure !== undefined)?.failure;
  if (failure !== undefined) return { failure: underLoad(failure, stage) };
  const untold = outcomes.find(({ isUnknown }) => isUnknown);
  if (untold !== undefined) return untold;
  if (stage.ledger.acknowledged === 0) {
    return unknown("nothing to compare, no server has acknowledged a fix");
  }
  const [on = [], ...others] = parts;
  // What is held in another part can't be expected in this one.
  if (others.length > 0 || !isEach && !servers.includes("all")) {
    const names = parts.map((part) => part.join(", ")).join("; ");
    if (parts.every(({ length }) => length === 1)) {
      return unknown(`nothing to compare, each server is alone: ${names}`);
    }
    return { note: `equal records on ${names}` };
  }
  return await expectNoLoss(step, stage, on, endMs);
}

/** Servers that are up, in parts within which each can reach each other. */
function reachableParts(stage: Stage): string[][] {
  const { topology: { name, servers, links }, faults } = stage.herd;
  const up = stage.upOf(["all"]);
  return components({
    name,
    servers: servers.filter((server) => up.includes(server.name)),
    links: links.filter(([a, b]) =>
      up.includes(a) && up.includes(b) && faults.isReachable(a, b)
    ),
  });
}

/**
 * Servers come to hold what was acknowledged by now. What is acknowledged while
 * they are asked is the next step's business, and what is still on its way is
 * asked for again until the time is up.
 */
async function expectNoLoss(
  step: ExpectConvergedStep,
  stage: Stage,
  on: readonly string[],
  endMs: number,
): Promise<Outcome> {
  const asked = stage.ledger.acknowledged;
  const beganMs = stage.clock.nowMs();
  while (true) {
    const startMs = stage.clock.nowMs();
    const outcome = await lossOutcome(step, stage, on, asked);
    const nowMs = stage.clock.nowMs();
    // Who is asked for all it holds has no time for what it lacks; and what has
    // not come for seconds is not asked for a hundred times in the next.
    const pauseMs = Math.max(LOOK_MS, nowMs - startMs, (nowMs - beganMs) / 8);
    if (outcome.failure === undefined) return outcome;
    if (nowMs >= endMs) {
      const isOpen = mayHaveDied(outcome, step, stage);
      const unseen = isOpen ? unseenBy(stage, "deliveries") : undefined;
      if (unseen !== undefined) return skipped(unseen);
      return { ...outcome, failure: underLoad(outcome.failure, stage) };
    }
    await stage.wait(Math.min(pauseMs, endMs - nowMs));
  }
}

/** Whether servers hold the first `asked` fixes that were acknowledged. */
async function lossOutcome(
  step: ExpectConvergedStep,
  stage: Stage,
  on: readonly string[],
  asked: number,
): Promise<Outcome> {
  const held = await stage.herd.answers(on);
  const silent = on.filter((server) => !held.has(server));
  if (silent.length > 0) {
    const expected = `what ${on.join(", ")} hold`;
    return failed(expected, `no answer from ${silent.join(", ")}`);
  }
  const verdict = stage.ledger.judge(held, endOfBy(step, stage), asked);
  const { lost, clients, died } = verdict;
  const note =
    `${count(clients, "client")} on ${count(on.length, "server")}, ` +
    `lost ${lost.length}, died with their server ${died.length}`;
  if (lost.length <= step.lost) return { note, verdict };
  const borne = step.lost === 0 ? "" : ` (but for ${step.lost})`;
  return {
    failure: {
      expected: `the newest acknowledged fix of every client${borne} on ` +
        on.join(", "),
      actual: [
        `${count(lost.length, "client")} of ${clients} lost or stale`,
        ...firstOf(lost.map(lostText), NAMED_MAX),
      ].join("\n"),
    },
    verdict,
  };
}

/** A failure, and what may have kept the herd from converging. */
function underLoad({ expected, actual }: Failure, stage: Stage): Failure {
  const running = stage.disturbances().map((step) =>
    `still running: ${describeStep(step)}`
  );
  return { expected, actual: [actual, ...running].join("\n") };
}
