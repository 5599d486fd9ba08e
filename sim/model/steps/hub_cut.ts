/**
 * The fault `hub_cut`: gateways can't reach the hub.
 *
 * @module
 */
import * as z from "zod";
import { COMMON_FIELDS, servers } from "./fields.ts";
import {
  lasting,
  names,
  planCodec,
  SERVER_TARGETS,
  type StepKind,
} from "./kind.ts";

const { duration, id } = COMMON_FIELDS;
const gateways = () =>
  servers("Gateways, or groups: those among them are cut.");
const shape = { targets: gateways(), duration, id };
const codec = planCodec("hub_cut", z.strictObject(shape), {
  duration: "durationMs",
});

/** Gateways can't reach the hub. */
export type HubCutStep = z.output<typeof codec>;

/** Gateways can't reach the hub, as if a cable was pulled. */
export const hubCut: StepKind<
  HubCutStep,
  Pick<HubCutStep, "kind" | "targets">
> = {
  name: "hub_cut",
  does: "Cuts gateways off from the hub: no byte passes, no end is told.",
  schema: z.union([
    gateways().transform((targets): HubCutStep => ({
      kind: "hub_cut",
      targets,
    })),
    codec,
  ]),
  fields: { "": shape },
  servers: SERVER_TARGETS,
  describe: (step) => `hub_cut ${names(step.targets)}${lasting(step)}`,
  command: {
    usage: "hub_cut <gateway>",
    does: "cut a gateway off from the hub, as if a cable was pulled",
    read: ([gateway, ...rest]) =>
      gateway === undefined || rest.length > 0
        ? undefined
        : { kind: "hub_cut", targets: [gateway] },
  },
  isFault: true,
  isOfHub: true,
};
