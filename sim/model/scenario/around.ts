/**
 * How the steps are written that are about what surrounds a herd: the places
 * service, and clients that mean it no good.
 *
 * @module
 */
import * as z from "zod";
import { parseRatePerSecond, RATE_FORMS, RATE_PATTERN } from "../duration.ts";
import { MISBEHAVIOURS } from "../faults/misbehaviour.ts";
import type { PlacesStep } from "./fault_types.ts";
import type { GarbageStep } from "./scenario.ts";
import { duration, scalar, servers, wholeNumber, yesOrNo } from "./fields.ts";

const places = z.strictObject({
  places: z.enum(MISBEHAVIOURS).meta({
    description: "How the embedded places service fares from now on.",
  }),
}).transform(({ places }): PlacesStep => ({ kind: "places", mode: places }));

const HOSTILE_CLIENTS = 10;
const HOSTILE_CLIENTS_MAX = 5_000;

const flood = z.strictObject({
  rate: scalar(parseRatePerSecond, `rate (${RATE_FORMS})`, {
    pattern: RATE_PATTERN,
    description: "Pieces of garbage, of all clients together.",
  }),
  for: duration("How long."),
  clients: wholeNumber(
    `Connections at a time; ${HOSTILE_CLIENTS} unless told.`,
    1,
    HOSTILE_CLIENTS_MAX,
  ).default(HOSTILE_CLIENTS),
  to: servers("Servers they are opened to, by chance.").default(["all"]),
  background: yesOrNo("Whether the next steps do not wait for its end.")
    .default(false),
});

const garbage = z.strictObject({ garbage: flood })
  .transform(({ garbage: { rate, background, ...flood } }): GarbageStep => ({
    kind: "garbage",
    ratePerSecond: rate,
    durationMs: flood.for,
    clients: flood.clients,
    to: flood.to,
    ...background && { isBackground: true },
  }));

/**
 * The steps of this module.
 * @internal
 */
export const AROUND_STEPS = { places, garbage };

/**
 * The fields of those steps that have some.
 * @internal
 */
export const AROUND_FIELDS = { garbage: flood.shape };
