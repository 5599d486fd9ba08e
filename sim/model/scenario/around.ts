/**
 * How the steps are written that are about what surrounds a herd: the places
 * service, and clients that mean it no good.
 *
 * @module
 */
import * as z from "zod";
import { parseRatePerSecond, RATE_FORMS, RATE_PATTERN } from "../duration.ts";
import { type Misbehaviour, MISBEHAVIOURS } from "../faults/misbehaviour.ts";
import { HOSTILE_CLIENTS_MAX } from "../faults/settings.ts";
import { type Common, COMMON_FIELDS, commonOf } from "./fault_fields.ts";
import type { PlacesStep } from "./fault_types.ts";
import type { GarbageStep } from "./scenario.ts";
import { duration, scalar, servers, wholeNumber, yesOrNo } from "./fields.ts";

const behaviour = z.enum(MISBEHAVIOURS).meta({
  description: "How the embedded places service fares from now on.",
});
const { duration: lasting, id } = COMMON_FIELDS;
const PLACES_FIELDS = { behaviour, duration: lasting, id };

interface PlacesFields extends Common {
  readonly behaviour: Misbehaviour;
}

const places = z.strictObject({
  places: z.union([
    behaviour.transform((behaviour) => ({ behaviour } as PlacesFields)),
    z.strictObject(PLACES_FIELDS),
  ]),
}).transform(({ places }): PlacesStep => ({
  kind: "places",
  behaviour: places.behaviour,
  ...commonOf(places),
}));

const HOSTILE_CLIENTS = 10;

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
  id,
});

const garbage = z.strictObject({ garbage: flood })
  .transform(({ garbage: { rate, background, ...flood } }): GarbageStep => ({
    kind: "garbage",
    ratePerSecond: rate,
    durationMs: flood.for,
    clients: flood.clients,
    to: flood.to,
    ...commonOf({ id: flood.id }),
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
export const AROUND_FIELDS = { garbage: flood.shape, places: PLACES_FIELDS };
