/**
 * The fault `hub_cut`: gateways can't reach the hub.
 *
 * @module
 */
import * as z from "zod";
import { COMMON_FIELDS, servers } from "./fields.ts";
import { lasting, names, planned, SERVER_TARGETS } from "./kind.ts";

const { duration, id } = COMMON_FIELDS;
const targets = servers("Gateways, or groups: those among them are cut.");
const shape = { targets, duration, id };
/** Gateways can't reach the hub, as if a cable was pulled. */
export const hubCut = planned({
  kind: "hub_cut",
  does: "Cuts gateways off from the hub: no byte passes, no end is told.",
  object: z.strictObject(shape),
  names: {
    duration: "durationMs",
  },
  alone: { targets },
  servers: SERVER_TARGETS,
  describe: (step) => `hub_cut ${names(step.targets)}${lasting(step)}`,
  command: {
    usage: "hub_cut <gateway>",
    first: "servers",
    does: "cut a gateway off from the hub, as if a cable was pulled",
    read: ([gateway, ...rest]) =>
      gateway === undefined || rest.length > 0
        ? undefined
        : { kind: "hub_cut", targets: [gateway] },
  },
  isFault: true,
  isOfHub: true,
});
