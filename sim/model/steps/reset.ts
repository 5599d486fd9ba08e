/**
 * The fault `reset`: the connections of links are reset.
 *
 * @module
 */
import * as z from "zod";
import { COMMON_FIELDS, links, MODE_FIELDS } from "./fields.ts";
import {
  lasting,
  LINK_TARGETS,
  names,
  planCodec,
  type StepKind,
} from "./kind.ts";

const { mode, id } = COMMON_FIELDS;
const shape = { targets: links(), mode, id };
const codec = planCodec("reset", z.strictObject(shape), {});

export type ResetStep = z.output<typeof codec>;

export const reset: StepKind<ResetStep, Pick<ResetStep, "kind" | "targets">> = {
  name: "reset",
  does: "Resets the TCP connections of links (RST).",
  schema: z.union([
    links().transform((targets): ResetStep => ({ kind: "reset", targets })),
    codec,
  ]),
  fields: { "": shape, mode: MODE_FIELDS },
  servers: LINK_TARGETS,
  describe: (step) => `reset on ${names(step.targets)}${lasting(step)}`,
  write: (step) => z.encode(codec, step),
  command: {
    usage: "reset <link>",
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
};
