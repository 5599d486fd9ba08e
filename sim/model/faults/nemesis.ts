/**
 * The nemesis: a random mix of faults at intervals, planned from a seed before
 * anything is done. The word is Jepsen's.
 *
 * @module
 */
import type { LinkFault } from "./faults.ts";
import { shapeGroups, SHAPES } from "./partition.ts";
import type { Random } from "../random.ts";
import type {
  ClockSkewStep,
  FaultStep,
  LinkFaultStep,
  NemesisFault,
  NemesisStep,
  PartitionStep,
  ResetStep,
} from "../scenario/fault_types.ts";
import type { Topology } from "../topology/topology.ts";

/** What a nemesis does on a link, and how hard. */
const ON_LINKS = {
  cut: { kind: "cut" },
  latency: {
    kind: "latency",
    latencyMs: 100,
    jitterMs: 50,
    correlation: 0.25,
    distribution: "normal",
  },
  bandwidth: { kind: "bandwidth", bytesPerSecond: 10_000 },
  slicer: { kind: "slicer", averageBytes: 20, variationBytes: 15, delayMs: 1 },
  limit_data: { kind: "limit_data", bytes: 2_000 },
  slow_close: { kind: "slow_close", delayMs: 200 },
  timeout: { kind: "timeout", timeoutMs: 200 },
  loss: { kind: "loss", percent: 10, lines: "AT" },
  duplicate: { kind: "duplicate", percent: 50, lines: "AT" },
  reorder: { kind: "reorder", percent: 50, lines: "AT" },
  corrupt: { kind: "corrupt", percent: 10 },
} as const satisfies Readonly<
  Record<Exclude<NemesisFault, ElsewhereFault>, LinkFault>
>;

/** What it does to servers so that they don't answer. */
const DOWN = ["kill", "crash", "pause"] as const;
/** What it does to clocks, to the whole herd, and for no time at all. */
const ELSEWHERE = ["clock_skew", "partition", "reset"] as const;
type ElsewhereFault = typeof DOWN[number] | typeof ELSEWHERE[number];

/** How far a clock is off: no herd may mind. */
const SKEW = { offsetMs: 3_600_000, driftPpm: 500 };

/** The faults that a nemesis may choose from. */
export const NEMESIS_FAULTS: readonly NemesisFault[] = [
  ...DOWN,
  ...ELSEWHERE,
  ...Object.keys(ON_LINKS) as (keyof typeof ON_LINKS)[],
];

/** A fault with its targets, and when it is due. */
export interface PlannedFault {
  /** Milliseconds from the beginning. */
  readonly atMs: number;
  /** What is done, to targets that are settled. */
  readonly action:
    | FaultStep
    | LinkFaultStep
    | PartitionStep
    | ResetStep
    | ClockSkewStep;
}

/**
 * What a nemesis does, and when: a fault each `everyMs`, of which each stands
 * `faultMs` and has ended by the end. A kill, crash or pause that would leave
 * fewer than `minAlive` servers is passed over.
 */
export function nemesisPlan(
  step: Omit<NemesisStep, "kind">,
  topology: Topology,
  random: Random,
): PlannedFault[] {
  const { everyMs, durationMs, faultMs, faults, minAlive } = step;
  const names = topology.servers.map(({ name }) => name);
  const downUntilMs = new Map<string, number>();
  const plan: PlannedFault[] = [];
  for (let atMs = 0; atMs + faultMs <= durationMs; atMs += everyMs) {
    const alive = names.filter((name) => (downUntilMs.get(name) ?? -1) < atMs);
    const fault = random.pick(faults);
    const isDown = DOWN.some((kind) => kind === fault);
    const isOfServers = isDown || fault === "clock_skew";
    if (isDown && alive.length <= minAlive) continue;
    if (!isOfServers && topology.links.length === 0) continue;
    const targets = isDown
      ? [random.pick(alive)]
      : isOfServers
      ? [random.pick(names)]
      : [random.pick(topology.links).join("-")];
    if (isDown) {
      // Who is started again needs a moment: it is not to be hit at once.
      downUntilMs.set(targets[0]!, atMs + 2 * faultMs);
    }
    plan.push({ atMs, action: actionOf(fault, targets, faultMs) });
  }
  return plan;

  function actionOf(
    fault: NemesisFault,
    targets: string[],
    durationMs: number,
  ): PlannedFault["action"] {
    switch (fault) {
      case "crash":
        return { kind: fault, servers: targets };
      case "kill":
      case "pause":
        return { kind: fault, servers: targets, durationMs };
      case "clock_skew":
        return { kind: fault, targets, ...SKEW, durationMs };
      case "reset":
        return { kind: fault, targets };
      case "partition": {
        const groups = shapeGroups(random.pick(SHAPES), topology, random);
        return { kind: fault, groups, durationMs };
      }
      default: {
        const setting = ON_LINKS[fault];
        return { kind: fault, fault: setting, targets, durationMs };
      }
    }
  }
}
