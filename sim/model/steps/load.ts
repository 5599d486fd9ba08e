/**
 * The step `load`: clients send fixes and queries at a rate.
 *
 * @module
 */
import * as z from "zod";
import {
  background,
  CLIENTS_MAX,
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
  planned,
  RUNNING,
  type StepOf,
} from "./kind.ts";
import { as, bySession, SESSION } from "./session.ts";
import { byWay, via } from "./via.ts";

const WEIGHT_MAX = 1_000_000;

/** The name of client number `index`, from 0, of a load. */
export function loadClient(index: number): string {
  return `load-${index + 1}`;
}

const mix = z.strictObject({
  iamat: wholeNumber("So many fixes", 0, WEIGHT_MAX).default(0),
  whatsat: wholeNumber("to so many questions.", 0, WEIGHT_MAX).default(0),
});

const shape = {
  rate: rate("Lines sent, by all clients together."),
  for: duration("How long."),
  clients: wholeNumber("Clients load-1, load-2, …", 1, CLIENTS_MAX),
  to: servers("Servers they send to, by chance.").default(["all"]),
  mix: mix.refine(
    ({ iamat, whatsat }) => iamat + whatsat > 0,
    "a mix needs something in it",
  ).transform(({ iamat, whatsat }) => whatsat / (iamat + whatsat))
    .exactOptional().meta({
      description: "The ratio of fixes to queries; only fixes by default.",
    }),
  as,
  via,
  background,
  may,
};
/** Clients send fixes at a rate that does not depend on the answers. */
export const load = planned({
  kind: "load",
  does: "Clients send fixes at a rate that does not depend on the answers.",
  object: z.strictObject(shape),
  names: {
    ...RUNNING,
    ...SESSION,
    mix: "whatsatShare",
  },
  describe: (step) =>
    `load of ${step.ratePerSecond}/s ${byClients(step)}` +
    (step.whatsatShare === undefined
      ? ""
      : `, ${Math.round(step.whatsatShare * 100)}% of it questions`) +
    bySession(step) + byWay(step) + behind(step),
  ...BY_CLIENTS,
});

/**
 * Clients `load-1`, `load-2`, … send fixes, and ask for each other's, at a rate
 * that does not depend on the answers. Clients and servers are chosen at
 * random.
 */
export type LoadStep = StepOf<typeof load>;
