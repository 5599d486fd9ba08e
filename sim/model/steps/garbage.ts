/**
 * The fault `garbage`: hostile clients send invalid lines.
 *
 * @module
 */
import * as z from "zod";
import { GARBAGE_CLIENTS, GARBAGE_RANGES } from "../faults/garbage.ts";
import { KEPT_BY } from "../faults/visit.ts";
import {
  background,
  COMMON_FIELDS,
  duration,
  may,
  rate,
  servers,
  wholeNumber,
  yesOrNo,
} from "./fields.ts";
import {
  behind,
  BY_CLIENTS,
  byClients,
  planned,
  RUNNING,
  type StepOf,
} from "./kind.ts";
import { byWay, via } from "./via.ts";

const shape = {
  rate: rate("Pieces of garbage, of all clients together."),
  for: duration("How long."),
  clients: wholeNumber(
    `Connections at a time; ${GARBAGE_CLIENTS} by default.`,
    GARBAGE_RANGES.clients.min,
    GARBAGE_RANGES.clients.max,
  ).default(GARBAGE_CLIENTS),
  to: servers("Servers they are opened to, by chance.").default(["all"]),
  via,
  holds: yesOrNo(
    "Whether they also open connections and keep them: in silence, with half " +
      "a line, or as a neighbour that proves nothing.",
  ).exactOptional(),
  background,
  id: COMMON_FIELDS.id,
  may,
};
export const garbage = planned({
  kind: "garbage",
  does: "Hostile clients send garbage to servers.",
  object: z.strictObject(shape).refine(
    ({ holds, via = "tcp" }) => !holds || KEPT_BY.includes(via),
    `holds needs connections that can be kept: ${KEPT_BY.join(" or ")}`,
  ),
  names: RUNNING,
  describe: (step) =>
    `garbage of ${step.ratePerSecond}/s ${byClients(step)}` +
    byWay(step) + (step.holds ? ", some of it kept open" : "") + behind(step),
  isFault: true,
  ...BY_CLIENTS,
});

export type GarbageStep = StepOf<typeof garbage>;
