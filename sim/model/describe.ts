/**
 * What a step does, in one line for people.
 *
 * @module
 */
import { formatDuration } from "./duration.ts";
import type { Action, ServerList } from "./scenario.ts";

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
        ...(step.position === undefined ? [] : [`at ${step.position}`]),
        ...(step.on.length === 0
          ? []
          : [`on ${names(step.on)} within ${formatDuration(step.withinMs)}`]),
        ...(step.never.length === 0 ? [] : [
          `never on ${names(step.never)} for ${formatDuration(step.forMs)}`,
        ]),
      ].join(" ");
    case "expect-converged":
      return `expect converged on ${names(step.servers)} within ` +
        formatDuration(step.withinMs);
    case "wait":
      return `wait ${formatDuration(step.durationMs)}`;
    case "parallel":
      return `parallel, ${count(step.branches.length, "branch", "branches")}`;
    case "repeat":
      return `repeat ${count(step.times, "time")}`;
    case "load":
      return `load of ${step.ratePerSecond}/s for ` +
        `${formatDuration(step.durationMs)} by ` +
        `${count(step.clients, "client")} to ${names(step.to)}`;
    case "churn":
      return `churn of ${names(step.servers)} every ` +
        `${formatDuration(step.everyMs)} for ${
          formatDuration(step.durationMs)
        }`;
    case "random":
      return `random, ${count(step.count, "step")} of ${step.of.join(", ")}`;
    default:
      return `${step.kind} ${names(step.servers)}`;
  }
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
