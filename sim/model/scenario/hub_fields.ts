/**
 * The part of a scenario about the hub that the workbench runs for its herds.
 *
 * @module
 */
import * as z from "zod";
import { wholeNumber } from "../steps/fields.ts";

/** Servers of a hub: JetStream keeps three copies, so more add nothing here. */
const SERVERS_MAX = 5;

export const hub = z.strictObject({
  servers: wholeNumber(
    "So many NATS servers; three or five make a cluster.",
    1,
    SERVERS_MAX,
  ),
}).meta({
  description: "A hub that the workbench runs, by which the parts of the " +
    "topology that no link joins are herds that hear of each other.",
});
