/**
 * The step `heal`: faults end.
 *
 * @module
 */
import type { ServerList } from "../topology/topology.ts";
import { servers } from "./fields.ts";
import { names, type StepKind } from "./kind.ts";

export interface HealStep {
  readonly kind: "heal";
  /** IDs of faults, targets, or `all`. */
  readonly what: ServerList;
}

/** The prompt's command to end faults. */
export interface HealCommand {
  readonly kind: "heal";
  /** ID of a fault, a target, or `all`. */
  readonly what: string;
}

export const heal: StepKind<HealStep, HealCommand> = {
  name: "heal",
  does: "Removes faults: by id, by target, or all.",
  schema: servers("Faults by ID, targets, or all.").transform((
    what,
  ): HealStep => ({ kind: "heal", what })),
  servers: [{ path: [], links: true, faults: true }],
  describe: ({ what }) => `heal ${names(what)}`,
  command: {
    usage: "heal [fault|link|server]",
    first: "links",
    does: "remove faults, including kills and pauses; by default all",
    examples: ["heal", "heal Powell", "heal Alford-Parker", "heal cut-1"],
    read: ([what = "all", ...rest]) =>
      rest.length > 0 ? undefined : { kind: "heal", what },
  },
};
