/**
 * The faults of a drill: what each touched, and how long it took the herd to
 * notice.
 *
 * @module
 */
import type { History } from "../history.ts";
import { SERVER_FAULT_KINDS, SILENCING_FAULTS } from "../steps/faults.ts";
import { neighboursOf } from "../topology/topology.ts";
import type { Evidence, OperationRecord } from "./evidence.ts";

/** A fault, from its beginning to its end. */
export interface FaultSpan {
  /** This use of its name, and no other. */
  readonly id: string;
  /** What it is called; other uses may be called the same. */
  readonly name: string;
  /** `cut`, `kill`, … */
  readonly fault: string;
  /** The servers and links that it was done to. */
  readonly targets: readonly string[];
  readonly beganMs: number;
  /** When it ended; left open by one that was standing at the end. */
  readonly endedMs: number | undefined;
  /** Where it was standing at last. */
  readonly left: readonly string[];
  /** Lines, bytes or connections that it acted on, if that is known. */
  readonly touched: number | undefined;
}

/** Whether a fault was standing at the end of the drill. */
export function isResidual({ endedMs, left }: FaultSpan): boolean {
  return endedMs === undefined && left.length > 0;
}

/** Whether a fault has touched nothing: it tested nothing. */
export function isVacuous({ touched }: FaultSpan): boolean {
  return touched === 0;
}

/** What became of the faults of one kind. */
export interface FaultFigures {
  readonly count: number;
  /** Those that were standing at the end. */
  readonly residual: number;
  /** Those that touched nothing: they tested nothing. */
  readonly vacuous: number;
  /** Lines, bytes or connections that they acted on. */
  readonly touched: number;
  /** Updates that a client sent while one was standing. */
  readonly overlappedUpdates: number;
}

/** The faults of a history, in the order in which they began. */
export function faultsOf(history: History): FaultSpan[] {
  const spans = new Map<string, FaultSpan>();
  for (const event of history) {
    if (event.kind === "fault-begin") {
      const { id, name = id, fault, targets, atMs } = event;
      const open = { endedMs: undefined, left: targets, touched: undefined };
      spans.set(id, { id, name, fault, targets, beganMs: atMs, ...open });
    } else if (event.kind === "fault-part-end") {
      const span = spans.get(event.id);
      if (span !== undefined) {
        spans.set(event.id, { ...span, left: event.left });
      }
    } else if (event.kind === "fault-end" || event.kind === "fault-touched") {
      const span = spans.get(event.id);
      if (span === undefined) continue;
      const { atMs, touched } = event;
      const endedMs = event.kind === "fault-end" ? atMs : undefined;
      spans.set(event.id, { ...span, endedMs, touched });
    }
  }
  return [...spans.values()];
}

export function faultFigures(
  faults: readonly FaultSpan[],
  operations: readonly OperationRecord[],
): FaultFigures {
  return {
    count: faults.length,
    residual: faults.filter(isResidual).length,
    vacuous: faults.filter(isVacuous).length,
    touched: faults.reduce((sum, { touched = 0 }) => sum + touched, 0),
    overlappedUpdates: faults.length === 0 ? 0 : operations.filter((
      { f, invokedMs },
    ) =>
      f === "iamat" &&
      faults.some(({ beganMs, endedMs = Infinity }) =>
        invokedMs >= beganMs && invokedMs <= endedMs
      )
    ).length,
  };
}

/**
 * How long it took each neighbour to take its link down: after a server went
 * or was frozen, or after a link was cut. Milliseconds.
 */
export function detectionTimesMs({ topology, history }: Evidence): number[] {
  const waiting = new Map<string, { sinceMs: number; id: string }>();
  const times: number[] = [];
  const suspect = (server: string, peer: string, sinceMs: number, id = "") => {
    const key = `${server} ${peer}`;
    if (!waiting.has(key)) waiting.set(key, { sinceMs, id });
  };
  const graph = { name: "", ...topology };
  const isGone = (server: string, atMs: number) => {
    for (const peer of neighboursOf(graph, server)) {
      suspect(peer, server, atMs);
      // The dead notice nothing.
      waiting.delete(`${server} ${peer}`);
    }
  };
  for (const event of history) {
    const { atMs } = event;
    if (event.kind === "state") {
      const { server, state } = event;
      if (["stopped", "crashed", "paused"].includes(state)) {
        isGone(server, atMs);
        continue;
      }
      for (const peer of neighboursOf(graph, server)) {
        waiting.delete(`${peer} ${server}`);
      }
    } else if (
      event.kind === "fault-begin" && SERVER_FAULT_KINDS.includes(event.fault)
    ) {
      // Neighbours may know it before who has killed it does.
      for (const server of event.targets) isGone(server, atMs);
    } else if (
      event.kind === "fault-begin" && SILENCING_FAULTS.includes(event.fault)
    ) {
      for (const [a, b] of topology.links) {
        const names = [`${a}-${b}`, `${b}-${a}`, `${a}>${b}`, `${b}>${a}`];
        if (!event.targets.some((target) => names.includes(target))) continue;
        suspect(a, b, atMs, event.id);
        suspect(b, a, atMs, event.id);
      }
    } else if (event.kind === "fault-end") {
      // Healed before anybody noticed: there is nothing to notice any more.
      for (const [key, { id }] of waiting) {
        if (id === event.id) waiting.delete(key);
      }
    } else if (event.kind === "link") {
      const key = `${event.server} ${event.peer}`;
      const since = waiting.get(key);
      if (since !== undefined && !event.isUp) times.push(atMs - since.sinceMs);
      waiting.delete(key);
    }
  }
  return times;
}
