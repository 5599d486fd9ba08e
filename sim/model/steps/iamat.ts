/**
 * The step `iamat`: a client sends its position to one server.
 *
 * @module
 */
import * as z from "zod";
import { parseInstant } from "../../../herd/core/wire/message.ts";
import { client, position, text } from "./fields.ts";
import { planned, type StepOf } from "./kind.ts";
import { OPERATION, OPERATION_FIELDS } from "./operation.ts";
import { byWay } from "./via.ts";

const { to, ...rest } = OPERATION_FIELDS;
const shape = {
  client,
  position,
  to,
  time: text(
    (text) => parseInstant(text) !== undefined,
    "time in POSIX seconds",
    {
      type: ["number", "string"],
      description: "POSIX seconds; now by default.",
    },
  ).exactOptional(),
  ...rest,
};
export const iamat = planned({
  kind: "iamat",
  does: "A client tells one server where it is.",
  object: z.strictObject(shape),
  names: OPERATION,
  servers: [{ path: ["to"], one: true }],
  describe: ({ client, position, to, ...step }) =>
    `iamat ${client} ${position} to ${to}${byWay(step)}`,
});

export type IamatStep = StepOf<typeof iamat>;
