/**
 * The faults of a drill: what each affected, and how soon the herd noticed.
 *
 * @module
 */
import type { History } from "../history.ts";
import { partsOf } from "../history_parts.ts";
import { SERVER_FAULT_KINDS, SILENCING_FAULTS } from "../steps/faults.ts";
import { neighboursOf } from "../topology/topology.ts";
import type { Evidence, OperationRecord } from "./evidence.ts";

/** A fault, from its beginning to its end. */
export interface FaultSpan {
  /** Unique ID of this use of the name. */
  readonly id: string;
  /** Its name, which other faults may have too. */
  readonly name: string;
  /** `cut`, `kill`, … */
  readonly fault: string;
  /** The servers and links it was applied to. */
  readonly targets: readonly string[];
  readonly beganMs: number;
  /** When it ended; `undefined` if it was active at the end. */
  readonly endedMs: number | undefined;
  /** Targets on which it was active last. */
  readonly left: readonly string[];
  /** Lines, bytes or connections affected; `undefined` if unknown. */
  readonly touched: number | undefined;
}

/** Whether a fault was active at the end of the drill. */
export function isResidual({ endedMs, left }: FaultSpan): boolean {
  return endedMs === undefined && left.length > 0;
}

/** Whether a fault affected nothing, and so tested nothing. */
export function isVacuous({ touched }: FaultSpan): boolean {
  return touched === 0;
}

/** Figures about the faults of one kind. */
export interface FaultFigures {
  readonly count: number;
  /** Faults active at the end. */
  readonly residual: number;
  /** Faults that affected nothing, and so tested nothing. */
  readonly vacuous: number;
  /** Lines, bytes or connections affected. */
  readonly touched: number;
  /** Updates that clients sent while one was active. */
  readonly overlappedUpdates: number;
}

/** The faults of a history, in order of their beginnings. */
export function faultsOf(history: History): FaultSpan[] {
  const spans = new Map<string, FaultSpan>();
  for (const event of partsOf(history).others) {
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
 * Milliseconds until each neighbour took its link down, after a server ended or
 * was frozen, or after a link was cut.
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
      // A dead server notices nothing.
      waiting.delete(`${server} ${peer}`);
    }
  };
  for (const event of partsOf(history).others) {
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
      // Neighbours may notice before the killer reports it.
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
      // Healed before anybody noticed: there is nothing left to notice.
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
