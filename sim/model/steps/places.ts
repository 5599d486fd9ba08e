/**
 * The fault `places`: the embedded places service misbehaves.
 *
 * @module
 */
import * as z from "zod";
import { MISBEHAVIOURS } from "../faults/misbehaviour.ts";
import { COMMON_FIELDS } from "./fields.ts";
import { lasting, planned, type StepOf } from "./kind.ts";

const behaviour = z.enum(MISBEHAVIOURS).meta({
  description: "How the embedded places service behaves from now on.",
});
const { duration, id } = COMMON_FIELDS;
const shape = { behaviour, duration, id };
export const places = planned({
  kind: "places",
  does: "Makes the embedded places service fail, or work again.",
  object: z.strictObject(shape),
  names: {
    duration: "durationMs",
  },
  alone: { behaviour },
  describe: (step) => `places ${step.behaviour}${lasting(step)}`,
  command: {
    usage: "places <behaviour>",
    first: MISBEHAVIOURS,
    does: "make the embedded places service fail like this; none: work again",
    more: [
      "Behaviours:",
      `  ${MISBEHAVIOURS.slice(0, 5).join(", ")},`,
      `  ${MISBEHAVIOURS.slice(5).join(", ")}`,
    ],
    read([word, ...rest]) {
      const behaviour = MISBEHAVIOURS.find((it) => it === word);
      return behaviour === undefined || rest.length > 0
        ? undefined
        : { kind: "places", behaviour };
    },
  },
  isFault: true,
});

export type PlacesStep = StepOf<typeof places>;
