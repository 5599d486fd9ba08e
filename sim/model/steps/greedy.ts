/**
 * The fault `greedy`: clients send as fast as servers read.
 *
 * @module
 */
import * as z from "zod";
import {
  GREEDY_CLIENTS,
  GREEDY_LINES,
  GREEDY_RANGES,
} from "../faults/greedy.ts";
import {
  background,
  COMMON_FIELDS,
  duration,
  may,
  servers,
  wholeNumber,
} from "./fields.ts";
import {
  behind,
  BY_CLIENTS,
  byClients,
  planned,
  RUNNING,
  type StepOf,
} from "./kind.ts";

/** Servers record every IAMAT line, which they can't do for ever. */
const MS_MAX = 10_000;

const shape = {
  sends: z.enum(GREEDY_LINES).meta({
    description: "What they send again and again.",
  }),
  for: duration("How long, 10s at most.", MS_MAX),
  clients: wholeNumber(
    `Connections to each server; ${GREEDY_CLIENTS} by default.`,
    GREEDY_RANGES.clients.min,
    GREEDY_RANGES.clients.max,
  ).default(GREEDY_CLIENTS),
  to: servers("Servers that are flooded, each of them.").default(["all"]),
  background,
  id: COMMON_FIELDS.id,
  may,
};
export const greedy = planned({
  kind: "greedy",
  does: "Clients send one line again and again, as fast as servers take it.",
  object: z.strictObject(shape),
  names: RUNNING,
  describe: (step) =>
    `greedy ${step.sends} ${byClients(step, " each")}${behind(step)}`,
  isFault: true,
  ...BY_CLIENTS,
});

export type GreedyStep = StepOf<typeof greedy>;
