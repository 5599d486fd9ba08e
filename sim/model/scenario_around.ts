/**
 * How the steps are written that are about what surrounds a herd: the places
 * service.
 *
 * @module
 */
import * as z from "zod";
import { MISBEHAVIOURS } from "./misbehaviour.ts";
import type { PlacesStep } from "./scenario.ts";

const places = z.strictObject({
  places: z.enum(MISBEHAVIOURS).meta({
    description: "How the embedded places service fares from now on.",
  }),
}).transform(({ places }): PlacesStep => ({ kind: "places", mode: places }));

/**
 * The steps of this module.
 * @internal
 */
export const AROUND_STEPS = { places };
