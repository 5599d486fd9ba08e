/**
 * What a step does, in one line for people.
 *
 * @module
 */
import { formatDuration } from "../duration.ts";
import type { LinkFault } from "../faults/faults.ts";
import { standingText } from "../standing.ts";
import {
  type ClockSkewStep,
  type FaultFields,
  isFaultStep,
} from "./fault_types.ts";
import type { Action, ExpectAlwaysStep, ExpectFixStep } from "./scenario.ts";
import type { ServerList } from "../topology/topology.ts";

/**
 * A step in one line, in the words of its file.
 *
 * @example
 * ```ts
 * import { describeStep } from "./describe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(describeStep({ kind: "kill", servers: ["Powell"] }), "kill Powell");
 * ```
 */
export function describeStep(step: Action): string {
  if (isFaultStep(step)) {
    return `${step.kind} ${names(step.servers)}${lasting(step)}`;
  }
  switch (step.kind) {
    case "iamat":
      return `iamat ${step.client} ${step.position} to ${step.to}`;
    case "whatsat":
      return `whatsat ${step.client} ${step.radius} ${step.items} to ${step.to}`;
    case "send":
      return `send ${shorten(step.line)} to ${step.to}`;
    case "expect-fix":
      return [
        `expect ${step.client}`,
        ...fixWords(step),
        ...(step.on.length === 0
          ? []
          : [`on ${names(step.on)} within ${formatDuration(step.withinMs)}`]),
        ...(step.never.length === 0 ? [] : [
          `never on ${names(step.never)} for ${formatDuration(step.forMs)}`,
        ]),
      ].join(" ");
    case "expect-always":
      return [
        `always ${step.client}`,
        ...fixWords(step),
        `on ${names(step.on)} for ${formatDuration(step.forMs)}`,
      ].join(" ");
    case "expect-converged":
      return `expect converged on ${names(step.servers)} within ` +
        formatDuration(step.withinMs);
    case "expect-servers":
      return `expect ${names(step.servers)} ${standingText(step.standing)} ` +
        `within ${formatDuration(step.withinMs)}`;
    case "wait":
      return `wait ${formatDuration(step.durationMs)}`;
    case "places":
      return `places ${step.behaviour}${lasting(step)}`;
    case "phase":
      return `phase ${step.name}`;
    case "parallel":
      return `parallel, ${count(step.branches.length, "branch", "branches")}`;
    case "repeat":
      return `repeat ${count(step.times, "time")}`;
    case "load":
      return `load of ${step.ratePerSecond}/s for ` +
        `${formatDuration(step.durationMs)} by ` +
        `${count(step.clients, "client")} to ${names(step.to)}` +
        (step.whatsatShare === undefined
          ? ""
          : `, ${Math.round(step.whatsatShare * 100)}% of it questions`) +
        (step.isBackground ? ", in the background" : "");
    case "garbage":
      return `garbage of ${step.ratePerSecond}/s for ` +
        `${formatDuration(step.durationMs)} by ` +
        `${count(step.clients, "client")} to ${names(step.to)}` +
        (step.isBackground ? ", in the background" : "");
    case "greedy":
      return `greedy ${step.sends} for ${formatDuration(step.durationMs)} by ` +
        `${count(step.clients, "client")} each to ${names(step.to)}` +
        (step.isBackground ? ", in the background" : "");
    case "churn":
      return `churn of ${names(step.servers)} every ` +
        `${formatDuration(step.everyMs)} for ${
          formatDuration(step.durationMs)
        }`;
    case "nemesis":
      return `nemesis of ${step.faults.join(", ")} every ` +
        `${formatDuration(step.everyMs)} for ${
          formatDuration(step.durationMs)
        }`;
    case "heal":
      return `heal ${names(step.what)}`;
    case "partition": {
      const groups = step.groups.map(names).join(" | ");
      return `partition ${step.shape ?? groups}${lasting(step)}`;
    }
    case "reset":
    case "clock_skew":
      return [
        step.kind,
        ...(step.kind === "reset" ? [] : [skewText(step)]),
        `on ${names(step.targets)}${lasting(step)}`,
      ].join(" ");
    case "random":
      return `random, ${count(step.count, "step")} of ${step.of.join(", ")}`;
    default:
      return `${faultText(step.fault)} on ${names(step.targets)}` +
        lasting(step);
  }
}

/** Which fix of a client is expected, and whether a newer one does. */
function fixWords(
  { position, isExact, on }: ExpectFixStep | ExpectAlwaysStep,
): string[] {
  return [
    ...(position === undefined ? [] : [`at ${position}`]),
    ...(isExact
      ? ["exactly"]
      : position === undefined || on.length === 0
      ? []
      : ["or newer"]),
  ];
}

/** A fault in one line for people, without its targets. */
function faultText(fault: LinkFault): string {
  switch (fault.kind) {
    case "cut":
      return "cut";
    case "latency": {
      const { latencyMs, jitterMs, correlation, distribution } = fault;
      return [
        `latency of ${formatDuration(latencyMs)}`,
        ...(jitterMs === 0 ? [] : [`±${formatDuration(jitterMs)}`]),
        ...(jitterMs === 0 ? [] : [distribution]),
        ...(correlation === 0 ? [] : [`correlated by ${correlation * 100}%`]),
      ].join(" ");
    }
    case "bandwidth":
      return `bandwidth of ${fault.bytesPerSecond} bytes/s`;
    case "slicer":
      return `slicer of ${fault.averageBytes} ±${fault.variationBytes} bytes ` +
        `every ${formatDuration(fault.delayMs)}`;
    case "limit_data":
      return `limit_data of ${count(fault.bytes, "byte")}`;
    case "slow_close":
      return `slow_close of ${formatDuration(fault.delayMs)}`;
    case "timeout":
      return `timeout of ${formatDuration(fault.timeoutMs)}`;
    default: {
      const { kind, percent, nth, lines } = fault;
      const which = nth === undefined ? `${percent ?? 100}%` : `number ${nth}`;
      return `${kind} of ${which} of ${lines ?? "all"} lines`;
    }
  }
}

function skewText({ offsetMs, driftPpm }: ClockSkewStep): string {
  const sign = offsetMs < 0 ? "-" : "+";
  return [
    ...(offsetMs === 0
      ? []
      : [`of ${sign}${formatDuration(Math.abs(offsetMs))}`]),
    ...(driftPpm === 0 ? [] : [`by ${driftPpm}ppm`]),
  ].join(" ");
}

function lasting({ mode = "all", durationMs }: FaultFields): string {
  const some = typeof mode === "string"
    ? mode === "one" ? ", one of them" : ""
    : "fixed" in mode
    ? `, ${mode.fixed} of them`
    : `, ${mode.percent}% of them`;
  const time = durationMs === undefined
    ? ""
    : ` for ${formatDuration(durationMs)}`;
  return some + time;
}

/** A number of things: `1 client`, `2 clients`, `2 branches`. */
export function count(
  number: number,
  one: string,
  many: string = `${one}s`,
): string {
  return `${number} ${number === 1 ? one : many}`;
}

function names(list: ServerList): string {
  return list.join(", ");
}

const LINE_SHOWN_MAX = 60;

function shorten(line: string): string {
  const shown = JSON.stringify(line);
  return shown.length <= LINE_SHOWN_MAX
    ? shown
    : `${shown.slice(0, LINE_SHOWN_MAX)}…"`;
}
