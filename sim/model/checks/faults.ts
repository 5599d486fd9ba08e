/**
 * The faults of a drill: what each affected, and how soon the herd noticed.
 *
 * @module
 */
import { namesOf } from "../faults/targets.ts";
import { type History, NOBODY } from "../history.ts";
import { partsOf } from "../history_parts.ts";
import { SERVER_FAULT_KINDS, SILENCING_FAULTS } from "../steps/faults.ts";
import { nemesis } from "../steps/nemesis.ts";
import { neighboursOf, type TopologyLink } from "../topology/topology.ts";
import { type Evidence, isFix, type OperationRecord } from "./evidence.ts";

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
  readonly settings: Readonly<Record<string, string | number>>;
  readonly beganMs: number;
  /** When it ended; `undefined` if it was active at the end. */
  readonly endedMs: number | undefined;
  /** Targets on which it was active last. */
  readonly left: readonly string[];
  /** Lines, bytes or connections affected; `undefined` if unknown. */
  readonly touched: number | undefined;
}

type Draft = { -readonly [K in keyof FaultSpan]: FaultSpan[K] };

/** Whether a fault was active at the end of the drill. */
export function isResidual({ endedMs, left }: FaultSpan): boolean {
  return endedMs === undefined && left.length > 0;
}

/** Whether a fault affected nothing, and so tested nothing. */
export function isVacuous({ touched }: FaultSpan): boolean {
  return touched === 0;
}

/** Whether it is a nemesis: what it does are faults of their own. */
export function isMix({ fault }: Pick<FaultSpan, "fault">): boolean {
  return fault === nemesis.name;
}

/** The faults of a history, in order of their beginnings. */
export function faultsOf(history: History): FaultSpan[] {
  const spans: FaultSpan[] = [];
  const active = new Map<string, Draft>();
  for (const event of partsOf(history).others) {
    if (event.kind === "fault-begin") {
      const { id, name = id, fault, targets, settings = {}, atMs } = event;
      const open = { endedMs: undefined, left: targets, touched: undefined };
      const begun = { id, name, fault, targets, settings, beganMs: atMs };
      const span = { ...begun, ...open };
      spans.push(span);
      active.set(id, span);
    } else if (event.kind === "fault-part-end") {
      const span = active.get(event.id);
      if (span !== undefined) span.left = event.left;
    } else if (event.kind === "fault-end" || event.kind === "fault-touched") {
      const span = active.get(event.id);
      if (span === undefined) continue;
      span.touched = event.touched;
      if (event.kind === "fault-touched") continue;
      span.endedMs = event.atMs;
      active.delete(event.id);
    }
  }
  return spans;
}

/** Figures about the faults of one kind, by the names of the metrics. */
export function faultFigures(
  faults: readonly FaultSpan[],
  operations: readonly OperationRecord[],
): { readonly touched: number } & Record<string, number> {
  return {
    count: faults.length,
    // Faults active at the end.
    residual: faults.filter(isResidual).length,
    // Faults that affected nothing, and so tested nothing.
    vacuous: faults.filter(isVacuous).length,
    // Updates that clients sent while one was active.
    overlapped_updates: faults.length === 0 ? 0 : operations.filter((
      { f, line, connection, invokedMs },
    ) =>
      connection !== NOBODY && isFix({ f, line }) &&
      faults.some(({ beganMs, endedMs = Infinity }) =>
        invokedMs >= beganMs && invokedMs <= endedMs
      )
    ).length,
    // Lines, bytes or connections affected.
    touched: faults.reduce((sum, { touched = 0 }) => sum + touched, 0),
  };
}

/**
 * Milliseconds until each neighbour took its link down, after a server ended or
 * was frozen, or after a link was cut.
 */
export function detectionTimesMs({ topology, history }: Evidence): number[] {
  const waiting = new Waiting();
  const times: number[] = [];
  const isGone = (server: string, atMs: number) => {
    for (const peer of neighboursOf(topology, server)) {
      waiting.begin(peer, server, atMs);
      // A dead server notices nothing.
      waiting.end(server, peer);
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
      for (const peer of neighboursOf(topology, server)) {
        waiting.end(peer, server);
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
        if (!isAmong([a, b], event.targets)) continue;
        waiting.begin(a, b, atMs, event.id);
        waiting.begin(b, a, atMs, event.id);
      }
    } else if (
      event.kind === "fault-end" || event.kind === "fault-part-end"
    ) {
      const left = event.kind === "fault-end" ? [] : event.left;
      for (const link of topology.links) {
        if (!isAmong(link, left)) waiting.heal(link, event.id);
      }
    } else if (event.kind === "link") {
      const { server, peer, isUp } = event;
      const sinceMs = waiting.end(server, peer);
      if (sinceMs !== undefined && !isUp) times.push(atMs - sinceMs);
    }
  }
  return times;
}

/** Whether a link, or one of its directions, is among targets. */
function isAmong(
  link: TopologyLink,
  targets: readonly string[],
): boolean {
  return namesOf(link).some((name) => targets.includes(name));
}

/** Why a server can hear nothing of a neighbour, and since when. */
interface Silence {
  readonly sinceMs: number;
  /** The faults of the link, by ID; "": the neighbour is gone. */
  readonly causes: Set<string>;
}

/** What servers have still to notice. */
class Waiting {
  /** By server and neighbour. */
  readonly #silences = new Map<string, Silence>();

  begin(server: string, peer: string, sinceMs: number, cause = ""): void {
    const key = `${server} ${peer}`;
    const fresh = () => ({ sinceMs, causes: new Set<string>() });
    this.#silences.getOrInsertComputed(key, fresh).causes.add(cause);
  }

  /** Returns since when there was silence, if there was. */
  end(server: string, peer: string): number | undefined {
    const key = `${server} ${peer}`;
    const silence = this.#silences.get(key);
    this.#silences.delete(key);
    return silence?.sinceMs;
  }

  /** What was healed before anybody noticed is nothing to notice any more. */
  heal([a, b]: readonly [string, string], cause: string): void {
    for (const key of [`${a} ${b}`, `${b} ${a}`]) {
      const causes = this.#silences.get(key)?.causes;
      if (causes?.delete(cause) && causes.size === 0) {
        this.#silences.delete(key);
      }
    }
  }
}
