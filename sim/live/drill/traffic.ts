/**
 * The steps that speak to a server as a client does: iamat, whatsat, send.
 *
 * @module
 */
import { utf8 } from "../../../herd/core/bytes/bytes.ts";
import type { Via } from "../../../herd/core/wire/via.ts";
import { fieldsOf } from "../../../herd/core/wire/fix.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import {
  readAtReply,
  readWhatsatReply,
  ReplyError,
  timeText,
  type WhatsatReply,
} from "../../../herd/net/client.ts";
import { count } from "../../model/count.ts";
import type { IamatStep } from "../../model/steps/iamat.ts";
import type { SendStep } from "../../model/steps/send.ts";
import type { AnswerExpected, WhatsatStep } from "../../model/steps/whatsat.ts";
import { readPattern } from "../../model/steps/reply_pattern.ts";
import { operate } from "./operation.ts";
import { failed, skipped } from "./outcomes.ts";
import type { Request } from "./recorder.ts";
import type { Outcome, Stage } from "./stage.ts";

/** A client sends its position; the acknowledgement goes into the ledger. */
export async function iamat(step: IamatStep, stage: Stage): Promise<Outcome> {
  const {
    client,
    position,
    time = timeText(stage.clock.nowMs()),
    to,
    withinMs,
    via,
  } = step;
  const line = `IAMAT ${client} ${position} ${time}`;
  const reply = await ask(
    stage,
    { f: "iamat", server: to, line, withinMs },
    readAtReply,
    via,
  );
  if (reply instanceof ReplyError) {
    return failed(`an acknowledgement by ${to}`, reply.line);
  }
  stage.ledger.acknowledge(reply, stage.clock.nowMs());
  return { note: reply.line };
}

/** A client asks where another one is; the answer must be as expected. */
export async function whatsat(
  step: WhatsatStep,
  stage: Stage,
): Promise<Outcome> {
  const { client, radius, items, to, withinMs, via, session, expect = {} } =
    step;
  const line = `WHATSAT ${client} ${radius} ${items}`;
  const its = session === undefined ? {} : { session };
  const reply = await ask(
    stage,
    { f: "whatsat", server: to, line, withinMs, ...its },
    readWhatsatReply,
    via,
  );
  const expected = expectedText(expect);
  if (reply instanceof ReplyError) {
    const isRefusal = /^\?(?: |$)/.test(reply.line);
    return isRefusal && (expect.unknown || expect.any)
      ? { note: reply.line }
      : failed(expected, reply.line);
  }
  const { at, places } = reply;
  const found = count(places.results.length, "place");
  const why = places.error_message ? ` (${places.error_message})` : "";
  const actual = `${at.line}\n${found}, status ${places.status}${why}`;
  return isAsExpected(reply, expect)
    ? { note: `${found}, ${at.line}` }
    : failed(expected, actual);
}

function isAsExpected(
  { at, places }: WhatsatReply,
  expect: AnswerExpected,
): boolean {
  return !expect.unknown &&
    places.results.length >= (expect.places ?? 0) &&
    places.results.length <= (expect.atMost ?? Infinity) &&
    (expect.status === undefined || places.status === expect.status) &&
    (expect.server === undefined || at.server === expect.server) &&
    (expect.position === undefined || at.position === expect.position);
}

function expectedText(expect: AnswerExpected): string {
  const { unknown, places, atMost, status, server, position } = expect;
  if (unknown) return "? and the line, as of a client that nobody knows";
  return [
    "an AT line",
    ...(server === undefined ? [] : [`from ${server}`]),
    ...(position === undefined ? [] : [`at ${position}`]),
    ...(places === undefined
      ? []
      : [`with at least ${count(places, "place")}`]),
    ...(atMost === undefined ? [] : [`with at most ${count(atMost, "place")}`]),
    ...(status === undefined ? [] : [`with status ${status}`]),
  ].join(" ");
}

/** A raw line goes to a server; the reply must be as expected. */
export async function send(step: SendStep, stage: Stage): Promise<Outcome> {
  const { line, to, reply: wanted, matches, withinMs, via } = step;
  const request = { f: "send", server: to, line, withinMs } as const;
  const reply = await ask(stage, request, (_, text) => text, via);
  if (reply instanceof ReplyError) throw reply;
  const fix = parseAtLine(utf8(reply));
  if (fix !== undefined && /^\s*IAMAT\s/.test(line)) {
    const { client, server } = fieldsOf(fix);
    stage.ledger.acknowledge(
      { client, server, line: reply },
      stage.clock.nowMs(),
    );
  }
  if (wanted !== undefined && reply !== wanted) return failed(wanted, reply);
  if (matches !== undefined && stage.isUnskewed(to)) {
    return skipped(`the clock of ${to} could not be set`);
  }
  const read = matches === undefined ? undefined : readPattern(matches);
  if (read !== undefined && !("pattern" in read && read.pattern.test(reply))) {
    return failed(`a reply that matches ${matches}`, reply);
  }
  return { note: reply.split("\n")[0] ?? "" };
}

/**
 * Asks a server by the connection that steps share. A connection on which a
 * reply was lost or late is dropped, so that the next step has a new one.
 */
async function ask<T>(
  stage: Stage,
  request: Request,
  read: (line: string, reply: string) => T,
  via?: Via,
): Promise<T | ReplyError> {
  const { server, line } = request;
  try {
    const connection = stage.client(server, via);
    return read(line, await operate(request, connection, stage.recorder));
  } catch (error) {
    if (error instanceof ReplyError) return error;
    void stage.drop(server);
    throw error;
  }
}
