/**
 * The step `whatsat`: a client asks where another one is, and what is around
 * it.
 *
 * @module
 */
import * as z from "zod";
import {
  ITEMS_MAX,
  RADIUS_KM_MAX,
} from "../../../herd/core/wire/whatsat_bounds.ts";
import { client, position, server, text, wholeNumber, word } from "./fields.ts";
import { planned, type StepOf } from "./kind.ts";
import { OPERATION, OPERATION_FIELDS } from "./operation.ts";
import { as, bySession, SESSION } from "./session.ts";
import { byWay } from "./via.ts";

export interface AnswerExpected {
  /**
   * The reply must be `? ` and the line: the server does not know the client.
   */
  readonly unknown?: true;
  /** Any answer will do: a fix, or that the server does not know the client. */
  readonly any?: true;
  /** Minimum number of places. */
  readonly places?: number;
  /** Maximum number of places. */
  readonly atMost?: number;
  /** The status of the places: `OK`, `ZERO_RESULTS`. */
  readonly status?: string;
  /** The server that received the fix from its client. */
  readonly server?: string;
  readonly position?: string;
}

const WORDS: Readonly<Record<"places" | "unknown" | "any", AnswerExpected>> = {
  places: { places: 1, status: "OK" },
  unknown: { unknown: true },
  any: { any: true },
};

const bounds = z.strictObject({
  at_least: wholeNumber("At least so many.", 0, ITEMS_MAX).exactOptional(),
  at_most: wholeNumber("At most so many.", 0, ITEMS_MAX).exactOptional(),
});

const answer = z.strictObject({
  places: z.union([
    wholeNumber("At least so many places.", 0, ITEMS_MAX)
      .transform((at_least): z.output<typeof bounds> => ({ at_least })),
    bounds,
  ]).exactOptional().meta({
    description: "At least so many places; or a map of at_least and at_most.",
  }),
  status: word("The status of the places: OK, ZERO_RESULTS.").exactOptional(),
  server: server.exactOptional(),
  position: position.exactOptional(),
});

const { to, ...rest } = OPERATION_FIELDS;
const shape = {
  client,
  radius: text(
    (text) => /^\d+(\.\d+)?$/.test(text) && Number(text) <= RADIUS_KM_MAX,
    `radius from 0 to ${RADIUS_KM_MAX} km`,
    {
      type: ["number", "string"],
      description: `Kilometres, 0 to ${RADIUS_KM_MAX}.`,
    },
  ),
  items: wholeNumber("Places at most.", 0, ITEMS_MAX),
  to,
  expect: z.union([
    z.enum(["places", "unknown", "any"]).transform((value) => WORDS[value]),
    answer.transform(({ places = {}, ...rest }): AnswerExpected => ({
      ...rest,
      ...places.at_least !== undefined && { places: places.at_least },
      ...places.at_most !== undefined && { atMost: places.at_most },
    })),
  ]).exactOptional().meta({
    description: "places: at least one. unknown: the server knows no such " +
      "client. any: either. Or a map of what must hold.",
  }),
  as,
  ...rest,
};
export const whatsat = planned({
  kind: "whatsat",
  isCheck: true,
  does: "A client asks where another is, and what is around it.",
  object: z.strictObject(shape),
  names: {
    ...OPERATION,
    ...SESSION,
  },
  servers: [
    { path: ["to"], one: true },
    { path: ["expect", "server"], one: true },
  ],
  describe: ({ client, radius, items, to, ...step }) =>
    `whatsat ${client} ${radius} ${items} to ${to}${bySession(step)}` +
    byWay(step),
});

export type WhatsatStep = StepOf<typeof whatsat>;
