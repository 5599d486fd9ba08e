/**
 * Faults of servers' processes: the step, the command, and the effect on a
 * server's state.
 *
 * @module
 */
import * as z from "zod";
import type { ServerState } from "../lifecycle.ts";
import type { ServerList } from "../topology/topology.ts";
import { COMMON_FIELDS, servers } from "./fields.ts";
import {
  type FaultFields,
  lasting,
  names,
  planned,
  SERVER_TARGETS,
  type StepKind,
} from "./kind.ts";

/**
 * A server's state, as far as steps determine it. A crashed one may be in any:
 * that depends on its supervisor.
 */
export type Whereabouts = "up" | "stopped" | "paused" | "anywhere";

/** A step that puts a fault on several servers at once. */
export interface ServerStep<K extends string> extends FaultFields {
  readonly kind: K;
  readonly servers: ServerList;
}

/** The prompt's command for one server. */
export interface ServerCommand<K extends string> {
  readonly kind: K;
  readonly server: string;
}

/** How a fault of servers stays active. */
export interface Lasting {
  /** The step that ends it. */
  readonly back: "revive" | "resume";
  /** In which states it is needed; in others the fault ends by itself. */
  readonly from: readonly ServerState[];
  /** Whether the fault is over when its server enters a state. */
  readonly isOver: (state: ServerState) => boolean;
  /** Whether it can be applied to a server in a state. */
  readonly hits: (state: ServerState) => boolean;
}

/** How a server stays down until it is revived; it `hits` in some states. */
export function untilRevived(hits: Lasting["hits"]): Lasting {
  return {
    back: "revive",
    from: ["stopped", "crashed", "wedged"],
    isOver: (state) => state === "up",
    hits,
  };
}

export interface Course {
  /** The states of the servers that `all` stands for. */
  readonly from: readonly [ServerState & Whereabouts, ...ServerState[]];
  /** The server's state after it. */
  readonly to: Whereabouts;
  /** How it stays active, if it does. */
  readonly lasting?: Lasting;
}

/** What differs between the kinds. */
interface ServerFault<K extends string> extends Course {
  readonly kind: K;
  readonly does: string;
  /** Which servers it is for, as shown by editors. */
  readonly targets: string;
  readonly prompt: { readonly does: string; readonly more?: readonly string[] };
  readonly isFault?: true;
  /** Whether it may have a duration. */
  readonly lasts?: true;
  /** Whether a nemesis uses it: with a duration, or without one. */
  readonly nemesis?: "lasting" | "bare";
}

/** A kind of fault of servers' processes. */
export interface ServerFaultKind<K extends string>
  extends StepKind<ServerStep<K>, ServerCommand<K>> {
  readonly kind: K;
  readonly course: Course;
}

export function serverFault<const K extends string>(
  { kind, does, targets, prompt, isFault, lasts, nemesis, ...course }:
    ServerFault<K>,
): ServerFaultKind<K> {
  const { mode, duration, id } = COMMON_FIELDS;
  const shape = {
    targets: servers("Servers or groups."),
    mode,
    ...lasts && { duration },
    ...isFault && { id },
  };
  const step = planned<ServerStep<K>, ServerCommand<K>>({
    kind,
    does,
    object: z.strictObject(shape),
    names: { targets: "servers", duration: "durationMs" },
    alone: { targets: servers(targets) },
    servers: SERVER_TARGETS,
    describe: (step) => `${kind} ${names(step.servers)}${lasting(step)}`,
    command: {
      usage: `${kind} <server>`,
      first: "servers",
      ...prompt,
      read: ([server, ...rest]) =>
        server === undefined || rest.length > 0 ? undefined : { kind, server },
    },
    ...nemesis !== undefined && {
      nemesis: {
        on: "up",
        action: (servers, durationMs) => ({
          kind,
          servers,
          ...nemesis === "lasting" && { durationMs },
        }),
      },
    },
    ...isFault && { isFault },
    ...course.lasting && { harm: "stops" as const },
  });
  return { ...step, kind, course };
}
