/**
 * The requests of the HTTP API that act as clients of the herd's servers, and
 * those that check expectations.
 *
 * @module
 */
import { abortable } from "@std/async";
import { parsePosition } from "../../../herd/core/wire/position.ts";
import {
  type AtReply,
  readAtReply,
  readWhatsatReply,
  ReplyError,
  timeText,
} from "../../../herd/net/client.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import { parseDurationMs } from "../../model/duration.ts";
import { expect } from "../../model/steps/expect.ts";
import type { Step } from "../../model/scenario/scenario.ts";
import { expectConverged } from "../drill/expect_converged.ts";
import { expectFix, expectServers } from "../drill/expectations.ts";
import { outcomeOf } from "../drill/outcomes.ts";
import type { Outcome, Stage } from "../drill/stage.ts";
import type { Herd } from "../herd/herd.ts";
import type { Acknowledged } from "./acknowledged.ts";
import { oneStep } from "./one_step.ts";
import { orRefused } from "./refused.ts";
import type { Handlers } from "./router.ts";
import { RouteError } from "./route_error.ts";

/** Longer than a server's ten seconds for a places lookup. */
const REPLY_MS_MAX = 15_000;
/** Six decimals of a degree: a tenth of a metre. */
const DEGREE_DECIMALS = 6;
/** Fields that need a history, which only drills keep. */
const OF_DRILLS = ["exactly", "unless_killed_within"];

export function clientHandlers(
  herd: Herd,
  acknowledged: Acknowledged,
) {
  const say = (to: string, line: string, signal: AbortSignal) =>
    orRefused(ask(herd, to, line, signal));
  return {
    async send({ body: { to, line } }, signal) {
      if (/\n|^\s*$/.test(line)) {
        throw new RouteError(422, "a line is one line, and not empty");
      }
      const said = await say(to, line, signal);
      const fix = /^\s*IAMAT\s/.test(line)
        ? fixOf(line, said.reply)
        : undefined;
      if (fix !== undefined) acknowledged.take(fix);
      return said;
    },
    async iamat({ body: { to, client, latitude, longitude } }, signal) {
      const position = degreesText(latitude) + degreesText(longitude);
      if (parsePosition(position) === undefined) {
        throw new RouteError(422, `${position} is no position`);
      }
      const time = timeText(herd.platform.clock.wallMs());
      const line = `IAMAT ${client} ${position} ${time}`;
      const said = await say(to, line, signal);
      const fix = fixOf(line, said.reply);
      if (fix !== undefined) acknowledged.take(fix);
      return { line, ...said, at: fix?.line ?? null };
    },
    async whatsat({ body: { to, client, radius, items } }, signal) {
      const line = `WHATSAT ${client} ${radius} ${items}`;
      const said = await say(to, line, signal);
      try {
        const { at, places } = readWhatsatReply(line, said.reply);
        return { ...said, at: at.line, places: { ...places } };
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error;
        return { ...said, at: null, places: null };
      }
    },
    async expect({ body }, signal) {
      const stage = acknowledged.stage(signal);
      const waited = body.line === undefined
        ? taken(wantedOf(body, herd), stage)
        : lineOutcome(body as LineWanted, herd);
      const outcome = await orRefused(abortable(waited, signal));
      const { failure, note = "nobody can tell" } = outcome;
      if (failure !== undefined) {
        const { expected, actual } = failure;
        const message = `expected ${expected}\nactual ${actual}`;
        return { passed: false, message };
      }
      return outcome.isUnknown || outcome.isSkipped
        ? { passed: false, message: note, isUndecided: true }
        : { passed: true };
    },
  } satisfies Partial<Handlers>;
}

async function ask(
  herd: Herd,
  to: string,
  line: string,
  signal: AbortSignal,
) {
  const { clock } = herd.platform;
  if (!herd.names.includes(to)) throw new RouteError(422, `no server "${to}"`);
  await using client = await herd.client(to);
  const why = `no reply from ${to} in ${REPLY_MS_MAX / 1_000} s`;
  using late = new Deadline(clock, REPLY_MS_MAX, () => new Error(why));
  const ends = AbortSignal.any([signal, late.signal]);
  const startMs = clock.nowMs();
  const reply = await abortable(client.send(line), ends);
  return { reply, tookMs: clock.nowMs() - startMs };
}

function fixOf(line: string, reply: string): AtReply | undefined {
  try {
    return readAtReply(line, reply);
  } catch (error) {
    if (error instanceof ReplyError) return undefined;
    throw error;
  }
}

function degreesText(degrees: number): string {
  const text = Math.abs(degrees).toFixed(DEGREE_DECIMALS);
  return `${degrees < 0 ? "-" : "+"}${text}`;
}

function wantedOf(body: Record<string, unknown>, herd: Herd): Step {
  const beyond = OF_DRILLS.find((field) => Object.hasOwn(body, field));
  if (beyond !== undefined) {
    throw new RouteError(422, `${beyond} can be told of drills only`);
  }
  const { converged } = body;
  // Alone it means all servers, as in files.
  const fields = converged === true ? { ...body, converged: "all" } : body;
  // A file would need this step before; here acknowledged fixes are known anyway.
  const { client, position = "+0+0" } = body;
  const before = client === undefined
    ? []
    : [{ iamat: { client, to: herd.names[0], position } }];
  return oneStep(expect.name, fields, herd.topology, before);
}

async function taken(step: Step, stage: Stage): Promise<Outcome> {
  switch (step.kind) {
    case "expect-fix":
      return await expectFix(step, stage);
    case "expect-converged":
      return await expectConverged(step, stage);
    case "expect-servers":
      return await expectServers(step, stage);
    default:
      throw new TypeError(`Cannot expect ${step.kind}`);
  }
}

interface LineWanted {
  readonly line: string;
  readonly on?: string | string[];
  readonly within?: string;
}

/** Whether servers come to hold an AT line, or a newer one of its client. */
async function lineOutcome(
  { line, on = "all", within = "1s" }: LineWanted,
  herd: Herd,
): Promise<Outcome> {
  const withinMs = parseDurationMs(String(within));
  if (withinMs === undefined) {
    throw new RouteError(422, `within: "${within}" is no duration`);
  }
  const named = [on].flat().map(String);
  const servers = named.includes("all") ? "all" : named;
  const held = herd.propagated(line, { on: servers, withinMs });
  try {
    return await outcomeOf(held, `${line} on ${named.join(", ")}`);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new RouteError(422, `"${line}" is no AT line`, { cause });
  }
}
