/**
 * Faults of a hub that the workbench runs: the step and the command.
 *
 * @module
 */
import * as z from "zod";
import type { ServerList } from "../topology/topology.ts";
import { COMMON_FIELDS } from "./fields.ts";
import { type FaultFields, lasting, planned, type StepKind } from "./kind.ts";

/** The name of a hub's server: `hub-1`. */
export function hubServerName(server: number): string {
  return `hub-${server}`;
}

const NAME = /^(all|leader|hub-[1-9])$/;

/** A step that puts a fault on servers of a hub. */
export interface HubStep<K extends string> extends Omit<FaultFields, "mode"> {
  readonly kind: K;
  readonly targets: ServerList;
}

/** The prompt's command for it. */
export type HubCommand<K extends string> = Pick<HubStep<K>, "kind" | "targets">;

/** What differs between the kinds. */
interface HubFault<K extends string> {
  readonly kind: K;
  readonly does: string;
  readonly prompt: string;
}

export function hubFault<const K extends string>(
  { kind, does, prompt }: HubFault<K>,
): StepKind<HubStep<K>, HubCommand<K>> {
  const { duration, id } = COMMON_FIELDS;
  const one = z.string().regex(NAME, "must be all, leader or hub-1, hub-2, …");
  const list = z.union([one, z.array(one).min(1)]).meta({
    description: "Servers of the hub: all, leader, or hub-1, hub-2, …",
  });
  const targets = z.codec(list, z.custom<ServerList>(), {
    decode: (value) => typeof value === "string" ? [value] : value,
    encode: (list) => [...list],
  });
  return planned<HubStep<K>, HubCommand<K>>({
    kind,
    does,
    object: z.strictObject({ targets, duration, id }),
    names: { duration: "durationMs" },
    alone: { targets },
    describe: (step) => `${kind} ${step.targets.join(", ")}${lasting(step)}`,
    command: {
      usage: `${kind} all|leader|<hub server>`,
      first: ["all", "leader"],
      does: prompt,
      examples: [`${kind} leader`, `${kind} hub-1`],
      read: (words) =>
        words.length > 0 && words.every((word) => NAME.test(word))
          ? { kind, targets: words }
          : undefined,
    },
    isFault: true,
    isOfHub: true,
  });
}
