/**
 * The fault `garbage`: hostile clients send invalid lines.
 *
 * @module
 */
import * as z from "zod";
import { GARBAGE_CLIENTS, GARBAGE_RANGES } from "../faults/garbage.ts";
import {
  background,
  COMMON_FIELDS,
  duration,
  may,
  rate,
  servers,
  wholeNumber,
} from "./fields.ts";
import {
  behind,
  BY_CLIENTS,
  byClients,
  planCodec,
  RUNNING,
  type StepKind,
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
  background,
  id: COMMON_FIELDS.id,
  may,
};
const codec = planCodec("garbage", z.strictObject(shape), RUNNING);

export type GarbageStep = z.output<typeof codec>;

export const garbage: StepKind<GarbageStep> = {
  name: "garbage",
  does: "Hostile clients send garbage to servers.",
  schema: codec,
  fields: { "": shape },
  describe: (step) =>
    `garbage of ${step.ratePerSecond}/s ${byClients(step)}` +
    byWay(step) + behind(step),
  isFault: true,
  ...BY_CLIENTS,
};
