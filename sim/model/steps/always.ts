/**
 * The step `always`: servers hold a client's fix all the time.
 *
 * @module
 */
import * as z from "zod";
import { formatDuration } from "../duration.ts";
import { exactly, fixWords } from "./expect.ts";
import { client, duration, position, servers } from "./fields.ts";
import { ALL, names, planned, type StepOf } from "./kind.ts";

const shape = {
  client,
  position: position.exactOptional(),
  exactly,
  on: servers("Servers that must hold the fix all the while."),
  for: duration("How long they are watched; 1s by default.").default(1_000),
};
/** What must hold all the time. */
export const always = planned({
  kind: "expect-always",
  name: "always",
  isCheck: true,
  does: "What must hold all the time.",
  object: z.strictObject(shape),
  names: {
    exactly: "isExact",
    for: "forMs",
  },
  servers: [{ path: ["on"], words: ALL }],
  describe: (step) =>
    [
      `always ${step.client}`,
      ...fixWords(step),
      `on ${names(step.on)} for ${formatDuration(step.forMs)}`,
    ].join(" "),
});

/**
 * Servers must hold a client's newest acknowledged fix all the while; or the one
 * at a position, if that is told.
 */
export type ExpectAlwaysStep = StepOf<typeof always>;
