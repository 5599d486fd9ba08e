/**
 * The steps that say what must hold.
 *
 * @module
 */
import { utf8 } from "../../../herd/core/bytes/bytes.ts";
import { isNewer } from "../../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import { formatDuration } from "../../model/duration.ts";
import { Fixes } from "../../model/checks/evidence.ts";
import type { Acknowledged } from "../../model/ledger.ts";
import type { ExpectAlwaysStep } from "../../model/steps/always.ts";
import type {
  ExpectFixStep,
  ExpectServersStep,
} from "../../model/steps/expect.ts";
import { expectationText } from "../../model/server_expectation.ts";
import {
  failed,
  NOBODY_IS_UP,
  outcomeOf,
  skipped,
  undecided,
  unknown,
  unseenBy,
} from "./outcomes.ts";
import type { Outcome, Stage } from "./stage.ts";
import { lackIn, type Wanted } from "./throughout.ts";

/** How often it is looked whether something still holds. */
const LOOK_MS = 20;

/**
 * A client's newest acknowledged fix gets to some servers, and stays away from
 * others. Both are watched from now on, at the same time.
 */
export async function expectFix(
  step: ExpectFixStep,
  stage: Stage,
): Promise<Outcome> {
  const { withinMs, forMs, isExact } = step;
  const isRecorded = isExact && stage.herd.mode !== "ondemand";
  const unseen = isRecorded
    ? unseenBy(stage, "answers", "deliveries")
    : unseenBy(stage, "answers");
  if (unseen !== undefined) return skipped(unseen);
  const fix = newestFix(step, stage);
  if ("failure" in fix) return fix;
  if (await hasDied(fix, stage)) return skipped(diedText(fix));
  const wanted = stage.upOf(step.on);
  const [on, missed] = thoseTold(fix, wanted, stage);
  if (on.length + step.never.length === 0) return onNobody(fix, missed);
  const never = step.never.flatMap((name) => {
    if (name === "others") {
      return stage.up().filter((server) => !wanted.includes(server));
    }
    return stage.upOf([name]);
  });
  if (on.length + never.length === 0) {
    return unknown(NOBODY_IS_UP);
  }
  const outcomes = await Promise.all<Outcome>([
    on.length === 0 ? {} : outcomeOf(
      stage.herd.propagated(fix, { on, withinMs }),
      `${fix.line}${isExact ? "" : " or newer"}\n` +
        `on ${on.join(", ")} within ${formatDuration(withinMs)}`,
    ),
    never.length === 0 ? {} : outcomeOf(
      stage.herd.absent(fix, { on: never, forMs }),
      `${fix.line}\nnot on ${never.join(", ")} for ${formatDuration(forMs)}`,
    ),
  ]);
  const found = outcomes.flatMap(({ failure }) => failure ?? []);
  if (found.length > 0) {
    return failed(
      found.map(({ expected }) => expected).join("\n"),
      found.map(({ actual }) => actual).join("\n"),
    );
  }
  const untold = outcomes.flatMap(({ note }) => note ?? []);
  if (untold.length > 0) return undecided(untold.join("; "));
  if (isExact) return await exactly(fix, on, stage);
  return missed === "" ? {} : { note: missed };
}

/** Nobody is to have a fix: all missed it, or none is up. */
function onNobody({ line }: Acknowledged, missed: string): Outcome {
  return missed === ""
    ? failed(`${line}\non all servers that are up`, NOBODY_IS_UP)
    : skipped(missed);
}

/** Those that are to have a fix; and which others have missed it, in words. */
function thoseTold(
  fix: Acknowledged,
  on: readonly string[],
  stage: Stage,
): [on: readonly string[], missed: string] {
  const missed = stage.missed(fix, on);
  if (missed.length === 0) return [on, ""];
  return [
    on.filter((name) => !missed.includes(name)),
    `${missed.join(", ")} missed it, and such servers need not catch up`,
  ];
}

/**
 * Whether each server has stored that very fix, and did not get a newer one in
 * its place. Now it may hold a newer one: that it was there is in its trace.
 * Where fixes stay on the server that heard them, each must answer by this one.
 */
async function exactly(
  fix: Acknowledged,
  on: readonly string[],
  stage: Stage,
): Promise<Outcome> {
  const expected = `${fix.line}\non ${on.join(", ")}`;
  if (stage.herd.mode === "ondemand") {
    const held = stage.herd.held(fix, { on, isExact: true });
    return await outcomeOf(held, expected);
  }
  const lacking = new Set(on);
  for (const record of stage.herd.trace()) {
    if (record.kind !== "delivery" || !record.isNew) continue;
    if (record.line === fix.line) lacking.delete(record.server);
  }
  if (lacking.size === 0) return {};
  const never = [...lacking].join(", ");
  return failed(expected, `a newer one in its place on ${never}`);
}

/** A client's newest acknowledged fix, or why it is not the one that is meant. */
function newestFix(
  { client, position }: Pick<ExpectFixStep, "client" | "position">,
  stage: Stage,
): Acknowledged | ReturnType<typeof failed> {
  const fix = stage.ledger.newest(client);
  if (fix === undefined) {
    const actual = "no server has acknowledged one";
    return failed(`an acknowledged fix of ${client}`, actual);
  }
  if (position !== undefined && fix.line.split(" ")[4] !== position) {
    const actual = `its newest acknowledged fix is ${fix.line}`;
    return failed(`${client} at ${position}`, actual);
  }
  return fix;
}

/**
 * Whether a fix that stayed where it was made has died with its server: nobody
 * can answer by it.
 */
async function hasDied(fix: Acknowledged, stage: Stage): Promise<boolean> {
  if (stage.herd.mode !== "ondemand") return false;
  if (!stage.ledger.hasEndedSince(fix)) return false;
  const held = await Promise.all(
    stage.up().map((it) => stage.herd.records(it)),
  );
  const wanted = parseAtLine(utf8(fix.line))!;
  return !held.flat().some(({ client, line }) =>
    client === fix.client && !isNewer(wanted, parseAtLine(utf8(line))!)
  );
}

function diedText({ server, line }: Acknowledged): string {
  return `${line} died with ${server}`;
}

/** A client's newest acknowledged fix is, all the while, on some servers. */
export async function expectAlways(
  step: ExpectAlwaysStep,
  stage: Stage,
): Promise<Outcome> {
  const unseen = unseenBy(stage, "answers");
  if (unseen !== undefined) return skipped(unseen);
  const fix = newestFix(step, stage);
  if ("failure" in fix) return fix;
  if (await hasDied(fix, stage)) return skipped(diedText(fix));
  const [on, missed] = thoseTold(fix, stage.upOf(step.on), stage);
  if (on.length === 0) return onNobody(fix, missed);
  const startMs = stage.clock.nowMs();
  const endMs = startMs + step.forMs;
  const { isExact = false } = step;
  const expected = `${fix.line}${isExact ? "" : " or newer"}\n` +
    `on ${on.join(", ")} for ${formatDuration(step.forMs)}`;
  /** Whether the first answers came in time, so that they tell of it. */
  let isSeen = false;
  let passedMs: number;
  do {
    passedMs = stage.clock.nowMs() - startMs;
    const { failure } = await outcomeOf(
      stage.herd.held(fix, { on, isExact }),
      expected,
    );
    const isLate = stage.clock.nowMs() > endMs;
    isSeen ||= !isLate;
    if (failure !== undefined && !isLate) {
      const actual = `after ${formatDuration(passedMs)} ${failure.actual}`;
      return failed(expected, actual);
    }
    const isDoubtful = failure !== undefined || !isSeen ||
      hasChanged(on, startMs, stage);
    if (isLate && isDoubtful) {
      const fromMs = startMs - stage.recorder.startMs;
      const toMs = endMs - stage.recorder.startMs;
      const wanted = { line: fix.line, isExact, fromMs, toMs };
      return alwaysByHistory(wanted, on, expected, stage);
    }
    await stage.wait(LOOK_MS);
  } while (passedMs < step.forMs);
  return {};
}

/** Whether one of the servers has come into another state meanwhile. */
function hasChanged(
  on: readonly string[],
  startMs: number,
  { herd }: Stage,
): boolean {
  return herd.status().some(({ name, sinceMs }) =>
    on.includes(name) && sinceMs > startMs
  );
}

/** Answers that come when the time is up don't tell what was so before. */
function alwaysByHistory(
  wanted: Omit<Wanted, "server">,
  on: readonly string[],
  expected: string,
  { herd, recorder }: Stage,
): Outcome {
  if (herd.mode === "ondemand") {
    return undecided("answers came too late to tell");
  }
  const history = recorder.history(herd.trace());
  const fixes = new Fixes();
  for (const server of on) {
    const lack = lackIn(history, { ...wanted, server }, fixes);
    if (lack === undefined) continue;
    if (herd.keeping.hasDisks) {
      return undecided(
        "answers came too late, and no history has what is on disk",
      );
    }
    const after = formatDuration(Math.max(0, lack.atMs - wanted.fromMs));
    return failed(expected, `after ${after} ${server} lacks it: ${lack.why}`);
  }
  return {};
}

/** Servers come to stand with their supervisor as is said. */
export async function expectServers(
  { servers, expected, withinMs }: ExpectServersStep,
  stage: Stage,
): Promise<Outcome> {
  const on = servers.includes("all") ? "all" : servers;
  return await outcomeOf(
    stage.herd.serversAre(expected, { on, withinMs }),
    `${servers.join(", ")} ${expectationText(expected)} ` +
      `within ${formatDuration(withinMs)}`,
  );
}
