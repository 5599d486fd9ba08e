/**
 * How the steps are written that are about what surrounds a herd: the places
 * service, and clients that mean it no good.
 *
 * @module
 */
import * as z from "zod";
import { parseRatePerSecond, RATE_FORMS, RATE_PATTERN } from "../duration.ts";
import { GREEDY_LINES } from "../faults/greedy.ts";
import { type Misbehaviour, MISBEHAVIOURS } from "../faults/misbehaviour.ts";
import { HOSTILE_CLIENTS_MAX } from "../faults/settings.ts";
import { type Common, COMMON_FIELDS, commonOf } from "./fault_fields.ts";
import type { PlacesStep } from "./fault_types.ts";
import type { GarbageStep, GreedyStep } from "./scenario.ts";
import {
  duration,
  may,
  scalar,
  servers,
  wholeNumber,
  yesOrNo,
} from "./fields.ts";

const behaviour = z.enum(MISBEHAVIOURS).meta({
  description: "How the embedded places service behaves from now on.",
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
    `Connections at a time; ${HOSTILE_CLIENTS} by default.`,
    1,
    HOSTILE_CLIENTS_MAX,
  ).default(HOSTILE_CLIENTS),
  to: servers("Servers they are opened to, by chance.").default(["all"]),
  background: yesOrNo("Whether the next steps do not wait for its end.")
    .default(false),
  id,
  may,
});

const garbage = z.strictObject({ garbage: flood })
  .transform(({ garbage: { rate, background, ...flood } }): GarbageStep => ({
    kind: "garbage",
    ratePerSecond: rate,
    durationMs: flood.for,
    clients: flood.clients,
    to: flood.to,
    ...commonOf({ id: flood.id }),
    ...flood.may && { mayFail: true },
    ...background && { isBackground: true },
  }));

const GREEDY_CLIENTS = 1;
const GREEDY_CLIENTS_MAX = 100;
/** Servers record each line that is an IAMAT, and can't for ever. */
const GREEDY_MS_MAX = 10_000;

const greed = z.strictObject({
  sends: z.enum(GREEDY_LINES).meta({
    description: "What they send again and again.",
  }),
  for: duration("How long, 10s at most.", GREEDY_MS_MAX),
  clients: wholeNumber(
    `Connections to each server; ${GREEDY_CLIENTS} by default.`,
    1,
    GREEDY_CLIENTS_MAX,
  ).default(GREEDY_CLIENTS),
  to: servers("Servers that are flooded, each of them.").default(["all"]),
  background: flood.shape.background,
  id,
  may,
});

const greedy = z.strictObject({ greedy: greed })
  .transform(({ greedy: { background, ...greed } }): GreedyStep => ({
    kind: "greedy",
    sends: greed.sends,
    durationMs: greed.for,
    clients: greed.clients,
    to: greed.to,
    ...commonOf({ id: greed.id }),
    ...greed.may && { mayFail: true },
    ...background && { isBackground: true },
  }));

/**
 * The steps of this module.
 * @internal
 */
export const AROUND_STEPS = { places, garbage, greedy };

/**
 * The fields of those steps that have some.
 * @internal
 */
export const AROUND_FIELDS = {
  garbage: flood.shape,
  greedy: greed.shape,
  places: PLACES_FIELDS,
};
