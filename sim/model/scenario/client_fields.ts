/**
 * How the steps are written in which clients speak to servers.
 *
 * @module
 */
import * as z from "zod";
import { readPattern } from "./reply_pattern.ts";
import {
  ITEMS_MAX,
  parseInstant,
  RADIUS_KM_MAX,
} from "../../../herd/core/wire/message.ts";
import { parseRatePerSecond, RATE_FORMS, RATE_PATTERN } from "../duration.ts";
import type {
  AnswerExpected,
  IamatStep,
  LoadStep,
  SendStep,
  WhatsatStep,
} from "./scenario.ts";
import {
  client,
  CLIENTS_MAX,
  duration,
  may,
  position,
  scalar,
  server,
  servers,
  wholeNumber,
  word,
  yesOrNo,
} from "./fields.ts";

const LINE_CHARACTERS_MAX = 65_536;
const WEIGHT_MAX = 1_000_000;

const answerWithin = duration("How long the answer may take; 12s by default.")
  .default(12_000);

/** What all operations of a client have in common, as their steps say it. */
function operation<T extends { within: number; may?: "fail" }>(fields: T) {
  const { within, may, ...rest } = fields;
  return {
    ...rest,
    withinMs: within,
    ...may === "fail" && { mayFail: true as const },
  };
}

const iamat = z.strictObject({
  client: client(),
  position: position(),
  to: server(),
  time: scalar(
    (text) => parseInstant(text) && text,
    "time in POSIX seconds",
    {
      type: ["number", "string"],
      description: "POSIX seconds; now by default.",
    },
  ).exactOptional(),
  within: answerWithin,
  may,
});

const placesBounds = z.strictObject({
  at_least: wholeNumber("At least so many.", 0, ITEMS_MAX).exactOptional(),
  at_most: wholeNumber("At most so many.", 0, ITEMS_MAX).exactOptional(),
});

type PlacesBounds = z.output<typeof placesBounds>;

const answer = z.strictObject({
  places: z.union([
    wholeNumber("At least so many places.", 0, ITEMS_MAX)
      .transform((at_least): PlacesBounds => ({ at_least })),
    placesBounds,
  ]).exactOptional().meta({
    description: "At least so many places; or a map of at_least and at_most.",
  }),
  status: word("The status of the places: OK, ZERO_RESULTS.").exactOptional(),
  server: server().exactOptional(),
  position: position().exactOptional(),
});

const whatsat = z.strictObject({
  client: client(),
  radius: scalar(
    (text) =>
      /^\d+(\.\d+)?$/.test(text) && Number(text) <= RADIUS_KM_MAX
        ? text
        : undefined,
    `radius from 0 to ${RADIUS_KM_MAX} km`,
    { type: ["number", "string"], description: "Kilometres, 0 to 50." },
  ),
  items: wholeNumber("Places at most.", 0, ITEMS_MAX),
  to: server(),
  expect: z.union([
    z.enum(["places", "unknown"]).transform((value): AnswerExpected =>
      value === "places" ? { places: 1, status: "OK" } : { unknown: true }
    ),
    answer.transform(({ places = {}, ...rest }): AnswerExpected => ({
      ...rest,
      ...places.at_least !== undefined && { places: places.at_least },
      ...places.at_most !== undefined && { atMost: places.at_most },
    })),
  ]).exactOptional().meta({
    description: "places: at least one. unknown: the server knows no such " +
      "client. Or a map of what must hold.",
  }),
  within: answerWithin,
  may,
});

const send = z.strictObject({
  line: z.string().max(LINE_CHARACTERS_MAX).meta({
    description: "The line, without its end.",
  }),
  to: server(),
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
  within: answerWithin,
  may,
}).refine(
  ({ reply, matches }) => reply === undefined || matches === undefined,
  {
    message: "send takes reply or matches, not both",
  },
);

const mix = z.strictObject({
  iamat: wholeNumber("So many fixes", 0, WEIGHT_MAX).default(0),
  whatsat: wholeNumber("to so many questions.", 0, WEIGHT_MAX).default(0),
});

const load = z.strictObject({
  rate: scalar(parseRatePerSecond, `rate (${RATE_FORMS})`, {
    pattern: RATE_PATTERN,
    description: "Lines sent, by all clients together.",
  }),
  for: duration("How long."),
  clients: wholeNumber("Clients load-1, load-2, …", 1, CLIENTS_MAX),
  to: servers("Servers they send to, by chance.").default(["all"]),
  mix: mix.refine(
    ({ iamat, whatsat }) => iamat + whatsat > 0,
    "a mix needs something in it",
  ).exactOptional().meta({
    description: "The ratio of fixes to queries; only fixes by default.",
  }),
  background: yesOrNo("Whether the next steps do not wait for its end.")
    .default(false),
  may,
});

/**
 * The steps, by name.
 * @internal
 */
export const CLIENT_STEPS = {
  iamat: z.strictObject({ iamat }).transform((
    { iamat },
  ): IamatStep => ({ kind: "iamat", ...operation(iamat) })),
  whatsat: z.strictObject({ whatsat }).transform((
    { whatsat },
  ): WhatsatStep => ({ kind: "whatsat", ...operation(whatsat) })),
  send: z.strictObject({ send }).transform((
    { send },
  ): SendStep => ({ kind: "send", ...operation(send) })),
  load: z.strictObject({ load })
    .transform(({ load: { mix, background, ...load } }): LoadStep => ({
      kind: "load",
      ratePerSecond: load.rate,
      durationMs: load.for,
      clients: load.clients,
      to: load.to,
      ...mix && { whatsatShare: mix.whatsat / (mix.iamat + mix.whatsat) },
      ...load.may && { mayFail: true },
      ...background && { isBackground: true },
    })),
};

/** The fields of each of the steps, and of maps in them, by name. */
export const CLIENT_FIELDS: Readonly<Record<string, Record<string, unknown>>> =
  {
    iamat: iamat.shape,
    whatsat: whatsat.shape,
    "whatsat.expect": answer.shape,
    "whatsat.expect.places": placesBounds.shape,
    send: send.shape,
    load: load.shape,
    "load.mix": mix.shape,
  };
