/**
 * The fault `reset`: the connections of links are reset.
 *
 * @module
 */
import * as z from "zod";
import { COMMON_FIELDS, links } from "./fields.ts";
import { lasting, LINK_TARGETS, names, planned } from "./kind.ts";

const { mode, id } = COMMON_FIELDS;
const shape = { targets: links, mode, id };
export const reset = planned({
  kind: "reset",
  does: "Resets the TCP connections of links (RST).",
  object: z.strictObject(shape),
  alone: { targets: links },
  servers: LINK_TARGETS,
  describe: (step) => `reset on ${names(step.targets)}${lasting(step)}`,
  command: {
    usage: "reset <link>",
    first: "links",
    does: "reset the TCP connections of a link (RST); it reconnects",
    read: ([link, ...rest]) =>
      link === undefined || rest.length > 0
        ? undefined
        : { kind: "reset", targets: [link] },
  },
  nemesis: { on: "links", action: (targets) => ({ kind: "reset", targets }) },
  isFault: true,
  isPredictable: true,
  isOfLinks: true,
});
