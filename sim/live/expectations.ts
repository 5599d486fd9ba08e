/**
 * The steps that say what must hold.
 *
 * @module
 */
import { AssertionError } from "@std/assert";
import { count } from "../model/describe.ts";
import { formatDuration } from "../model/duration.ts";
import { type Failure, lostText } from "../model/report.ts";
import type { ExpectConvergedStep, ExpectFixStep } from "../model/scenario.ts";
import type { Outcome, Stage } from "./stage.ts";

/** Losses that a failure names; the others are counted. */
const NAMED_MAX = 10;

/**
 * A client's newest acknowledged fix gets to some servers, and stays away from
 * others. Both are watched from now on, at the same time.
 */
export async function expectFix(
  step: ExpectFixStep,
  stage: Stage,
): Promise<Outcome> {
  const { client, position, withinMs, forMs } = step;
  const fix = stage.ledger.newest(client);
  if (fix === undefined) {
    return failed(
      `an acknowledged fix of ${client}`,
      "no server has acknowledged one",
    );
  }
  if (position !== undefined && fix.line.split(" ")[4] !== position) {
    return failed(
      `${client} at ${position}`,
      `its newest acknowledged fix is ${fix.line}`,
    );
  }
  const on = stage.upOf(step.on);
  const never = step.never.flatMap((name) => {
    if (name === "others") {
      return stage.up().filter((server) => !on.includes(server));
    }
    return stage.upOf([name]);
  });
  const failures = await Promise.all([
    step.on.length === 0 ? undefined : failureOf(
      stage.herd.propagated(fix, { on, withinMs }),
      `${fix.line}\non ${on.join(", ")} within ${formatDuration(withinMs)}`,
    ),
    never.length === 0 ? undefined : failureOf(
      stage.herd.absent(fix, { on: never, forMs }),
      `${fix.line}\nnot on ${never.join(", ")} for ${formatDuration(forMs)}`,
    ),
  ]);
  const found = failures.filter((failure) => failure !== undefined);
  if (found.length === 0) return {};
  return failed(
    found.map(({ expected }) => expected).join("\n"),
    found.map(({ actual }) => actual).join("\n"),
  );
}

/**
 * Servers come to hold equal records. If all must, no acknowledged fix may be
 * lost either: each server that is up holds the newest of every client.
 */
export async function expectConverged(
  step: ExpectConvergedStep,
  stage: Stage,
): Promise<Outcome> {
  const { servers, withinMs } = step;
  const on = stage.upOf(servers);
  const failure = await failureOf(
    stage.herd.converged({ on, withinMs }),
    `equal records on ${on.join(", ")} within ${formatDuration(withinMs)}`,
  );
  if (failure !== undefined) return { failure };
  if (!servers.includes("all")) {
    return { note: `equal records on ${on.join(", ")}` };
  }
  const held = await stage.held(on);
  const verdict = stage.ledger.judge(held, step.killedWithinMs);
  const { lost, clients, died } = verdict;
  const note =
    `${count(clients, "client")} on ${count(on.length, "server")}, ` +
    `lost ${lost.length}, died with their server ${died.length}`;
  if (lost.length <= step.lost) return { note, verdict };
  const rest = lost.length - NAMED_MAX;
  const borne = step.lost === 0 ? "" : ` (but for ${step.lost})`;
  return {
    failure: {
      expected: `the newest acknowledged fix of every client${borne} on ` +
        on.join(", "),
      actual: [
        `${count(lost.length, "client")} of ${clients} lost or stale`,
        ...lost.slice(0, NAMED_MAX).map(lostText),
        ...(rest > 0 ? [`and ${rest} more`] : []),
      ].join("\n"),
    },
    verdict,
  };
}

function failed(expected: string, actual: string): Outcome {
  return { failure: { expected, actual } };
}

/** What an assertion found instead; other errors pass. */
async function failureOf(
  assertion: Promise<void>,
  expected: string,
): Promise<Failure | undefined> {
  try {
    await assertion;
    return undefined;
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    const [whole, actual] = error.message.split(/\n\s*actual:\s*/);
    return { expected, actual: actual ?? whole ?? "" };
  }
}
