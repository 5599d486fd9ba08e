/**
 * The step `send`: a raw line goes to one server.
 *
 * @module
 */
import * as z from "zod";
import { planned, type StepOf } from "./kind.ts";
import { OPERATION, OPERATION_FIELDS } from "./operation.ts";
import { readPattern } from "./reply_pattern.ts";
import { byWay } from "./via.ts";

const LINE_CHARACTERS_MAX = 65_536;
const LINE_SHOWN_MAX = 60;

const { to, ...rest } = OPERATION_FIELDS;
const shape = {
  line: z.string().max(LINE_CHARACTERS_MAX).meta({
    description: "The line, without its end.",
  }),
  to,
  reply: z.string().exactOptional().meta({
    description: "What the reply must be, to the letter.",
  }),
  matches: z.string().superRefine((text, context) => {
    const read = readPattern(text);
    if (!("wrong" in read)) return;
    context.addIssue({ code: "custom", message: `"${text}" ${read.wrong}` });
  }).exactOptional().meta({
    description: "A regular expression, of RE2, that the reply must match.",
  }),
  ...rest,
};
export const send = planned({
  kind: "send",
  isCheck: true,
  does: "A raw line goes to one server; its reply can be checked.",
  object: z.strictObject(shape).refine(
    ({ reply, matches }) => reply === undefined || matches === undefined,
    { message: "send takes reply or matches, not both" },
  ),
  names: OPERATION,
  servers: [{ path: ["to"], one: true }],
  describe: ({ line, to, ...step }) =>
    `send ${shorten(line)} to ${to}${byWay(step)}`,
});

export type SendStep = StepOf<typeof send>;

function shorten(line: string): string {
  const shown = JSON.stringify(line);
  return shown.length <= LINE_SHOWN_MAX
    ? shown
    : `${shown.slice(0, LINE_SHOWN_MAX)}…"`;
}
