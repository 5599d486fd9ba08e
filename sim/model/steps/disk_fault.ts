/**
 * Faults of servers' disks: the step, the command, and the effect.
 *
 * @module
 */
import * as z from "zod";
import { formatDuration } from "../duration.ts";
import type { DiskFaultKind, DiskTrouble } from "../faults/disk_trouble.ts";
import type { ServerList } from "../topology/topology.ts";
import { aboveZero, COMMON_FIELDS, servers } from "./fields.ts";
import {
  ALL,
  type FaultFields,
  lasting,
  names,
  planned,
  type StepKind,
} from "./kind.ts";

/** A step that puts a fault on servers' disks. */
export interface DiskStep<K extends string> extends FaultFields {
  readonly kind: K;
  readonly targets: ServerList;
  /** Milliseconds, for faults that delay. */
  readonly delayMs?: number;
}

/** The prompt's command for a fault of a disk. */
export type DiskCommand<K extends string> =
  & Pick<DiskStep<K>, "kind" | "delayMs">
  & { readonly server: string };

/** What differs between the kinds. */
interface DiskFault<K extends string> {
  readonly kind: K;
  readonly does: string;
  /** What it does, in the prompt's help. */
  readonly prompt: string;
  readonly hasDelay?: true;
  /** Its effect on the disk. */
  readonly trouble: (delayMs: number) => Partial<DiskTrouble>;
  /** Whether it ends when it has ended its server. */
  readonly endsServer?: true;
}

/** A kind of disk fault. */
export type DiskFaultOf<K extends string> =
  & StepKind<DiskStep<K>, DiskCommand<K>>
  & Pick<DiskFault<K>, "kind" | "trouble" | "endsServer">;

/** The delay that a nemesis uses. */
const NEMESIS_DELAY_MS = 50;

export function diskFault<const K extends DiskFaultKind>(
  { kind, does, prompt, hasDelay, trouble, endsServer }: DiskFault<K>,
): DiskFaultOf<K> {
  const delay = aboveZero("How much longer each write and each sync takes.");
  const shape = {
    targets: servers("Servers whose disks go wrong."),
    ...COMMON_FIELDS,
    ...hasDelay && { delay },
  };
  const step = planned<DiskStep<K>, DiskCommand<K>>({
    kind,
    does,
    object: z.strictObject(shape),
    names: { duration: "durationMs", delay: "delayMs" },
    servers: [{ path: ["targets"], words: ALL }],
    describe(step) {
      const { delayMs, targets } = step;
      const by = delayMs === undefined ? "" : ` by ${formatDuration(delayMs)}`;
      return `${kind}${by} on ${names(targets)}${lasting(step)}`;
    },
    command: {
      usage: hasDelay ? `${kind} <server> <delay>` : `${kind} <server>`,
      first: "servers",
      does: prompt,
      examples: [hasDelay ? `${kind} Alford 50ms` : `${kind} Alford`],
      read([server, ...rest]) {
        if (server === undefined || rest.length !== (hasDelay ? 1 : 0)) {
          return undefined;
        }
        if (!hasDelay) return { kind, server };
        const read = delay.safeParse(rest[0]);
        return read.success ? { kind, server, delayMs: read.data } : undefined;
      },
    },
    nemesis: {
      on: "servers",
      // Most herds have no disks.
      isHarsh: true,
      action: (targets, durationMs) => ({
        kind,
        targets,
        durationMs,
        ...hasDelay && { delayMs: NEMESIS_DELAY_MS },
      }),
    },
    isFault: true,
    isPredictable: true,
  });
  return { ...step, kind, trouble, ...endsServer && { endsServer } };
}
